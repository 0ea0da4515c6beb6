import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";

/** y = 1 / x,  dy/dx = -y² */
export const Reciprocal: Primitive<One> = elementwise("reciprocal", {
  formula: (x) => s.div(1, x),
  derivative: ({ y }) => neg(mul(y, y)),
  domain: [0.5, 2],
  latex: (x) => `\\frac{1}{${x}}`,
});

export function reciprocal(x: TensorLike): Tensor {
  return unary(Reciprocal, x);
}
