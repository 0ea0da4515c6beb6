import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import { floorDivide } from "./floorDivide.ts";
import * as s from "./kernels/scalar.ts";
import { neg } from "./neg.ts";
import { scale } from "./scale.ts";

/** y = a - b ⌊a / b⌋,  dy/da = 1,  dy/db = -⌊a / b⌋ */
export const Remainder: Primitive<Two> = broadcasting("remainder", {
  formula: s.remainder,
  partials: [1, (t, { x: [a, b] }) => neg(scale(t, floorDivide(a, b)))],
  domain: [
    [2.4, 2.6],
    [0.95, 1.05],
  ],
  samples: (draw) => [
    { x: [draw.uniform([2, 3], 2.4, 2.6), draw.uniform([3], -1.05, -0.95)], params: undefined },
  ],
  kinks: [
    { x: [4, 2], derivatives: [1, -2], because: "where it jumps, the slopes of the piece that it is on" },
  ],
  latex: (a, b) => `${a} \\bmod ${b}`,
});

/**
 * What rounding a / b down leaves of a, element by element, with b's sign (NumPy's `%`): remainder(-5, 3) is 1. NaN in
 * float where b is 0, and 0 among integers, which stay int32.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function remainder(a: TensorLike, b: TensorLike): Tensor {
  return binary(Remainder, a, b);
}
