import { asOperands, asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import {
  aligned,
  assertAligned,
  batchAxes,
  checkedEps,
  EPS,
  type Normalizing,
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
  { axes, eps = EPS }: Normalizing = {},
): Tensor {
  const [t, g] = asOperands("batchNormInference", x, gamma);
  const [, b] = asOperands("batchNormInference", t, beta);
  const mean = asTensor("batchNormInference", statistics.mean, t.dtype);
  const variance = asTensor("batchNormInference", statistics.variance, t.dtype);
  const channels = otherAxes(t.rank, batchAxes("batchNormInference", t, axes));
  assertAligned("batchNormInference", t, { gamma: g, beta: b, mean, variance }, channels);
  const along = (p: Tensor): Tensor => aligned(p, t.shape, channels);
  const sigma = sqrt(add(along(variance), checkedEps("batchNormInference", eps)));
  return add(mul(along(g), div(sub(t, along(mean)), sigma)), along(b));
}
