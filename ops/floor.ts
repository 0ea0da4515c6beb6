import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = the largest integer that is at most x; constant in pieces */
export const Floor: Primitive<One> = elementwise("floor", {
  formula: s.floor,
  derivative: null,
  dtype: "same",
  domain: [0.1, 0.9],
  samples: (draw) => [{ x: [draw.uniform([2, 3], -1.9, -1.1)], params: undefined }],
  kinks: [{ x: 1, derivative: 0, because: "a jump has no slope; on both sides it is 0" }],
  latex: (x) => `\\left\\lfloor ${x}\\right\\rfloor`,
});

/** The largest integer that is at most x, as a float where x is one; int32 stays int32. Its derivative is 0. */
export function floor(x: TensorLike): Tensor {
  return unary(Floor, x);
}
