/** Comparisons, which give masks, and the choice that takes one. */
import { v128 } from "../encoder/index.ts";
import { maskOf, numbersOf, ofTwo, type VectorFunction } from "./function.ts";

export const eq: VectorFunction = ofTwo(({ float }, _, x, y) => float.eq(x, y));
export const ne: VectorFunction = ofTwo(({ float }, _, x, y) => float.ne(x, y));
export const lt: VectorFunction = ofTwo(({ float }, _, x, y) => float.lt(x, y));
export const le: VectorFunction = ofTwo(({ float }, _, x, y) => float.le(x, y));

export const select: VectorFunction = {
  emit: (width, _, [condition, x, y]) =>
    v128.select(numbersOf(width, x!), numbersOf(width, y!), maskOf(width, condition!)),
};
