import { ShapeError } from "../graph/errors.ts";
import { NONE } from "../graph/options.ts";
import { sizeAlong } from "../graph/shape.ts";
import type { Spec, Tensor, TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
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
import { standardize } from "./standardize.ts";

/**
 * Batch normalisation in training mode, composed of primitives: y = γ xHat + β, xHat = (x - μ) / √(σ² + eps), with
 * mean and biased variance over the batch (Ioffe & Szegedy 2015, algorithm 1).
 *
 * What is too large to be squared comes out as β: see {@link standardize}.
 *
 * @param x [N, D]; or any shape with `axes`: [0, 2, 3] for NCHW, [0, 1, 2] for NHWC
 * @param gamma one scale a channel: [D], or with ones on the other axes ([1, C, 1, 1]), or a number
 * @param beta one shift a channel, likewise
 * @returns y, of x's shape and dtype
 * @throws ShapeError where gamma or beta do not fit, axes are needed, or a channel has a single value (which its own
 *   mean turns into 0 whatever it was)
 * @throws AxisError, DTypeError, ArgumentError
 */
export function batchNorm(
  x: TensorLike,
  gamma: TensorLike,
  beta: TensorLike,
  options: Normalizing = NONE,
): Tensor {
  const [t, g, b] = normOperands("batchNorm", x, gamma, beta);
  const { axes, eps } = normOptions("batchNorm", options);
  const over = batchAxes("batchNorm", t, axes);
  assertSeveral("batchNorm", t, over);
  const channels = otherAxes(t.rank, over);
  assertAligned("batchNorm", t, { gamma: g, beta: b }, channels);
  const xHat = standardize(t, over, { eps });
  return add(mul(aligned(g, t.shape, channels), xHat), aligned(b, t.shape, channels));
}

/** @throws ShapeError where statistics would be taken over one value. */
export function assertSeveral(op: string, x: Spec, axes: readonly number[]): void {
  if (sizeAlong(x.shape, axes) !== 1) return;
  throw new ShapeError(
    op,
    "more than one value a channel",
    `[${x.shape}] averaged over axes [${axes}]`,
    "use a larger batch, or normalise with running statistics (evaluation mode)",
  );
}
