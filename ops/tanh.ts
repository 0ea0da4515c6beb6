import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

/** y = tanh x,  dy/dx = 1 - y² */
export const Tanh: Primitive<One> = elementwise("tanh", {
  formula: s.tanh,
  derivative: ({ y }) => sub(1, square(y)),
  latex: (x) => `\\tanh\\left(${x}\\right)`,
});

/** The hyperbolic tangent, element by element, from -1 to 1; integers become float64. */
export function tanh(x: TensorLike): Tensor {
  return unary(Tanh, x);
}
