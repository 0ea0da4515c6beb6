import { type ParseArgsConfig, parseArgs } from "node:util";
import type { Terminal } from "./terminal.ts";

/** One word after `wengert`. */
export interface Command {
  readonly name: string;
  /** What follows the name: `OP [--seed N]`. */
  readonly usage: string;
  readonly summary: string;
  /** A line for each option. */
  readonly options: readonly (readonly [option: string, what: string])[];
  /** Does it, and returns the exit code. */
  run(args: readonly string[], terminal: Terminal): number | Promise<number>;
}

/** A command line that does not make sense: one line says why, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * `parseArgs` in our words.
 *
 * @throws UsageError where an option is unknown or lacks its value
 */
export function parsed<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [, ambiguous] = /^Option '(?:-\w, )?(--[\w-]+).*' argument is ambiguous/.exec(error.message) ?? [];
    if (ambiguous !== undefined) {
      throw new UsageError(
        `${ambiguous} takes a value; one that begins with '-' is written ${ambiguous}=VALUE`,
      );
    }
    // Node adds advice in a second sentence and in further lines.
    const [first = error.message] = error.message.split(/\. |\n/);
    throw new UsageError(first[0]!.toLowerCase() + first.slice(1).replace(/\.$/, ""));
  }
}

/** @throws UsageError unless the option is a whole number >= 0 that a number holds exactly. */
export function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new UsageError(`${option} must be a whole number from 0 to 2^53 - 1, got '${text}'`);
  }
  return value;
}
