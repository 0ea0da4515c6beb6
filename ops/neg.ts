import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = -x */
export const Neg: Primitive<One> = elementwise("neg", {
  formula: s.neg,
  derivative: () => -1,
  dtype: "same",
  latex: (x) => `-${x}`,
});

export function neg(x: TensorLike): Tensor {
  return unary(Neg, x);
}
