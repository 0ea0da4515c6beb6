import { constants } from "node:os";

/** What listens for Ctrl-C, and for being asked to end, until it is told to stop. */
export interface Listening {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Which it was; null while there was none. */
  received(): NodeJS.Signals | null;
  /** Listen no more: signals do again what they did before. */
  end(): void;
}

/**
 * Listen for SIGINT and SIGTERM. The first aborts; a second ends the process at once, as the shell expects of one that
 * a signal ended: with 128 and the signal's number.
 *
 * @param onFirst is told which came first, when it does
 */
export function stopOnSignals(onFirst: (signal: NodeJS.Signals) => void): Listening {
  const controller = new AbortController();
  let first: NodeJS.Signals | null = null;
  const listener = (signal: NodeJS.Signals): void => {
    if (first !== null) process.exit(exitCodeOf(signal));
    first = signal;
    controller.abort();
    onFirst(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    signal: controller.signal,
    received: () => first,
    end() {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];

export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
