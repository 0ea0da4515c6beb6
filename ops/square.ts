import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { mul } from "./mul.ts";

/** y = x²,  dy/dx = 2x */
export const Square: Primitive<One> = elementwise("square", {
  formula: (x) => s.mul(x, x),
  derivative: ({ x }) => mul(2, x),
  dtype: "same",
  latex: (x) => `{${x}}^2`,
});

export function square(x: TensorLike): Tensor {
  return unary(Square, x);
}
