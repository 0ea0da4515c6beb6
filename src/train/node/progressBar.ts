import type { TrainingStep } from "../result.ts";

/** Shows how far training has come. */
export interface ProgressBar {
  show(step: TrainingStep): void;
  /** Draw it a last time, and leave the terminal as it was. */
  end(): void;
}

/**
 * A bar on a terminal, where `cli-progress` is installed; nothing at all where it is not, or where nobody looks: into a
 * file or a pipe.
 */
export async function progressBar(stream: NodeJS.WriteStream = process.stderr): Promise<ProgressBar> {
  const progress = stream.isTTY === true ? await cliProgress() : null;
  if (progress === null) return SILENT;
  const bar = new progress.SingleBar({
    stream,
    format: "{bar} {value} / {total} | epoch {epoch} | loss {loss} | val {val} | {eta_formatted}",
    hideCursor: null,
    linewrap: null,
    // Ctrl-C is our own business: a step has to be finished, and saved.
    gracefulExit: false,
  });
  let val = "-";
  return {
    show({ iteration, iterations, epoch, epochs, loss, accuracy }) {
      if (accuracy !== null) val = accuracy.val.toFixed(3);
      const told = { epoch: `${epoch} / ${epochs}`, loss: loss.toPrecision(4), val };
      if (bar.isActive) bar.update(iteration, told);
      else bar.start(iterations, iteration, told);
    },
    end: () => bar.stop(),
  };
}

const SILENT: ProgressBar = Object.freeze({ show: () => undefined, end: () => undefined });

async function cliProgress(): Promise<typeof import("cli-progress") | null> {
  try {
    return await import("cli-progress");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
}
