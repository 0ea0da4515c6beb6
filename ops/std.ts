import { NONE } from "../graph/options.ts";
import { type Axes, normalizeAxes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { center } from "./center.ts";
import { type Corrected, correctedOptions, correctionFactor } from "./families/correcting.ts";
import { countOver } from "./mean.ts";
import { mul } from "./mul.ts";
import { norm } from "./norm.ts";

/**
 * The standard deviation over `axes` (all of them unless named): √(Σ (x - μ)² / (n - correction)), with correction 0
 * (biased) unless said otherwise; NaN over none.
 *
 * It is formed in two passes, as the length of the deviations, so it neither overflows nor loses digits to a large
 * mean or a small spread, and where all values are equal, so that it is 0, its derivatives are 0.
 *
 * @throws AxisError where an axis is not x's, or named twice
 * @throws ArgumentError where correction is negative or no number, and for other options
 * @throws ShapeError where there are no more than `correction` values
 */
export function std(x: TensorLike, axes?: Axes, options: Corrected = NONE): Tensor {
  const t = asTensor("std", x);
  const over = normalizeAxes("std", axes, t.rank);
  const { keepDims, correction } = correctedOptions("std", options);
  const factor = correctionFactor("std", t, over, correction);
  return mul(norm(center(t, over), over, { keepDims }), Math.sqrt(factor / countOver(t, over)));
}
