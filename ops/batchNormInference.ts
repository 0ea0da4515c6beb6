import { promote } from "../graph/dtype.ts";
import { ArgumentError, describe } from "../graph/errors.ts";
import { NONE } from "../graph/options.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import {
  aligned,
  assertAligned,
  batchAxes,
  type Normalizing,
  normOperands,
  normOptions,
  otherAxes,
} from "./families/normalizing.ts";
import { mul } from "./mul.ts";
import { sqrt } from "./sqrt.ts";
import { sub } from "./sub.ts";

/** What evaluation mode normalises with: one mean and one variance a channel. */
export interface Statistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Batch normalisation in evaluation mode: y = γ (x - mean) / √(variance + eps) + β, with given statistics. They are
 * inputs like any other: each row of x is normalised by itself, a batch of one included.
 *
 * @param x [N, D]; or any shape with `axes`, the axes that the statistics were taken over
 * @param statistics of a channel each, shaped as gamma is
 * @throws ShapeError, AxisError, DTypeError, ArgumentError
 */
export function batchNormInference(
  x: TensorLike,
  statistics: Statistics,
  gamma: TensorLike,
  beta: TensorLike,
  options: Normalizing = NONE,
): Tensor {
  const [t, g, b] = normOperands("batchNormInference", x, gamma, beta);
  const { axes, eps } = normOptions("batchNormInference", options);
  const [mean, variance] = statisticsOf(statistics, t);
  const channels = otherAxes(t.rank, batchAxes("batchNormInference", t, axes));
  assertAligned("batchNormInference", t, { gamma: g, beta: b, mean, variance }, channels);
  const along = (p: Tensor): Tensor => aligned(p, t.shape, channels);
  const sigma = sqrt(add(along(variance), eps));
  return add(mul(along(g), div(sub(t, along(mean)), sigma)), along(b));
}

/** @throws ArgumentError, DTypeError unless they are mean and variance, in x's dtype */
function statisticsOf(statistics: Statistics, x: Tensor): readonly [mean: Tensor, variance: Tensor] {
  if (typeof statistics !== "object" || statistics === null) {
    throw new ArgumentError("batchNormInference", "statistics { mean, variance }", describe(statistics));
  }
  const mean = asTensor("batchNormInference", statistics.mean, x.dtype, "statistics.mean");
  const variance = asTensor("batchNormInference", statistics.variance, x.dtype, "statistics.variance");
  for (const { dtype } of [mean, variance]) promote("batchNormInference", x.dtype, dtype);
  return [mean, variance];
}
