import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, type Two } from "./families/broadcasting.ts";
import { comparing } from "./families/comparing.ts";
import * as s from "./kernels/scalar.ts";

/** y = a or b */
export const LogicalOr: Primitive<Two> = comparing(
  "logicalOr",
  (a, b) => s.select(a, 1, s.ne(b, 0)),
  "\\lor",
);

/**
 * Whether a or b is true, or both are, element by element, as a bool. Numbers are true unless they are 0; NaN is not 0.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function logicalOr(a: TensorLike, b: TensorLike): Tensor {
  return binary(LogicalOr, a, b);
}
