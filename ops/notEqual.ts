import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, type Two } from "./families/broadcasting.ts";
import { comparing } from "./families/comparing.ts";
import * as s from "./kernels/scalar.ts";

/** y = whether a ≠ b */
export const NotEqual: Primitive<Two> = comparing("notEqual", s.ne, "\\ne");

/**
 * Whether a and b differ, element by element, as a bool; NaN differs from everything, itself too.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function notEqual(a: TensorLike, b: TensorLike): Tensor {
  return binary(NotEqual, a, b);
}
