import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { sign } from "./sign.ts";

/** y = max(x, 0),  dy/dx = 1 where x > 0, else 0 */
export const Relu: Primitive<One> = elementwise("relu", {
  formula: (x) => s.max(x, 0),
  // 1 where y is positive, 0 where it is 0.
  derivative: ({ y }) => sign(y),
  dtype: "same",
  domain: [0.5, 2],
  samples: (draw) => [{ x: [draw.uniform([2, 3], -2, -0.5)], params: undefined }],
  kinks: [{ x: 0, derivative: 0, because: "of all slopes from 0 to 1, the smallest" }],
});

/**
 * The larger of x and 0, element by element; NaN of NaN; int32 stays int32.
 *
 * Its derivative at 0 is 0. (That of maximum(x, 0) is 1/2, as is every tie's.)
 */
export function relu(x: TensorLike): Tensor {
  return unary(Relu, x);
}
