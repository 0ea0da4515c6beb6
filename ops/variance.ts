import { NONE } from "../graph/options.ts";
import { type Axes, normalizeAxes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { center } from "./center.ts";
import { type Corrected, correctedOptions, correctionFactor } from "./families/correcting.ts";
import { mean } from "./mean.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

/**
 * σ² = Σ (x - μ)² / (n - correction) over `axes` (all of them unless named), with correction 0 (biased) unless said
 * otherwise; NaN over none.
 *
 * It is formed in two passes, so that a large mean costs no digits, and is never negative.
 *
 * @throws AxisError where an axis is not x's, or named twice
 * @throws ArgumentError where correction is negative or no number, and for other options
 * @throws ShapeError where there are no more than `correction` values
 */
export function variance(x: TensorLike, axes?: Axes, options: Corrected = NONE): Tensor {
  const t = asTensor("variance", x);
  const over = normalizeAxes("variance", axes, t.rank);
  const { keepDims, correction } = correctedOptions("variance", options);
  const factor = correctionFactor("variance", t, over, correction);
  // A mean that was rounded to float32 may be off by as much as the deviations; in float64 it is good enough.
  const deviations = t.dtype === "float32" ? center(t, over) : sub(t, mean(t, over, { keepDims: true }));
  const biased = mean(square(deviations), over, { keepDims });
  return factor === 1 ? biased : mul(biased, factor);
}
