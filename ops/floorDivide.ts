import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import * as s from "./kernels/scalar.ts";

/** y = ⌊a / b⌋; constant in pieces */
export const FloorDivide: Primitive<Two> = broadcasting("floorDivide", {
  formula: s.floorDivide,
  partials: null,
  domain: [
    [2.4, 2.6],
    [0.95, 1.05],
  ],
  samples: (draw) => [
    { x: [draw.uniform([2, 3], 2.4, 2.6), draw.uniform([3], -1.05, -0.95)], params: undefined },
  ],
  kinks: [{ x: [4, 2], derivatives: [0, 0], because: "a jump has no slope; on both sides it is 0" }],
  latex: (a, b) => `\\left\\lfloor\\frac{${a}}{${b}}\\right\\rfloor`,
});

/**
 * a / b rounded down, element by element (NumPy's `//`): floorDivide(-5, 3) is -2. Integers stay int32, and anything
 * by 0 is 0 among them; in float by 0 it is a / b. Its derivative is 0.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function floorDivide(a: TensorLike, b: TensorLike): Tensor {
  return binary(FloorDivide, a, b);
}
