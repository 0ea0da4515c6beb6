/** What became of a compiled function, for whoever wants to know why it is slow. */
import type { Program } from "../../graph/index.ts";
import type { Entry } from "./compile.ts";
import { difference } from "./template.ts";

export interface CompileStats {
  readonly calls: number;
  /** How often f was traced: once for each kind of arguments. */
  readonly traces: number;
  /** For each trace after the first, which argument had changed, and how. */
  readonly retraces: readonly string[];
  /** Of the kind of arguments that was traced last. */
  readonly nodes: number;
  readonly loops: number;
  readonly products: number;
  /** Ops that run by their own kernels, and why. */
  readonly kernels: readonly { readonly op: string; readonly because: string }[];
  /** Tensors that f read from outside: what they were at the trace is what they are. */
  readonly constants: readonly string[];
  /** Memory that all kinds of arguments take together. */
  readonly bytes: number;
}

/** After so many traces for the same argument there is a warning. */
const MANY = 8;

export class Counts {
  calls = 0;
  readonly #name: string;
  readonly #retraces: string[] = [];
  readonly #byPath = new Map<string, number>();

  constructor(name: string) {
    this.#name = name === "" ? "f" : name;
  }

  traced(entry: Entry, before: Entry | null): void {
    if (before === null) return;
    const found = difference(before.template, entry.template);
    if (found === null) return;
    const path = found.path === "" ? "the inputs" : `input ${found.path}`;
    this.#retraces.push(`${path}: ${found.before}, then ${found.now}`);
    const times = (this.#byPath.get(path) ?? 0) + 1;
    this.#byPath.set(path, times);
    if (times === MANY) {
      warn(
        `compile: ${this.#name} has been traced ${times + 1} times, because ${path} keeps changing ` +
          `(${found.before}, then ${found.now}); each kind of arguments is compiled anew: pad to one shape, or leave this one uncompiled`,
      );
    }
  }

  withoutVectors(): void {
    if (saidWithoutVectors) return;
    saidWithoutVectors = true;
    warn("compile: there is no WebAssembly with 128-bit vectors here; functions run as they are, uncompiled");
  }

  stats(entries: readonly Entry[]): CompileStats {
    const last = entries[entries.length - 1];
    const steps = last?.executable.lowered.steps ?? [];
    return {
      calls: this.calls,
      traces: entries.length,
      retraces: [...this.#retraces],
      nodes: last === undefined ? 0 : Object.keys(last.simplification.after.nodes).length,
      loops: steps.reduce((n, step) => n + (step.kind === "sweeps" ? step.nest.length : 0), 0),
      products: steps.filter(({ kind }) => kind === "product").length,
      kernels: steps.flatMap((step) =>
        step.kind === "kernel" ? [{ op: step.node.op!.name, because: step.because }] : [],
      ),
      constants: last === undefined ? [] : constantsOf(last.simplification.before),
      bytes: entries.reduce((sum, { executable }) => sum + executable.region.bytes, 0),
    };
  }
}

/** Numbers without a name are most likely ones that are written in the formula. */
function constantsOf({ nodes, inputs }: Program): string[] {
  const found = new Map<unknown, string>();
  for (const [id, { op, name, dtype, shape, value }] of Object.entries(nodes)) {
    if (op !== null || inputs.includes(Number(id)) || (name === null && shape.length === 0)) continue;
    found.set(value.storage, `${name === null ? "" : `${name}: `}${dtype}[${shape}]`);
  }
  return [...found.values()];
}

let saidWithoutVectors = false;

/** For tests: say it again. */
export function forgetWarnings(): void {
  saidWithoutVectors = false;
}

function warn(message: string): void {
  (globalThis as { readonly console?: { warn(text: string): void } }).console?.warn(message);
}
