/** Functions that are an instruction or two, and exact or rounded once: as JavaScript's, to the bit. */
import { v128 } from "../encoder/index.ts";
import { ofOne, ofTwo, type VectorFunction } from "./function.ts";

// Of float32 these are the same as in float64 with the result rounded: 53 bits are at least 2 * 24 + 2 (S. A. Figueroa,
// "When is double rounding innocuous?", ACM SIGNUM Newsletter 30 (3), 1995).
export const add: VectorFunction = ofTwo(({ float }, _, x, y) => float.add(x, y));
export const sub: VectorFunction = ofTwo(({ float }, _, x, y) => float.sub(x, y));
export const mul: VectorFunction = ofTwo(({ float }, _, x, y) => float.mul(x, y));
export const div: VectorFunction = ofTwo(({ float }, _, x, y) => float.div(x, y));
export const sqrt: VectorFunction = ofOne(({ float }, _, x) => float.sqrt(x));

// NaN if either is; -0 is below 0.
export const max: VectorFunction = ofTwo(({ float }, _, x, y) => float.max(x, y));
export const min: VectorFunction = ofTwo(({ float }, _, x, y) => float.min(x, y));

export const neg: VectorFunction = ofOne(({ float }, _, x) => float.neg(x));
export const abs: VectorFunction = ofOne(({ float }, _, x) => float.abs(x));
export const floor: VectorFunction = ofOne(({ float }, _, x) => float.floor(x));
export const ceil: VectorFunction = ofOne(({ float }, _, x) => float.ceil(x));
export const round: VectorFunction = ofOne(({ float }, _, x) => float.nearest(x));
export const trunc: VectorFunction = ofOne(({ float }, _, x) => float.trunc(x));

/** Zeros and NaN are their own signs. */
export const sign: VectorFunction = ofOne(({ float, all, signBit }, _, x) =>
  v128.select(v128.or(v128.and(x, signBit), all(1)), x, float.gt(float.abs(x), all(0))),
);
