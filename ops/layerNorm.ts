import { NONE } from "../graph/options.ts";
import { normalizeAxes } from "../graph/shape.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import {
  aligned,
  assertAligned,
  type Normalizing,
  normOperands,
  normOptions,
} from "./families/normalizing.ts";
import { mul } from "./mul.ts";
import { standardize } from "./standardize.ts";

/**
 * Layer normalisation, composed of primitives: y = γ xHat + β, with mean and biased variance over the features of
 * each example (Ba, Kiros & Hinton 2016). The same in training and evaluation.
 *
 * What is too large to be squared comes out as β: see {@link standardize}.
 *
 * @param x any shape with a feature axis; the last one, unless `axes` names others
 * @param gamma one scale a feature: the sizes of those axes, or a number
 * @param beta one shift a feature, likewise
 * @returns y, of x's shape and dtype; beta where there is a single feature
 * @throws ShapeError, AxisError, DTypeError, ArgumentError
 */
export function layerNorm(
  x: TensorLike,
  gamma: TensorLike,
  beta: TensorLike,
  options: Normalizing = NONE,
): Tensor {
  const [t, g, b] = normOperands("layerNorm", x, gamma, beta);
  const { axes = -1, eps } = normOptions("layerNorm", options);
  const over = normalizeAxes("layerNorm", axes, t.rank);
  assertAligned("layerNorm", t, { gamma: g, beta: b }, over);
  const xHat = standardize(t, over, { eps });
  return add(mul(aligned(g, t.shape, over), xHat), aligned(b, t.shape, over));
}
