/** The errors that people make in the backward pass of batch normalisation, one at a time. */
import { allocate } from "../../graph/dtype.ts";
import type { Differentials, Point, Primitive } from "../../graph/primitive.ts";
import { fromData, type Tensor } from "../../graph/tensor.ts";
import {
  aligned,
  backTo,
  type NormParams,
  otherAxes,
  type XGammaBeta,
} from "../../ops/families/normalizing.ts";
import { add, div, FusedBatchNorm, fused, mean, mul, sqrt, square, sub, sum } from "../../ops/index.ts";
import { detached, type Plant, plant } from "./plant.ts";

const OBVIOUS = ["vjp", "reference", "reference in float32"] as const;
const HIDDEN = ["jvp of vjp"] as const;

/** What each error makes of the right formula's parts. */
interface Parts {
  readonly statistic: (t: Tensor) => Tensor;
  readonly mu: (t: Tensor) => Tensor;
  readonly eps: (eps: number) => number;
  readonly count: (n: number) => number;
  readonly meanOfBar: (mean: Tensor, bar: Tensor) => Tensor;
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
  [
    "one sign wrong in gamma's cotangent",
    { gammaBar: (fromXHat) => mul(fromXHat, lastNegative(fromXHat)) },
    OBVIOUS,
  ],
  ["the input's cotangent 1 + 1e-4 too large", { xBar: (t) => mul(t, 1 + 1e-4) }, OBVIOUS],
  ["the input's cotangent has the wrong sign", { xBar: (t) => mul(t, -1) }, OBVIOUS],
  ["the last element skipped", { xBar: (t) => mul(t, allButLast(t)) }, OBVIOUS],
  ["gamma's cotangent uses x", { gammaBar: (_, yBarX) => yBarX }, OBVIOUS],
  ["beta's cotangent is a mean", { betaBar: (_, average) => average }, OBVIOUS],
  ["statistics saved as constants", { statistic: detached }, HIDDEN],
  ["the mean saved as a constant", { mu: detached }, HIDDEN],
];

export const BATCH_NORM_PLANTS: readonly Plant[] = ERRORS.map(([what, error, objecting]) =>
  plant(what, FusedBatchNorm, { vjp: vjpWith({ ...RIGHT, ...error }) }, objecting),
);

/** A batch norm with a backward that somebody derived by hand, and got wrong. */
export interface Mistake {
  readonly what: string;
  /** The first order at which a derivative is wrong; 0 where none is. */
  readonly order: 0 | 1 | 2;
  /** Whose derivative it is. */
  readonly of: readonly ("x" | "gamma" | "beta")[];
  /** How many axes it takes to average over for the mistake to be one. */
  readonly axes: 1 | 2;
  readonly op: Primitive<XGammaBeta, NormParams>;
}

type Row = readonly [what: string, of: Mistake["of"], error: Partial<Parts>, axes?: Mistake["axes"]];

const FIRST_ORDER: readonly Row[] = [
  ["none", [], {}],
  ["drop mean(g)", ["x"], { meanOfBar: nothing }],
  ["drop xhat mean(g xhat)", ["x"], { meanOfProduct: nothing }],
  ["eval formula in training", ["x"], { meanOfBar: nothing, meanOfProduct: nothing }],
  ["N-1 for N", ["x"], { count: (n) => n - 1 }],
  ["gamma missing", ["x"], { gamma: (t) => add(nothing(t), 1) }],
  ["eps forgotten", ["x", "gamma"], { eps: () => 0 }],
  ["mean(g) over the batch axis only", ["x"], { meanOfBar: (_, bar) => mean(bar, 0, { keepDims: true }) }, 2],
  ["dgamma uses x", ["gamma"], { gammaBar: (_, yBarX) => yBarX }],
  ["dbeta mean, not sum", ["beta"], { betaBar: (_, average) => average }],
  ["dgamma sign, one channel", ["gamma"], { gammaBar: (fromXHat) => mul(fromXHat, lastNegative(fromXHat)) }],
  ["last element skipped", ["x"], { xBar: (t) => mul(t, allButLast(t)) }],
  ["grad x 0.05 % too large", ["x"], { xBar: (t) => mul(t, 1 + 5e-4) }],
];

/** They only show when the backward is itself differentiated. */
const SECOND_ORDER: readonly Row[] = [
  ["order 2: statistics saved as constants", ["x"], { statistic: detached }],
  ["order 2: mean detached", ["x"], { mu: detached }],
];

/** The mistakes with which ways of checking gradients were compared, each registered as its maker would. */
export const BATCH_NORM_MISTAKES: readonly Mistake[] = [
  ...FIRST_ORDER.map(([what, of, error, axes = 1]): Mistake => {
    const { jvp: _, vjp: __, ...shortcuts } = FusedBatchNorm;
    const parts = { ...RIGHT, ...error };
    const op = fused<XGammaBeta, NormParams>({
      ...shortcuts,
      closedForm: (at, yBar) => backward(at, yBar, parts),
    });
    return { what, order: of.length === 0 ? 0 : 1, of, axes, op };
  }),
  // `fused` takes second order from the reference, where it is right: it takes a record of one's own to get it wrong.
  ...SECOND_ORDER.map(([what, of, error, axes = 1]): Mistake => {
    const op = Object.freeze({ ...FusedBatchNorm, vjp: vjpWith({ ...RIGHT, ...error }) });
    return { what, order: 2, of, axes, op };
  }),
];

function vjpWith(parts: Parts): Primitive<XGammaBeta, NormParams>["vjp"] {
  return (at, yBar, wanted) => {
    const [xBar, gammaBar, betaBar] = backward(at, yBar, parts);
    return [wanted[0] ? xBar : null, wanted[1] ? gammaBar : null, wanted[2] ? betaBar : null];
  };
}

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
    sub(scaled, parts.meanOfBar(average(scaled), scaled)),
    mul(xHat, parts.meanOfProduct(average(mul(scaled, xHat)))),
  );
  const gammaBar = parts.gammaBar(sum(mul(yBar, xHat), axes, keep), sum(mul(yBar, x), axes, keep));
  const betaBar = parts.betaBar(sum(yBar, axes, keep), mean(yBar, axes, keep));
  return [parts.xBar(div(projected, sigma)), backTo(gammaBar, gamma.shape), backTo(betaBar, beta.shape)];
}

function allButLast(t: Tensor): Tensor {
  return onesThen(0, t);
}

function lastNegative(t: Tensor): Tensor {
  return onesThen(-1, t);
}

function onesThen(last: number, { shape, dtype, size }: Tensor): Tensor {
  const data = allocate(dtype, size).fill(1);
  data[size - 1] = last;
  return fromData(shape, dtype, data);
}
