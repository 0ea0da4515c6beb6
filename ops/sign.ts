import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = -1, 0 or 1, as x is negative, zero or positive; constant in pieces */
export const Sign: Primitive<One> = elementwise("sign", {
  formula: s.sign,
  derivative: null,
  dtype: "same",
  domain: [0.5, 2],
  samples: (draw) => [{ x: [draw.uniform([2, 3], -2, -0.5)], params: undefined }],
  kinks: [{ x: 0, derivative: 0, because: "a jump has no slope; on both sides it is 0" }],
});

/** -1, 0 or 1, as x is negative, zero or positive; NaN of NaN. int32 stays int32. Its derivative is 0. */
export function sign(x: TensorLike): Tensor {
  return unary(Sign, x);
}
