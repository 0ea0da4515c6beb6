import type { TapeDocument } from "wengert/explore";
import type { Certificate, CodeError, FromWorker, Part, ToWorker } from "./messages.ts";

export interface RunnerEvents {
  onLines?(lines: readonly string[]): void;
  onRan?(parts: readonly Part[]): void;
  onError?(error: CodeError): void;
  onTape?(tape: TapeDocument): void;
  onCertificate?(certificate: Certificate): void;
}

/**
 * Runs one example at a time, in a worker. A new run, or `stop`, ends the old one whatever it is doing: it may be in a
 * loop that never ends, so it is not asked.
 */
export class Runner {
  readonly #events: RunnerEvents;
  #worker: Worker | null = null;
  /** Loaded, and waiting for the next run: starting one takes longer than most examples. */
  #spare: Worker | null = null;

  constructor(events: RunnerEvents) {
    this.#events = events;
  }

  run(code: string): void {
    this.#worker?.terminate();
    const worker = this.#spare ?? newWorker();
    this.#spare = null;
    this.#worker = worker;
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.#hear(event.data);
    worker.onerror = (event) => this.#events.onError?.({ message: event.message, line: null });
    this.#tell({ kind: "run", code });
  }

  ask(part: Part, isBeside = false): void {
    this.#tell(part === "tape" ? { kind: "tape", isBeside } : { kind: "certificate" });
  }

  /** End what runs. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** End all. */
  dispose(): void {
    this.stop();
    this.#spare?.terminate();
    this.#spare = null;
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #hear(message: FromWorker): void {
    if (message.kind === "lines") this.#events.onLines?.(message.lines);
    else if (message.kind === "error") this.#events.onError?.(message.error);
    else if (message.kind === "tape") this.#events.onTape?.(message.tape);
    else if (message.kind === "certificate") this.#events.onCertificate?.(message.certificate);
    else if (message.kind === "ran") {
      this.#spare ??= newWorker();
      this.#events.onRan?.(message.parts);
    }
  }
}

function newWorker(): Worker {
  return new Worker(new URL("./example.worker.ts", import.meta.url), { type: "module" });
}
