import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { div } from "./div.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = √x,  dy/dx = 1 / 2y  (+inf at x = 0, NaN below it) */
export const Sqrt: Primitive<One> = elementwise("sqrt", {
  formula: s.sqrt,
  derivative: ({ y }) => div(0.5, y),
  domain: [0.5, 2],
  kinks: [
    { x: 0, derivative: Number.POSITIVE_INFINITY, because: "the slope from the right grows without bound" },
  ],
  latex: (x) => `\\sqrt{${x}}`,
});

export function sqrt(x: TensorLike): Tensor {
  return unary(Sqrt, x);
}
