import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, type Two } from "./families/broadcasting.ts";
import { comparing } from "./families/comparing.ts";
import * as s from "./kernels/scalar.ts";

/** y = whether a = b */
export const Equal: Primitive<Two> = comparing("equal", s.eq, "=");

/**
 * Whether a and b are equal, element by element, as a bool; NaN equals nothing, not even itself.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function equal(a: TensorLike, b: TensorLike): Tensor {
  return binary(Equal, a, b);
}
