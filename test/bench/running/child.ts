import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type Answers, MARK, type Refused, type Request } from "./task.ts";

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How much of what a process complained of is kept, to be shown when it fails. */
const KEPT = 2000;

/** A process that answers one request at a time. One that fails or is too slow is ended, and begun anew when asked. */
export class Child {
  readonly #command: Command;
  #process: ChildProcessWithoutNullStreams | null = null;
  #settle: ((line: string | null) => void) | null = null;
  #complaints = "";

  constructor(command: Command) {
    this.#command = command;
  }

  /** @param limit seconds: after that it is taken for dead */
  async ask<K extends Request["do"]>(
    request: Request & { readonly do: K },
    limit: number,
  ): Promise<Answers[K] | Refused> {
    const child = this.#process ?? this.#start();
    let timer: NodeJS.Timeout | undefined;
    const line = await new Promise<string | null>((resolve) => {
      this.#settle = resolve;
      timer = setTimeout(() => {
        this.#complaints = `no answer within ${limit} s`;
        this.end();
        resolve(null);
      }, 1000 * limit);
      child.stdin.write(`${JSON.stringify(request)}\n`);
    });
    clearTimeout(timer);
    this.#settle = null;
    if (line !== null) return JSON.parse(line);
    return { ok: false, kind: "failed", why: lastLines(this.#complaints) };
  }

  end(): void {
    this.#process?.kill("SIGKILL");
    this.#process = null;
  }

  #start(): ChildProcessWithoutNullStreams {
    const { file, args, env } = this.#command;
    const child = spawn(file, [...args], { env: { ...process.env, ...env } });
    this.#process = child;
    this.#complaints = "";
    const gone = (why: string): void => {
      if (this.#process !== child) return;
      this.#process = null;
      this.#complaints ||= why;
      this.#settle?.(null);
    };
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith(MARK)) this.#settle?.(line.slice(MARK.length));
    });
    child.stderr.on("data", (text: Buffer) => {
      this.#complaints = (this.#complaints + text.toString()).slice(-KEPT);
    });
    // A pipe to a process that has just died.
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => gone(error.message));
    child.on("close", (code, signal) => gone(`the process ended (${signal ?? `code ${code}`})`));
    return child;
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join(" / ");
}
