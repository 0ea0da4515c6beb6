import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";

/** y = 1 / (1 + exp(-x)),  dy/dx = σ(x) σ(-x) */
export const Sigmoid: Primitive<One> = elementwise("sigmoid", {
  formula(x) {
    // Of exp(x) and exp(-x) the one that cannot overflow.
    const e = s.exp(s.neg(s.abs(x)));
    return s.div(s.select(s.lt(x, 0), e, 1), s.add(1, e));
  },
  // Not y (1 - y): near y = 1 the difference has no digits left.
  derivative: ({ x, y }) => mul(y, sigmoid(neg(x))),
  latex: (x) => `\\sigma\\left(${x}\\right)`,
});

/**
 * The logistic function 1 / (1 + exp(-x)), element by element, for x of any size: it never overflows, and it and its
 * derivative keep their digits where they are small. Integers become float64.
 */
export function sigmoid(x: TensorLike): Tensor {
  return unary(Sigmoid, x);
}
