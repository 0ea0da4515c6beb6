import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import type { Axes } from "../graph/shape.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { extremum, extremumOver } from "./families/extremum.ts";
import type { KeepDims, Over } from "./families/reducing.ts";
import { minLoop } from "./kernels/fold.ts";
import { MIN } from "./kernels/scalar.ts";

/** y = min x over axes,  dy/dx = 1 at the smallest, 1/k at each of k that tie, 0 elsewhere */
export const Min: Primitive<One, Over> = extremum("min", {
  loop: minLoop,
  combine: MIN,
  initial: Number.POSITIVE_INFINITY,
});

/**
 * The smallest element over `axes` (all of them unless named), in x's dtype; NaN where there is a NaN.
 *
 * Elements that tie share the derivative equally, so that their shares add up to 1. Where the smallest is NaN, all
 * that it was chosen from have the derivative NaN.
 *
 * @throws ShapeError where there is nothing to choose from
 * @throws AxisError where an axis is not x's, or named twice
 * @throws ArgumentError for other options, or a keepDims that is neither true nor false
 */
export function min(x: TensorLike, axes?: Axes, options: KeepDims = NONE): Tensor {
  return extremumOver(Min, x, axes, options);
}
