import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import type { Axes } from "../graph/shape.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { extremum, extremumOver } from "./families/extremum.ts";
import type { KeepDims, Over } from "./families/reducing.ts";
import { maxLoop } from "./kernels/fold.ts";
import { MAX } from "./kernels/scalar.ts";

/** y = max x over axes,  dy/dx = 1 at the largest, 1/k at each of k that tie, 0 elsewhere */
export const Max: Primitive<One, Over> = extremum("max", {
  loop: maxLoop,
  combine: MAX,
  initial: Number.NEGATIVE_INFINITY,
});

/**
 * The largest element over `axes` (all of them unless named), in x's dtype; NaN where there is a NaN.
 *
 * Elements that tie share the derivative equally, so that their shares add up to 1. Where the largest is NaN, all
 * that it was chosen from have the derivative NaN.
 *
 * @throws ShapeError where there is nothing to choose from
 * @throws AxisError where an axis is not x's, or named twice
 * @throws ArgumentError for other options, or a keepDims that is neither true nor false
 */
export function max(x: TensorLike, axes?: Axes, options: KeepDims = NONE): Tensor {
  return extremumOver(Max, x, axes, options);
}
