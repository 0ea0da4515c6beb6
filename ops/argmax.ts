import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { type Along, position, positionAlong } from "./families/position.ts";
import type { KeepDims } from "./families/reducing.ts";

/** y = the place of the largest x along an axis; constant in pieces, so it has no derivative */
export const ArgMax: Primitive<One, Along> = position("argmax", 1);

/**
 * The index (int32) of the largest element along one axis, or among all of x in row-major order if no axis is named.
 *
 * Of several that tie it is the first; a NaN comes before every number, as in NumPy. No derivative passes.
 *
 * @throws ShapeError where there is nothing to choose from
 * @throws AxisError where the axis is not x's
 * @throws ArgumentError for other options, or a keepDims that is neither true nor false
 */
export function argmax(x: TensorLike, axis?: number, options: KeepDims = NONE): Tensor {
  return positionAlong(ArgMax, x, axis, options);
}
