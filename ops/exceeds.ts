import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import * as s from "./kernels/scalar.ts";

/** y = 1 where a > b, 1/2 where a = b, 0 where a < b: Heaviside's step at a - b; constant in pieces */
export const Exceeds: Primitive<Two> = broadcasting("exceeds", {
  formula: (a, b) => s.select(s.lt(b, a), 1, s.select(s.lt(a, b), 0, s.select(s.eq(a, b), 0.5, Number.NaN))),
  partials: null,
  dtype: "real",
  domain: [
    [0.5, 1.5],
    [-1.5, -0.5],
  ],
  samples: (draw) => [
    { x: [draw.uniform([2, 3], -1.5, -0.5), draw.uniform([3], 0.5, 1.5)], params: undefined },
  ],
  kinks: [{ x: [1, 1], derivatives: [0, 0], because: "a jump has no slope; on both sides it is 0" }],
  latex: (a, b) => `H\\left(${a} - ${b}\\right)`,
});

/**
 * 1 where a is greater than b, 1/2 where they are equal, 0 where a is less, NaN where either is NaN: Heaviside's step,
 * which is the derivative of maximum(a, b) with respect to a. Its own derivative is 0.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function exceeds(a: TensorLike, b: TensorLike): Tensor {
  return binary(Exceeds, a, b);
}
