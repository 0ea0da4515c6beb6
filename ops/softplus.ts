import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { sigmoid } from "./sigmoid.ts";

/** y = ln(1 + eˣ),  dy/dx = σ(x) */
export const Softplus: Primitive<One> = elementwise("softplus", {
  // = max(x, 0) + ln(1 + exp(-|x|)), in which nothing overflows.
  formula: (x) => s.add(s.max(x, 0), s.log1p(s.exp(s.neg(s.abs(x))))),
  derivative: ({ x }) => sigmoid(x),
});

/**
 * The logarithm of 1 + exp(x), a smooth relu, element by element, for x of any size: it never overflows, and keeps its
 * digits where it is small. Integers become float64.
 */
export function softplus(x: TensorLike): Tensor {
  return unary(Softplus, x);
}
