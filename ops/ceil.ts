import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = the smallest integer that is at least x; constant in pieces */
export const Ceil: Primitive<One> = elementwise("ceil", {
  formula: s.ceil,
  derivative: null,
  dtype: "same",
  domain: [0.1, 0.9],
  samples: (draw) => [{ x: [draw.uniform([2, 3], -1.9, -1.1)], params: undefined }],
  kinks: [{ x: 1, derivative: 0, because: "a jump has no slope; on both sides it is 0" }],
  latex: (x) => `\\left\\lceil ${x}\\right\\rceil`,
});

/** The smallest integer that is at least x, as a float where x is one; int32 stays int32. Its derivative is 0. */
export function ceil(x: TensorLike): Tensor {
  return unary(Ceil, x);
}
