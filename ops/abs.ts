import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { sign } from "./sign.ts";

/** y = |x|,  dy/dx = sign x */
export const Abs: Primitive<One> = elementwise("abs", {
  formula: s.abs,
  derivative: ({ x }) => sign(x),
  dtype: "same",
  domain: [0.5, 2],
  samples: (draw) => [{ x: [draw.uniform([2, 3], -2, -0.5)], params: undefined }],
  kinks: [{ x: 0, derivative: 0, because: "of all slopes from -1 to 1, the smallest" }],
  latex: (x) => `\\left|${x}\\right|`,
});

/** |x|, element by element; int32 stays int32. Its derivative at 0 is 0. */
export function abs(x: TensorLike): Tensor {
  return unary(Abs, x);
}
