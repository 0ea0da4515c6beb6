import { named, type Shape, ShapeError, sizeOf, type Tensor, type TensorLike } from "../../graph/index.ts";
import { checkedOptions, NONE } from "../../graph/options.ts";
import {
  aligned,
  assertAligned,
  batchAxes,
  type Normalizing,
  normOperands,
  normOptions,
  otherAxes,
} from "../../ops/families/normalizing.ts";
import {
  add,
  center,
  div,
  fusedBatchNorm,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  stopGradient,
  sub,
  variance,
} from "../../ops/index.ts";
import { checkedGradients, type Gradients } from "./gradients.ts";
import type { Normalized } from "./statistics.ts";

const OP = "batchNormTraining";

/**
 * Batch normalisation in training mode, with the statistics that it normalised with: y = γ (x - μ) / √(σ² + eps) + β.
 *
 * y is what `batchNorm` gives (`fusedBatchNorm` with gradients "fused"). The statistics are the composition's own mean
 * and biased variance, taken off the tape: no gradient flows through them. {@link foldStatistics} makes running
 * statistics of them, and `batchNormInference` normalises with those.
 *
 * @param x [N, D]; or any shape with `axes`: [0, 2, 3] for NCHW, [0, 1, 2] for NHWC
 * @param gamma one scale a channel: [D], or with ones on the other axes, or a number
 * @param beta one shift a channel, likewise
 * @throws ShapeError where gamma or beta do not fit, axes are needed, or a channel has fewer than two values
 * @throws AxisError, DTypeError, ArgumentError
 */
export function batchNormTraining(
  x: TensorLike,
  gamma: TensorLike,
  beta: TensorLike,
  options: Normalizing & { readonly gradients?: Gradients } = NONE,
): Normalized {
  const { gradients, ...how } = checkedOptions(OP, options, ["axes", "eps", "gradients"]);
  const isFused = checkedGradients(OP, gradients) === "fused";
  const [t, g, b] = normOperands(OP, x, gamma, beta);
  const { axes, eps } = normOptions(OP, how);
  const over = batchAxes(OP, t, axes);
  const count = checkedCount(t.shape, over);
  const channels = otherAxes(t.rank, over);
  assertAligned(OP, t, { gamma: g, beta: b }, channels);

  if (isFused) {
    const value = stopGradient(t);
    const statistics = { mean: mean(value, over), variance: variance(value, over), count };
    return { y: fusedBatchNorm(t, g, b, { axes: over, eps }), statistics };
  }
  // A mean that was rounded to float32 may be off by as much as the deviations: there, they are not formed from it.
  const isRounded = t.dtype === "float32";
  const mu = called("mu", mean(isRounded ? stopGradient(t) : t, over, { keepDims: true }));
  const centred = called("centred", isRounded ? center(t, over) : sub(t, mu));
  const sigma2 = called("variance", mean(square(centred), over, { keepDims: true }));
  const sigma = called("sigma", sqrt(add(sigma2, eps)));
  const xHat = called("xHat", div(centred, sigma));
  const y = add(mul(aligned(g, t.shape, channels), xHat), aligned(b, t.shape, channels));
  const bare = channels.map((axis) => t.shape[axis]!);
  const value = (s: Tensor): Tensor => reshape(stopGradient(s), bare);
  return { y, statistics: { mean: value(mu), variance: value(sigma2), count } };
}

/** How many values a channel has. @throws ShapeError where there is no telling what it is like */
function checkedCount(shape: Shape, axes: readonly number[]): number {
  const count = sizeOf(axes.map((axis) => shape[axis]!));
  if (count > 1) return count;
  throw new ShapeError(
    OP,
    "more than one value a channel",
    `[${shape}] averaged over axes [${axes}]`,
    "use a larger batch, or normalise with running statistics (evaluation mode)",
  );
}

/** What the literature calls it, for whoever reads the tape. One that is only walked back is not worth the naming. */
function called(name: string, t: Tensor): Tensor {
  return t.place === null || t.place.tape.isDifferentiated ? t : named(t, name);
}
