/** Shows how far an experiment has come: a bar on a terminal, nothing elsewhere. */
export interface Progress {
  show(label: string, done: number, of: number): void;
  end(): void;
}

const SILENT: Progress = Object.freeze({ show: () => undefined, end: () => undefined });

/** A bar where `cli-progress` is installed and somebody looks. */
export async function progress(stream: NodeJS.WriteStream = process.stderr): Promise<Progress> {
  if (stream.isTTY !== true) return SILENT;
  const loaded = await import("cli-progress").catch(() => null);
  if (loaded === null) return SILENT;
  const bar = new loaded.SingleBar({
    stream,
    format: "{label} {bar} {value} / {total} | {duration_formatted}",
    clearOnComplete: true,
  });
  return {
    show(label, done, of) {
      if (bar.isActive) bar.update(done, { label });
      else bar.start(of, done, { label });
      if (done === of) bar.stop();
    },
    end: () => bar.stop(),
  };
}
