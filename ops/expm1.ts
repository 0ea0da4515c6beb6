import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { exp } from "./exp.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = eˣ - 1,  dy/dx = eˣ */
export const Expm1: Primitive<One> = elementwise("expm1", {
  formula: s.expm1,
  // Not y + 1: near y = -1 nothing of eˣ is left in it.
  derivative: ({ x }) => exp(x),
  latex: (x) => `\\left(e^{${x}} - 1\\right)`,
});

/** e to the x, less 1, with all its digits for small x, where exp(x) - 1 loses them; integers become float64. */
export function expm1(x: TensorLike): Tensor {
  return unary(Expm1, x);
}
