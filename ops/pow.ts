import { bind } from "../graph/bind.ts";
import type { Primitive } from "../graph/primitive.ts";
import { asOperands, scalar, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { equal } from "./equal.ts";
import { broadcasting, type Two } from "./families/broadcasting.ts";
import { array } from "./families/samples.ts";
import * as s from "./kernels/scalar.ts";
import { log } from "./log.ts";
import { scale } from "./scale.ts";
import { sub } from "./sub.ts";
import { where } from "./where.ts";

/** y = aᵇ,  dy/da = b aᵇ⁻¹, 0 where b = 0,  dy/db = y ln a, 0 where a = 0 (NaN below) */
export const Pow: Primitive<Two> = broadcasting("pow", {
  formula: s.pow,
  partials: [
    // `scale` makes 0 of 0 / 0, so that x⁴ has all its derivatives at 0.
    (t, { x: [a, b] }) => scale(t, scale(b, pow(a, sub(b, 1)))),
    // 0ᵇ is constant in pieces, 0 or infinite: ln 1 gives it its derivative.
    (t, { x: [a], y }) => scale(t, scale(y, log(where(equal(a, 0), 1, a)))),
  ],
  domain: [0.5, 2],
  samples: (draw) => [
    { x: [draw.uniform([2, 4], -2, -0.5), array([2, -1, 3, 0], [4], "int32")], params: undefined },
    { x: [array([0, -2, 3]), array([[3], [2], [0]].flat(), [3, 1], "int32")], params: undefined },
  ],
  kinks: [
    { x: [0, 0], derivatives: [0, 0], because: "a to the 0 is constant in a; 0 to the b is so in pieces" },
    { x: [0, 2], derivatives: [0, 0], because: "0 to the b is constant in b, where b > 0" },
    { x: [-2, 2], derivatives: [-4, Number.NaN], because: "a negative number has no real powers in between" },
  ],
  latex: (a, b) => `{${a}}^{${b}}`,
});

/**
 * a to the b, element by element. As in C and NumPy, pow(x, 0) and pow(1, x) are 1 whatever x is, NaN included, and
 * pow(-1, ±Infinity) is 1, where JavaScript's own `**` says NaN.
 *
 * Integers stay int32 and wrap around; to a negative power they give what is left of the fraction towards 0, but a
 * negative JavaScript number as b makes the result float64.
 *
 * Derivatives: b a^(b-1) in a, which is 0 for b = 0, at a = 0 as well; y log(a) in b, which is 0 where a is 0, and NaN
 * where a is negative.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function pow(a: TensorLike, b: TensorLike): Tensor {
  const [base, exponent] = asOperands("pow", a, b);
  const isFraction = typeof b === "number" && b < 0 && exponent.dtype === "int32";
  return bind(Pow, [base, isFraction ? scalar(b) : exponent], undefined);
}
