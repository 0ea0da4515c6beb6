import { ArgumentError, describe, ShapeError } from "../graph/errors.ts";
import { NONE } from "../graph/options.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { aligned, assertAligned, epsOf, normOperands, otherAxes } from "./families/normalizing.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { standardize } from "./standardize.ts";

/**
 * Group normalisation, composed of primitives: the channels (axis 1) in groups of neighbours, mean and biased
 * variance over each group and all positions (Wu & He 2018). Channel c is in group floor(c / (C / groups)).
 *
 * What is too large to be squared comes out as β: see {@link standardize}.
 *
 * @param x [N, C, ...]
 * @param groups how many groups; it divides C
 * @param gamma one scale a channel, [C]
 * @param beta one shift a channel, [C]
 * @throws ShapeError where there is no axis 1, groups do not divide it, or gamma or beta do not fit
 * @throws ArgumentError where groups is not a positive integer
 */
export function groupNorm(
  x: TensorLike,
  groups: number,
  gamma: TensorLike,
  beta: TensorLike,
  options: { readonly eps?: number } = NONE,
): Tensor {
  const [t, g, b] = normOperands("groupNorm", x, gamma, beta);
  const eps = epsOf("groupNorm", options);
  if (!Number.isInteger(groups) || groups < 1) {
    throw new ArgumentError("groupNorm", "groups to be a positive integer", describe(groups));
  }
  const [n, c, ...positions] = t.shape;
  if (n === undefined || c === undefined || c % groups !== 0) {
    throw new ShapeError("groupNorm", `[N, C, ...] with C a multiple of ${groups}`, `[${t.shape}]`);
  }
  assertAligned("groupNorm", t, { gamma: g, beta: b }, [1]);
  const grouped = reshape(t, [n, groups, c / groups, ...positions]);
  const xHat = reshape(standardize(grouped, otherAxes(grouped.rank, [0, 1]), { eps }), t.shape);
  return add(mul(aligned(g, t.shape, [1]), xHat), aligned(b, t.shape, [1]));
}
