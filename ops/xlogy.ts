import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import * as s from "./kernels/scalar.ts";
import { log } from "./log.ts";
import { reciprocal } from "./reciprocal.ts";
import { scale } from "./scale.ts";

/** z = x ln y, 0 where x = 0,  dz/dx = ln y,  dz/dy = x / y, 0 where x = 0 */
export const Xlogy: Primitive<Two> = broadcasting("xlogy", {
  formula: (x, y) => s.select(s.eq(x, 0), s.select(s.eq(y, y), 0, y), s.mul(x, s.log(y))),
  partials: [(t, { x: [, y] }) => scale(t, log(y)), (t, { x: [x, y] }) => scale(t, scale(x, reciprocal(y)))],
  dtype: "real",
  domain: [0.5, 2],
  kinks: [
    {
      x: [0, 0],
      derivatives: [Number.NEGATIVE_INFINITY, 0],
      because: "along y it is 0 throughout; along x its slope is that of x ln y for y near 0",
    },
  ],
  latex: (x, y) => `${x} \\ln ${y}`,
});

/**
 * x log(y), element by element, and 0 where x is 0, even for y = 0 (but not for NaN): an outcome that has no weight
 * costs nothing, and its probability has the derivative 0. Integers become float64.
 *
 * @throws ShapeError where x and y do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function xlogy(x: TensorLike, y: TensorLike): Tensor {
  return binary(Xlogy, x, y);
}
