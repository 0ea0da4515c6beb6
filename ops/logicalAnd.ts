import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, type Two } from "./families/broadcasting.ts";
import { comparing } from "./families/comparing.ts";
import * as s from "./kernels/scalar.ts";

/** y = a and b */
export const LogicalAnd: Primitive<Two> = comparing(
  "logicalAnd",
  (a, b) => s.select(a, s.ne(b, 0), 0),
  "\\land",
);

/**
 * Whether both a and b are true, element by element, as a bool. Numbers are true unless they are 0; NaN is not 0.
 *
 * @throws ShapeError where a and b do not broadcast
 * @throws DTypeError where one is float32 and the other float64
 */
export function logicalAnd(a: TensorLike, b: TensorLike): Tensor {
  return binary(LogicalAnd, a, b);
}
