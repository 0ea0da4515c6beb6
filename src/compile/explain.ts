/** What a compiled function does, loop by loop, as text. */
import {
  type Access,
  type Buffer,
  childrenOf,
  type Fold,
  rootsOf,
  type Sweep,
  type Term,
  termsOf,
} from "../../ops/kernels/wasm/sweep/sweep.ts";
import type { Entry } from "./compile.ts";
import type { Lowered, LoweredStep } from "./lower/lower.ts";

/**
 * The steps in their order. A sweep is one walk over a domain: everything in it is fused. Sweeps that are indented
 * alike below one heading are walked together, a row at a time.
 */
export function explained({ executable }: Entry): string {
  const { lowered } = executable;
  const { steps, heirs, bytes } = lowered;
  const nodes = Object.values(lowered.program.nodes).filter(({ op }) => op !== null).length;
  const inPlace = heirs.filter(({ isInPlace }) => isInPlace).length;
  const head = `${nodes} ops in ${steps.length} step${steps.length === 1 ? "" : "s"}, ${bytes} bytes of memory${
    heirs.length === 0 ? "" : `; ${heirs.length} results take the place of inputs, ${inPlace} of them at once`
  }`;
  return `${[head, ...steps.map((step, k) => `${k + 1}. ${stepText(step, lowered)}`)].join("\n")}\n`;
}

function stepText(step: LoweredStep, { names }: Lowered): string {
  const named = (buffer: Buffer): string => names.get(buffer) ?? "?";
  if (step.kind === "kernel") {
    const x = step.x.map(({ buffer }) => named(buffer)).join(", ");
    return `${named(step.y)} = ${step.node.op!.name}(${x}), by its own kernel: ${step.because}`;
  }
  if (step.kind === "product") {
    const [a, b] = [step.a, step.b].map(
      ({ buffer, transposed }) => `${named(buffer)}${transposed ? "ᵀ" : ""}`,
    );
    const { m, k, n } = step.sizes;
    return `${named(step.y)} = ${a} ${b}, a product [${m}, ${k}] by [${k}, ${n}]`;
  }
  const { nest } = step;
  const first = nest[0]!;
  if (nest.length === 1) return sweepText(first, named, "");
  const rows = `together, row by row of ${first.sizes[0]}:`;
  return [rows, ...nest.map((sweep) => `   - ${sweepText(sweep, named, "     ")}`)].join("\n");
}

function sweepText(sweep: Sweep, named: (buffer: Buffer) => string, indent: string): string {
  const domain = sweep.sizes.length === 0 ? "one number" : `[${sweep.sizes.join(", ")}]`;
  const text = new Spelling(sweep, named);
  const lines = [
    ...sweep.stores.map(({ term, to }) => `${named(to.buffer)} = ${text.of(term)}`),
    ...sweep.folds.map((fold) => `${named(fold.to.buffer)} = ${foldText(fold, text)}`),
  ];
  return [`over ${domain}:`, ...[...text.shared(), ...lines].map((line) => `${indent}   ${line}`)].join("\n");
}

function foldText({ combine, divisor, to, term }: Fold, text: Spelling): string {
  const axes = to.strides.flatMap((stride, axis) => (stride === 0 ? [axis] : []));
  const name = divisor === 1 ? { add: "sum", max: "max", min: "min" }[combine] : "mean";
  return `${name} along ${axes.length === 1 ? "axis" : "axes"} ${axes.join(", ")} of ${text.of(term)}`;
}

const INFIX: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  lt: "<",
  le: "<=",
  eq: "==",
  ne: "!=",
};

/** Formulas, with names for what is used several times. */
class Spelling {
  readonly #named: (buffer: Buffer) => string;
  readonly #names = new Map<Term, string>();
  readonly #lines: string[] = [];

  constructor(sweep: Sweep, named: (buffer: Buffer) => string) {
    this.#named = named;
    const roots = rootsOf(sweep);
    const uses = new Map<Term, number>();
    const terms = termsOf(roots);
    for (const child of [...terms.flatMap(childrenOf), ...roots]) uses.set(child, (uses.get(child) ?? 0) + 1);
    for (const term of terms) {
      if (uses.get(term)! < 2 || term.kind === "load" || term.kind === "constant") continue;
      const line = this.of(term);
      const name = `t${this.#names.size + 1}`;
      this.#names.set(term, name);
      this.#lines.push(`${name} = ${line}`);
    }
  }

  /** What is used several times, a line each. */
  shared(): readonly string[] {
    return this.#lines;
  }

  of(term: Term): string {
    const known = this.#names.get(term);
    if (known !== undefined) return known;
    switch (term.kind) {
      case "load":
        return this.#access(term.access);
      case "constant":
        return `${Number(term.value.toPrecision(6))}`;
      case "convert":
        return `${term.dtype}(${this.of(term.of)})`;
      case "select": {
        const [c, a, b] = term.args;
        return `(${this.of(c)} ? ${this.of(a)} : ${this.of(b)})`;
      }
      case "call": {
        const args = term.args.map((arg) => this.of(arg));
        const sign = INFIX[term.fn.name];
        return sign !== undefined && args.length === 2
          ? `(${args.join(` ${sign} `)})`
          : `${term.fn.name}(${args.join(", ")})`;
      }
    }
  }

  /** The buffer, and which axes of the domain it is looked up by. */
  #access({ buffer, strides, start }: Access): string {
    const axes = strides.flatMap((stride, axis) => (stride === 0 ? [] : [axis]));
    const isAll = axes.length === strides.length && start === 0;
    return `${this.#named(buffer)}${isAll || strides.length === 0 ? "" : `[${axes.map((axis) => "ijklmn"[axis] ?? axis).join(",")}]`}`;
  }
}
