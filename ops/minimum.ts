import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { exceeds } from "./exceeds.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import * as s from "./kernels/scalar.ts";
import { scale } from "./scale.ts";

/** y = min(a, b),  dy/da = 1 where a < b, 1/2 where they tie, else 0 */
export const Minimum: Primitive<Two> = broadcasting("minimum", {
  formula: s.min,
  partials: [(t, { x: [a, b] }) => scale(t, exceeds(b, a)), (t, { x: [a, b] }) => scale(t, exceeds(a, b))],
  dtype: "choice",
  domain: [
    [0.5, 1.5],
    [-1.5, -0.5],
  ],
  samples: (draw) => [
    { x: [draw.uniform([2, 3], -1.5, -0.5), draw.uniform([3], 0.5, 1.5)], params: undefined },
  ],
  kinks: [{ x: [1, 1], derivatives: [0.5, 0.5], because: "two that tie share the derivative equally" }],
  latex: (a, b) => `\\min\\left(${a}, ${b}\\right)`,
});

/**
 * The smaller of a and b, element by element; NaN where either is NaN.
 *
 * Where a and b are equal each has half the derivative, so that minimum(a, a) has the derivative 1. Where either is NaN
 * both derivatives are NaN.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function minimum(a: TensorLike, b: TensorLike): Tensor {
  return binary(Minimum, a, b);
}
