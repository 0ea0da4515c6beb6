import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, type Two } from "./families/broadcasting.ts";
import { comparing } from "./families/comparing.ts";
import * as s from "./kernels/scalar.ts";

/** y = whether a ≥ b */
export const GreaterEqual: Primitive<Two> = comparing("greaterEqual", (a, b) => s.le(b, a), "\\ge");

/**
 * Whether a is greater than b or equal to it, element by element, as a bool; no for NaN.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function greaterEqual(a: TensorLike, b: TensorLike): Tensor {
  return binary(GreaterEqual, a, b);
}
