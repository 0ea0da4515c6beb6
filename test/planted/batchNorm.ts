/** The errors that people make in the backward pass of batch normalisation, one at a time. */
import { allocate } from "../../graph/dtype.ts";
import type { Differentials, Point } from "../../graph/primitive.ts";
import { fromData, type Tensor } from "../../graph/tensor.ts";
import {
  aligned,
  backTo,
  type NormParams,
  otherAxes,
  type XGammaBeta,
} from "../../ops/families/normalizing.ts";
import { add, div, FusedBatchNorm, mean, mul, sqrt, square, sub, sum } from "../../ops/index.ts";
import { detached, type Plant, plant } from "./plant.ts";

const OBVIOUS = ["vjp", "reference", "reference in float32"] as const;
const HIDDEN = ["jvp of vjp"] as const;

/** What each error makes of the right formula's parts. */
interface Parts {
  readonly statistic: (t: Tensor) => Tensor;
  readonly mu: (t: Tensor) => Tensor;
  readonly eps: (eps: number) => number;
  readonly count: (n: number) => number;
  readonly meanOfBar: (t: Tensor) => Tensor;
  readonly meanOfProduct: (t: Tensor) => Tensor;
  readonly gamma: (t: Tensor) => Tensor;
  readonly xBar: (t: Tensor) => Tensor;
  readonly gammaBar: (fromXHat: Tensor, yBarX: Tensor) => Tensor;
  readonly betaBar: (sum: Tensor, mean: Tensor) => Tensor;
}

const RIGHT: Parts = {
  statistic: (t) => t,
  mu: (t) => t,
  eps: (eps) => eps,
  count: (n) => n,
  meanOfBar: (t) => t,
  meanOfProduct: (t) => t,
  gamma: (t) => t,
  xBar: (t) => t,
  gammaBar: (fromXHat) => fromXHat,
  betaBar: (total) => total,
};

const nothing = (t: Tensor): Tensor => mul(t, 0);

const ERRORS: readonly (readonly [what: string, error: Partial<Parts>, by: Plant["objecting"]])[] = [
  ["nothing is wrong", {}, []],
  ["mean of the cotangent dropped", { meanOfBar: nothing }, OBVIOUS],
  ["xHat's term dropped", { meanOfProduct: nothing }, OBVIOUS],
  ["the formula of evaluation", { meanOfBar: nothing, meanOfProduct: nothing }, OBVIOUS],
  ["N - 1 for N", { count: (n) => n - 1 }, OBVIOUS],
  ["gamma missing", { gamma: (t) => add(nothing(t), 1) }, OBVIOUS],
  ["eps forgotten", { eps: () => 0 }, OBVIOUS],
  ["the input's cotangent 1 + 1e-4 too large", { xBar: (t) => mul(t, 1 + 1e-4) }, OBVIOUS],
  ["the input's cotangent has the wrong sign", { xBar: (t) => mul(t, -1) }, OBVIOUS],
  ["the last element skipped", { xBar: (t) => mul(t, allButLast(t)) }, OBVIOUS],
  ["gamma's cotangent uses x", { gammaBar: (_, yBarX) => yBarX }, OBVIOUS],
  ["beta's cotangent is a mean", { betaBar: (_, average) => average }, OBVIOUS],
  ["statistics saved as constants", { statistic: detached }, HIDDEN],
  ["the mean saved as a constant", { mu: detached }, HIDDEN],
];

export const BATCH_NORM_PLANTS: readonly Plant[] = ERRORS.map(([what, error, objecting]) => {
  const parts = { ...RIGHT, ...error };
  return plant(
    what,
    FusedBatchNorm,
    {
      vjp: (at, yBar, wanted) => {
        const [xBar, gammaBar, betaBar] = backward(at, yBar, parts);
        return [wanted[0] ? xBar : null, wanted[1] ? gammaBar : null, wanted[2] ? betaBar : null];
      },
    },
    objecting,
  );
});

function backward(
  { x: [x, gamma, beta], params: { axes, eps } }: Point<XGammaBeta, NormParams>,
  yBar: Tensor,
  parts: Parts,
): Differentials<XGammaBeta> {
  const keep = { keepDims: true };
  const n = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  const average = (t: Tensor): Tensor => div(sum(t, axes, keep), parts.count(n));
  const mu = parts.statistic(parts.mu(mean(x, axes, keep)));
  const centred = sub(x, mu);
  const sigma = parts.statistic(sqrt(add(mean(square(centred), axes, keep), parts.eps(eps))));
  const xHat = div(centred, sigma);
  const scaled = mul(yBar, parts.gamma(aligned(gamma, x.shape, otherAxes(x.rank, axes))));
  const projected = sub(
    sub(scaled, parts.meanOfBar(average(scaled))),
    mul(xHat, parts.meanOfProduct(average(mul(scaled, xHat)))),
  );
  const gammaBar = parts.gammaBar(sum(mul(yBar, xHat), axes, keep), sum(mul(yBar, x), axes, keep));
  const betaBar = parts.betaBar(sum(yBar, axes, keep), mean(yBar, axes, keep));
  return [parts.xBar(div(projected, sigma)), backTo(gammaBar, gamma.shape), backTo(betaBar, beta.shape)];
}

function allButLast({ shape, dtype, size }: Tensor): Tensor {
  const data = allocate(dtype, size).fill(1);
  data[size - 1] = 0;
  return fromData(shape, dtype, data);
}
