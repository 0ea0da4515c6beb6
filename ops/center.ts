import { isFloat } from "../graph/dtype.ts";
import { type Axes, normalizeAxes, sizeOf } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { mean } from "./mean.ts";
import { type AxisRange, slice } from "./slice.ts";
import { stopGradient } from "./stopGradient.ts";
import { sub } from "./sub.ts";

/**
 * x - μ, with the mean μ over `axes` (all of them unless named), to all the digits that x has.
 *
 * The first element is taken away from all of them first. That is exact, or nearly so, where elements lie close
 * together, and what is left has a mean of its own size: μ itself, rounded to float32, would leave an error that may
 * be larger than the deviations. Where all elements are equal the result is exactly 0; only where x spans more than
 * its dtype holds does it overflow.
 *
 * @throws AxisError where an axis is not x's, or named twice
 */
export function center(x: TensorLike, axes?: Axes): Tensor {
  const t = asTensor("center", x);
  const over = normalizeAxes("center", axes, t.rank);
  const isEmpty = sizeOf(over.map((axis) => t.shape[axis]!)) === 0;
  // Among integers the mean is right to the last digit, and their differences might wrap around.
  if (isEmpty || !isFloat(t.dtype)) return sub(t, mean(t, over, { keepDims: true }));
  const first = t.shape.map((_, axis): AxisRange => (over.includes(axis) ? [0, 1] : null));
  // Deviations are the same from any origin, so its derivative is nobody's business.
  const near = sub(t, stopGradient(slice(t, first)));
  return sub(near, mean(near, over, { keepDims: true }));
}
