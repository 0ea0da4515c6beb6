import type { Scalar } from "../../../graph/index.ts";
import { subformulas } from "../../../ops/kernels/wasm/sweep/formula.ts";

/** About how many instructions a formula takes. */
export function weightOf(formula: Scalar): number {
  return subformulas(formula).reduce(
    (sum, e) => sum + (e.kind === "call" ? (WEIGHTS[e.fn.name] ?? DEAREST) : 0),
    0,
  );
}

const DEAREST = 20;

/** By name, since they are only a measure: a wrong one makes code slower, never wrong. */
const WEIGHTS: Readonly<Record<string, number>> = {
  add: 1,
  sub: 1,
  mul: 1,
  neg: 1,
  abs: 1,
  max: 1,
  min: 1,
  eq: 1,
  ne: 1,
  lt: 1,
  le: 1,
  select: 1,
  floor: 1,
  ceil: 1,
  round: 1,
  trunc: 1,
  sign: 3,
  div: 4,
  sqrt: 4,
};
