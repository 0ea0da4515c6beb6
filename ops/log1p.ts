import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { reciprocal } from "./reciprocal.ts";

/** y = ln(1 + x),  dy/dx = 1 / (1 + x) */
export const Log1p: Primitive<One> = elementwise("log1p", {
  formula: s.log1p,
  derivative: ({ x }) => reciprocal(add(x, 1)),
  domain: [-0.5, 2],
  kinks: [
    { x: -1, derivative: Number.POSITIVE_INFINITY, because: "the slope from the right grows without bound" },
  ],
  latex: (x) => `\\ln\\left(1 + ${x}\\right)`,
});

/**
 * The natural logarithm of 1 + x, with all its digits for small x, where log(add(1, x)) loses them: -Infinity at -1,
 * where its derivative is Infinity, and NaN below; integers become float64.
 */
export function log1p(x: TensorLike): Tensor {
  return unary(Log1p, x);
}
