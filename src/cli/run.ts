import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { columns, WengertError } from "../../graph/index.ts";
import { certify } from "./certify.ts";
import { type Command, UsageError } from "./command.ts";
import { cs231n } from "./cs231n.ts";
import { demo } from "./demo.ts";
import { derive } from "./derive.ts";
import { nearest } from "./nearest.ts";
import { ops } from "./ops.ts";
import { ThrownError } from "./subject.ts";
import { tape } from "./tape.ts";
import type { Terminal } from "./terminal.ts";

const COMMANDS: readonly Command[] = [demo, tape, certify, ops, derive, cs231n];

/**
 * The command line `wengert ...argv`.
 *
 * @returns the exit code: 0, or 1 where something disagrees or fails, or 2 where the command line makes no sense
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [word, ...args] = argv;
  try {
    if (word === "--version" || word === "-v") {
      terminal.out(version());
      return 0;
    }
    if (word === "--help" || word === "-h" || word === "help") {
      const [about] = args;
      terminal.out(about === undefined ? help() : helpOn(commandNamed(about)));
      return 0;
    }
    if (word === undefined) throw new UsageError(`a command is needed: ${names().join(", ")}`);
    const command = commandNamed(word);
    if (args.includes("--help") || args.includes("-h")) {
      terminal.out(helpOn(command));
      return 0;
    }
    return await command.run(args, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      // One line, whatever was typed.
      const message = error.message.replace(/\p{Cc}+/gu, " ");
      terminal.error(`wengert: ${message} (see wengert --help)`);
      return 2;
    }
    if (
      error instanceof WengertError ||
      error instanceof ThrownError ||
      (error instanceof Error && "syscall" in error)
    ) {
      // An op's own words, a user's function's, or the system's: a file that could not be written.
      terminal.error(`wengert: ${error.message}`);
      return 1;
    }
    throw error;
  }
}

/** @throws UsageError, with the commands that may have been meant */
function commandNamed(word: string): Command {
  const command = COMMANDS.find(({ name }) => name === word);
  if (command !== undefined) return command;
  const [near] = nearest(word, names());
  throw new UsageError(
    word.startsWith("-")
      ? `unknown option '${word}'`
      : `there is no command '${word}'; ${near === undefined ? `there are ${names().join(", ")}` : `did you mean ${near}?`}`,
  );
}

function names(): string[] {
  return COMMANDS.map(({ name }) => name);
}

function help(): string {
  const rows = COMMANDS.map(({ name, usage, summary }) => [`  wengert ${name} ${usage}`, summary]);
  return [
    "wengert: automatic differentiation on a tape, and proof that the gradients are right",
    "",
    ...columns([...rows, ["  wengert help COMMAND", "its options"], ["  wengert --version", ""]]),
    "",
    "Exit codes: 0 all agrees, 1 something does not, 2 the command line makes no sense.",
  ].join("\n");
}

function helpOn({ name, usage, summary, options }: Command): string {
  return [
    `wengert ${name} ${usage}`,
    `  ${summary}`,
    "",
    ...columns(options.map((row) => ["  ", ...row])),
  ].join("\n");
}

/** The package knows itself by name, wherever it is installed and whether it runs from sources or from the build. */
function version(): string {
  const file = createRequire(import.meta.url).resolve("wengert/package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
