import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, type Two } from "./families/broadcasting.ts";
import { comparing } from "./families/comparing.ts";
import * as s from "./kernels/scalar.ts";

/** y = whether a < b */
export const Less: Primitive<Two> = comparing("less", s.lt, "<");

/**
 * Whether a is less than b, element by element, as a bool; no for NaN.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function less(a: TensorLike, b: TensorLike): Tensor {
  return binary(Less, a, b);
}
