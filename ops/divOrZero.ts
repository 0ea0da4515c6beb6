import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import { div, eq, select } from "./kernels/scalar.ts";
import { neg } from "./neg.ts";
import { scale } from "./scale.ts";

/** y = a / b, and 0 where b = 0,  dy/da = 1 / b,  dy/db = -y / b, both 0 there; integers divide to float64 */
export const DivOrZero: Primitive<Two> = broadcasting("divOrZero", {
  // 0 / NaN is 0 as well: a is often a differential, and one of 0 must not become NaN (see scale).
  formula: (a, b) => select(eq(b, 0), 0, select(eq(a, 0), 0, div(a, b))),
  // Divided last: b may be so small that 1 / b is infinite where t / b is not.
  partials: [(t, { x: [, b] }) => divOrZero(t, b), (t, { x: [, b], y }) => neg(divOrZero(scale(t, y), b))],
  dtype: "real",
  domain: [0.5, 2],
  kinks: [
    {
      x: [1, 0],
      derivatives: [0, 0],
      because: "0 is what the op is there to give, and its derivatives keep to it",
    },
  ],
  latex: (a, b) => `\\frac{${a}}{${b}}`,
});

/**
 * a / b, and 0 wherever b is 0, with derivatives that are 0 there: the direction x / |x| of a vector that may vanish.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function divOrZero(a: TensorLike, b: TensorLike): Tensor {
  return binary(DivOrZero, a, b);
}
