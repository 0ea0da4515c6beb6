import type { ScalarFunction } from "../../../../graph/lowering.ts";
import * as s from "../../scalar.ts";
import * as a from "./arithmetic.ts";
import * as c from "./comparison.ts";
import type { VectorFunction } from "./function.ts";
const fnOf = (e: unknown): ScalarFunction => (e as { fn: ScalarFunction }).fn;
const T = new Map<ScalarFunction, VectorFunction>([
  [fnOf(s.add(1,1)), a.add],[fnOf(s.sub(1,1)), a.sub],[fnOf(s.mul(1,1)), a.mul],[fnOf(s.div(1,1)), a.div],[fnOf(s.sqrt(1)), a.sqrt],[fnOf(s.max(1,1)), a.max],[fnOf(s.min(1,1)), a.min],[fnOf(s.neg(1)), a.neg],[fnOf(s.abs(1)), a.abs],[fnOf(s.sign(1)), a.sign],
  [fnOf(s.eq(1,1)), c.eq],[fnOf(s.ne(1,1)), c.ne],[fnOf(s.lt(1,1)), c.lt],[fnOf(s.le(1,1)), c.le],
]);
export function vectorFunctionOf(fn: ScalarFunction): VectorFunction | null { return T.get(fn) ?? null; }
export * from "./function.ts";
export * from "./width.ts";
