import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = eˣ,  dy/dx = y */
export const Exp: Primitive<One> = elementwise("exp", {
  formula: s.exp,
  derivative: ({ y }) => y,
  latex: (x) => `e^{${x}}`,
});

/** e to the x, element by element; integers become float64. */
export function exp(x: TensorLike): Tensor {
  return unary(Exp, x);
}
