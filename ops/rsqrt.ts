import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { div } from "./div.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { mul } from "./mul.ts";

/** y = 1 / √x,  dy/dx = -y / 2x */
export const Rsqrt: Primitive<One> = elementwise("rsqrt", {
  formula: (x) => s.div(1, s.sqrt(x)),
  derivative: ({ x, y }) => div(y, mul(-2, x)),
  domain: [0.5, 2],
  kinks: [
    { x: 0, derivative: Number.NEGATIVE_INFINITY, because: "the slope from the right falls without bound" },
  ],
  latex: (x) => `\\frac{1}{\\sqrt{${x}}}`,
});

/**
 * 1 / sqrt(x), element by element: Infinity at 0, where its derivative is -Infinity, and NaN below; integers become
 * float64.
 */
export function rsqrt(x: TensorLike): Tensor {
  return unary(Rsqrt, x);
}
