/** Runs an example, away from the page: whatever it does, the page goes on, and can end it. */
import type { FromWorker, ToWorker } from "./messages.ts";
import { modulesFor } from "./modules.ts";
import { certificateOf, type Exports, partsOf, tapeOf } from "./parts.ts";
import { logged, MOST_LINES } from "./shown.ts";
import { codeErrorOf, moduleOf, transpiled } from "./transpile.ts";

/** The few things of a worker's own that are needed here; the page's types have none. */
const worker = globalThis as typeof globalThis & { postMessage(message: FromWorker): void };

let code = "";
let exports: Exports = {};

worker.addEventListener("message", (event: MessageEvent<ToWorker>) => {
  answer(event.data).catch((error: unknown) =>
    worker.postMessage({ kind: "error", error: codeErrorOf(error) }),
  );
});
worker.addEventListener("unhandledrejection", (event) => {
  worker.postMessage({ kind: "error", error: codeErrorOf(event.reason) });
});

async function answer(message: ToWorker): Promise<void> {
  if (message.kind === "tape") {
    worker.postMessage({ kind: "tape", tape: tapeOf(exports, message.isBeside ? null : code) });
  } else if (message.kind === "certificate") {
    worker.postMessage({ kind: "certificate", certificate: await certificateOf(exports) });
  } else {
    code = message.code;
    exports = await ran(code);
    worker.postMessage({ kind: "ran", parts: partsOf(exports) });
  }
}

async function ran(text: string): Promise<Exports> {
  const js = transpiled(text);
  const require = await modulesFor(js);
  const url = URL.createObjectURL(new Blob([moduleOf(js)], { type: "text/javascript" }));
  const module = (await import(/* @vite-ignore */ url)) as { default: Program };
  URL.revokeObjectURL(url);
  const made: Record<string, unknown> = {};
  await module.default(require, made, consoleOf());
  return made;
}

type Program = (require: (name: string) => object, exports: object, log: object) => Promise<void>;

/** A console that writes on the page. Lines go out one by one, since the next may never come. */
function consoleOf(): object {
  let count = 0;
  const write = (...values: readonly unknown[]): void => {
    count++;
    if (count > MOST_LINES) return;
    const line = count === MOST_LINES ? "… (no more is shown)" : logged(values);
    worker.postMessage({ kind: "lines", lines: [line] });
  };
  return { log: write, info: write, warn: write, error: write, debug: write, table: write };
}

worker.postMessage({ kind: "ready" });
