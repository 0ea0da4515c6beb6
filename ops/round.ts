import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = the integer nearest to x, the even one of two; constant in pieces */
export const Round: Primitive<One> = elementwise("round", {
  formula: s.round,
  derivative: null,
  dtype: "same",
  domain: [0.6, 1.4],
  samples: (draw) => [{ x: [draw.uniform([2, 3], -1.4, -0.6)], params: undefined }],
  kinks: [{ x: 0.5, derivative: 0, because: "a jump has no slope; on both sides it is 0" }],
  latex: (x) => `\\left\\lfloor ${x}\\right\\rceil`,
});

/** The nearest integer, the even one of two that are equally near (NumPy's rule: 0.5 to 0, 1.5 to 2), as a float where x is one; int32 stays int32. Its derivative is 0. */
export function round(x: TensorLike): Tensor {
  return unary(Round, x);
}
