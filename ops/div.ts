import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import * as s from "./kernels/scalar.ts";
import { neg } from "./neg.ts";
import { reciprocal } from "./reciprocal.ts";
import { scale } from "./scale.ts";

/** y = a / b,  dy/da = 1 / b,  dy/db = -y / b; integers divide to float64 */
export const Div: Primitive<Two> = broadcasting("div", {
  formula: s.div,
  // b is often the smaller operand (a row of standard deviations): what can be done to it alone is done to it alone.
  partials: [
    (t, { x: [, b] }) => scale(t, reciprocal(b)),
    { own: (t, { x: [, b] }) => neg(scale(t, reciprocal(b))), joint: (t, { y }) => scale(t, y) },
  ],
  dtype: "real",
  domain: [0.5, 2],
  latex: (a, b) => `\\frac{${a}}{${b}}`,
});

export function div(a: TensorLike, b: TensorLike): Tensor {
  return binary(Div, a, b);
}
