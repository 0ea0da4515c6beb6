import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = x²,  dy/dx = 2x */
export const Square: Primitive<One> = elementwise("square", {
  formula: (x) => s.mul(x, x),
  derivative: ({ x }) => add(x, x),
  dtype: "same",
  latex: (x) => `{${x}}^2`,
});

export function square(x: TensorLike): Tensor {
  return unary(Square, x);
}
