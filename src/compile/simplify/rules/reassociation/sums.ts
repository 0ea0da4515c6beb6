/** Sums of what is known without summing. */
import { bind, filled, fromData, type Shape, sameShape, type Tensor } from "../../../../../graph/index.ts";
import { reducedShape, sizeAlong, stretchedAxes } from "../../../../../graph/shape.ts";
import {
  Add,
  add,
  broadcastTo,
  cast,
  Div,
  Mean,
  mean,
  mul,
  Neg,
  neg,
  Reshape,
  reshape,
  Scale,
  Sub,
  Sum,
  SumTo,
  scale,
  sub,
  sum,
  Where,
  where,
} from "../../../../../ops/index.ts";
import { isAllZero, scalarOf, zerosOf } from "../../constants.ts";
import { between, ofRank } from "../../fitting.ts";
import {
  addsUpToNothing,
  isMeanOf,
  type Reduction,
  reductionOf,
  summedAlready,
  takenOut,
  total,
} from "../../reduction.ts";
import type { AlgebraRule, Replacement } from "../../rule.ts";

const FULL: Shape = [2, 3];
const COLUMN: Shape = [3];
const ROW: Shape = [2, 1];
const SOME: Tensor = fromData([2, 3], "bool", Uint8Array.of(0, 0, 1, 0, 1, 1));
const KEPT = { keepDims: true } as const;

export const oneFormOfSums: AlgebraRule = {
  name: "one form of sums",
  statement: "Σ x, without the axes summed over = reshape(Σ x, with them as ones)",
  because: "a reshape computes nothing, and two sums of one thing are seen to be one",
  values: "bits",
  derivatives: "exact",
  ops: [Sum, SumTo, Mean],
  rewrite({ op, node, parents: [id], of }) {
    const { shape } = of(id!);
    const { axes, keepDims } =
      op === SumTo ? { axes: stretchedAxes(node.shape, shape), keepDims: false } : (node.params as Reduction);
    if (keepDims || axes.length === 0) return null;
    const kept: Replacement = {
      op: op === Mean ? Mean : Sum,
      params: { axes: Object.freeze([...axes]), keepDims: true },
      parents: [id!],
    };
    const ones = reducedShape(shape, axes, true);
    return sameShape(ones, node.shape)
      ? kept
      : { op: Reshape, params: { shape: Object.freeze([...node.shape]) }, parents: [kept] };
  },
  laws: [
    {
      before: (x) => sum(x!, 0),
      after: (x) => reshape(sum(x!, 0, KEPT), [3]),
      inputs: [FULL],
    },
    {
      before: (x) => bind(SumTo, [x!], { shape: [1, 3] }),
      after: (x) => sum(x!, 0, KEPT),
      inputs: [FULL],
    },
    {
      before: (x) => mean(x!, 1),
      after: (x) => reshape(mean(x!, 1, KEPT), [2]),
      inputs: [FULL],
    },
  ],
};

export const meanBesideSum: AlgebraRule = {
  name: "mean beside a sum",
  statement: "mean x = Σ x / n where Σ x is there too",
  because: "that is what a mean is",
  values: "rounding",
  derivatives: "rounding",
  ops: [Mean],
  rewrite(at) {
    const found = reductionOf(at);
    if (found === null || !summedAlready(at, found.id, found.axes)) return null;
    const n = scalarOf(at.node.dtype, sizeAlong(at.of(found.id).shape, found.axes));
    return { op: Div, parents: [{ op: Sum, params: at.node.params, parents: [found.id] }, n] };
  },
  laws: [
    {
      before: (x) => add(sum(x!, 0, KEPT), mean(x!, 0, KEPT)),
      after: (x) => add(sum(x!, 0, KEPT), bind(Div, [sum(x!, 0, KEPT), scalarOf("float64", 2)], undefined)),
      inputs: [FULL],
    },
  ],
};

