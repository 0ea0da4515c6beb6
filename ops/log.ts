import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { reciprocal } from "./reciprocal.ts";

/** y = ln x,  dy/dx = 1 / x */
export const Log: Primitive<One> = elementwise("log", {
  formula: s.log,
  derivative: ({ x }) => reciprocal(x),
  domain: [0.5, 2],
  kinks: [
    { x: 0, derivative: Number.POSITIVE_INFINITY, because: "the slope from the right grows without bound" },
  ],
  latex: (x) => `\\ln\\left(${x}\\right)`,
});

/**
 * The natural logarithm, element by element: -Infinity at 0 and NaN below; integers become float64.
 *
 * Its derivative at 0 is Infinity. Below 0, where the logarithm itself is NaN, its rule goes on as 1 / x.
 */
export function log(x: TensorLike): Tensor {
  return unary(Log, x);
}
