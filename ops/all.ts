import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import type { Axes } from "../graph/shape.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import type { KeepDims, Over } from "./families/reducing.ts";
import { truth, truthOver } from "./families/truth.ts";
import { allLoop } from "./kernels/fold.ts";

/** y = whether every one of x over axes is true; it has no derivative */
export const All: Primitive<One, Over> = truth("all", allLoop, "\\bigwedge");

/**
 * Whether every one of x over `axes` (all of them unless named) is true, as a bool; yes over none.
 *
 * Numbers are true unless they are 0; NaN is not 0.
 *
 * @throws AxisError where an axis is not x's, or named twice
 * @throws ArgumentError for other options, or a keepDims that is neither true nor false
 */
export function all(x: TensorLike, axes?: Axes, options: KeepDims = NONE): Tensor {
  return truthOver(All, x, axes, options);
}