export const constantFactor: AlgebraRule = {
  name: "constant factor",
  statement: "Σ (x · c) = (Σ x) · c,  Σ c = n c, where c does not change along the summed axes; so for means",
  because: "a sum is linear",
  values: "rounding",
  derivatives: "rounding",
  ops: [Sum, Mean],
  rewrite(at) {
    const found = reductionOf(at);
    return found === null ? null : takenOut(at, found);
  },
  laws: [
    {
      before: (x, c) => sum(mul(x!, c!), 0, KEPT),
      after: (x, c) => mul(c!, sum(x!, 0, KEPT)),
      inputs: [FULL, [1, 3]],
    },
    {
      before: (x, c) => mean(scale(x!, c!), 1, KEPT),
      after: (x, c) => scale(c!, mean(x!, 1, KEPT)),
      inputs: [FULL, ROW],
    },
    {
      before: (c) => sum(broadcastTo(c!, [2, 3]), 0, KEPT),
      after: (c) => reshape(mul(c!, 2), [1, 3]),
      inputs: [COLUMN],
    },
    {
      before: (c) => mean(broadcastTo(c!, [2, 3]), 0, KEPT),
      after: (c) => reshape(c!, [1, 3]),
      inputs: [COLUMN],
    },
  ],
};

export const chosenConstant: AlgebraRule = {
  name: "chosen constant",
  statement: "Σ where(m, c, 0) = c · Σ m, where c does not change along the summed axes and m is known",
  because: "as many times c as m says yes: of a label among classes, once",
  values: "rounding",
  derivatives: "rounding",
  ops: [Sum, Mean],
  rewrite(at) {
    const found = reductionOf(at);
    if (found === null) return null;
    const { op, parents, shape } = at.of(found.id);
    const [m, c, zero] = parents as readonly [number, number, number];
    if (op !== Where) return null;
    const mask = at.constant(m);
    if (mask === null || !isAllZero(at.constant(zero))) return null;
    const { shape: own, dtype } = at.of(c);
    if (dtype !== at.node.dtype || found.axes.some((axis) => ofRank(own, shape.length)[axis] !== 1))
      return null;
    const counted = (at.op === Mean ? mean : sum)(broadcastTo(cast(mask, dtype), shape), found.axes, KEPT);
    return { op: Scale, parents: [c, counted] };
  },
  laws: [
    {
      before: (c) => sum(where(SOME, c!, 0), 1, KEPT),
      after: (c) => scale(c!, fromData([2, 1], "float64", Float64Array.of(1, 2))),
      inputs: [[2, 1]],
    },
  ],
};

export const deviations: AlgebraRule = {
  name: "deviations",
  statement: "Σ (x - mean x) = 0 over the same axes",
  because: "what lies above the mean and what lies below it are equal: n times the mean is the sum",
  values: "rounding",
  derivatives: "rounding",
  ops: [Sum, Mean],
  rewrite(at) {
    const found = reductionOf(at);
    return found !== null && isMeanOf(at, found.id, found.axes) ? zerosOf(at.node) : null;
  },
  laws: [
    {
      before: (x) => sum(sub(x!, mean(x!, 0, KEPT)), 0, KEPT),
      after: () => filled([1, 3], "float64", 0),
      inputs: [FULL],
    },
    {
      before: (x) => mean(sub(x!, mul(sum(x!, 1, KEPT), 1 / 3)), 1, KEPT),
      after: () => filled([2, 1], "float64", 0),
      inputs: [FULL],
    },
  ],
};

export const termByTerm: AlgebraRule = {
  name: "term by term",
  statement: "Σ (x ± c (y - mean y)) = Σ x, where c does not change along the summed axes",
  because:
    "a sum is linear, and deviations add up to 0; other sums stay whole: Σ x - n c loses the digits that Σ (x - c) has",
  values: "rounding",
  derivatives: "rounding",
  ops: [Sum, Mean],
  rewrite(at) {
    const found = reductionOf(at);
    if (found === null) return null;
    const { op, parents, shape, dtype } = at.of(found.id);
    const [a, b] = parents as readonly [number, number];
    if ((op !== Add && op !== Sub) || parents.some((p) => at.of(p).dtype !== dtype)) return null;
    if (addsUpToNothing(at, b, found.axes)) return total(at, between(at, a, shape), found.axes);
    if (!addsUpToNothing(at, a, found.axes)) return null;
    const rest = total(at, between(at, b, shape), found.axes);
    return op === Add ? rest : { op: Neg, parents: [rest] };
  },
  laws: [
    {
      before: (x, y, c) => sum(add(x!, mul(c!, sub(y!, mean(y!, 0, KEPT)))), 0, KEPT),
      after: (x) => sum(x!, 0, KEPT),
      inputs: [FULL, FULL, COLUMN],
    },
    {
      before: (x, y) => mean(sub(sub(y!, mean(y!, 1, KEPT)), x!), 1, KEPT),
      after: (x) => neg(mean(x!, 1, KEPT)),
      inputs: [FULL, FULL],
    },
  ],
};
