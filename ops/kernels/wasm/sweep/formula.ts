/** Formulas of an op as terms of a walk. */
import type { Scalar } from "../../../../graph/lowering.ts";
import { SELECT } from "../../scalar.ts";
import { exactnessOf } from "../math/exact.ts";
import type { FloatType, Term } from "./sweep.ts";

/** What stands at the ends of a formula. */
export interface Leaves {
  readonly inputs: readonly Term[];
  parameter(name: string): Term;
  constant(value: number): Term;
}

/** @param among in which dtype it is computed; what is of another is converted, once */
export function termOf(formula: Scalar, among: FloatType, { inputs, parameter, constant }: Leaves): Term {
  const terms = new Map<Scalar, Term>();
  const numbers = new Map<Term, Term>();
  const termFor = (e: Scalar): Term => remembered(terms, e, () => made(e));
  const numberFor = (e: Scalar): Term => {
    const term = termFor(e);
    return remembered(numbers, term, () => asDType(term, among));
  };
  const made = (e: Scalar): Term => {
    if (e.kind === "constant") return constant(e.value);
    if (e.kind === "parameter") return parameter(e.name);
    if (e.kind === "input") return inputs[e.index]!;
    if (e.fn === SELECT) {
      const [c, a, b] = e.args as [Scalar, Scalar, Scalar];
      // A condition is truth, or a number that is not 0.
      const args = [asDType(termFor(c), "bool"), numberFor(a), numberFor(b)] as const;
      return { kind: "select", args, dtype: among };
    }
    const dtype = exactnessOf(e.fn) === "truth" ? "bool" : among;
    return { kind: "call", fn: e.fn, args: e.args.map(numberFor), dtype, among };
  };
  return termFor(formula);
}

/** A formula and all that it is made of, each part once. */
export function subformulas(formula: Scalar): Scalar[] {
  const parts = new Set([formula]);
  for (const e of parts) if (e.kind === "call") for (const arg of e.args) parts.add(arg);
  return [...parts];
}

export function asDType(term: Term, dtype: FloatType | "bool"): Term {
  return term.dtype === dtype ? term : { kind: "convert", of: term, dtype };
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = make();
  known.set(key, value);
  return value;
}
