/** Which functions on vectors give what JavaScript's do, to the bit. */
import type { ScalarFunction } from "../../../../graph/lowering.ts";
import * as s from "../../scalar.ts";
import { called } from "./index.ts";

/**
 * What the result of a function is, of float64 or of float32 arguments alike.
 *
 * "choice": one of its arguments, or that with another sign. To round before it is the same as to round after it.
 * "whole": a number that needs no more digits than the argument had.
 * "rounded": the exact result, rounded; from float32 arguments it is the same rounded once as rounded twice, by way
 * of float64.
 * "truth": yes or no.
 */
export type Exactness = "choice" | "whole" | "rounded" | "truth";

const EXACT: ReadonlyMap<ScalarFunction, Exactness> = new Map<ScalarFunction, Exactness>([
  [s.MAX, "choice"],
  [s.MIN, "choice"],
  [s.SELECT, "choice"],
  [called(s.neg(0)), "choice"],
  [called(s.abs(0)), "choice"],
  [called(s.sign(0)), "whole"],
  [called(s.floor(0)), "whole"],
  [called(s.ceil(0)), "whole"],
  [called(s.round(0)), "whole"],
  [called(s.trunc(0)), "whole"],
  [s.ADD, "rounded"],
  [called(s.sub(0, 0)), "rounded"],
  [s.MUL, "rounded"],
  [s.DIV, "rounded"],
  [called(s.sqrt(0)), "rounded"],
  [called(s.remainder(0, 0)), "rounded"],
  [called(s.floorDivide(0, 0)), "rounded"],
  [s.EQ, "truth"],
  [called(s.ne(0, 0)), "truth"],
  [called(s.lt(0, 0)), "truth"],
  [called(s.le(0, 0)), "truth"],
]);

/** null for a function whose results depend on how it is computed: `exp`, say, or one of the user's own. */
export function exactnessOf(fn: ScalarFunction): Exactness | null {
  return EXACT.get(fn) ?? null;
}
