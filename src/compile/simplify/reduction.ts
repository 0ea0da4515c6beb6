/** What a sum or a mean is taken of, and how much of it is known beforehand. */
import { isFloat, type Shape, sizeOf } from "../../../graph/index.ts";
import { broadcastShapes, sizeAlong, stretchedAxes, stretchesTo } from "../../../graph/shape.ts";
import { Mean, Sub, Sum, SumTo } from "../../../ops/index.ts";
import { ofRank } from "./fitting.ts";
import { build, type Factor, type Product, productOf } from "./product.ts";
import type { Replacement, Site } from "./rule.ts";
import { specOf } from "./spec.ts";

/** The parameters of a reduction. */
export interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

export interface Reduced {
  /** What is reduced, and over which axes. */
  readonly id: number;
  readonly axes: readonly number[];
}

/** The reduction at this place, of floats, in the form that rules know; null for others. */
export function reductionOf({ node, parents: [id], of }: Site): Reduced | null {
  const { axes, keepDims } = node.params as Reduction;
  const { shape, dtype } = of(id!);
  if (!keepDims || axes.length === 0 || !isFloat(dtype) || sizeOf(shape) === 0) return null;
  return axes.every((axis) => axis >= 0) ? { id: id!, axes } : null;
}

/** As the site's node reduces, over these axes. */
export function total({ op }: Site, of: Replacement, axes: readonly number[]): Replacement {
  return { op, params: { axes, keepDims: true }, parents: [of] };
}

/** Whether somebody sums it over these axes. */
export function summedAlready(at: Site, id: number, axes: readonly number[]): boolean {
  const { shape } = at.of(id);
  return [...at.readers(id)].some((reader) => {
    const { op, params, shape: to } = at.of(reader);
    if (op === Sum) return sameAxes((params as Reduction).axes, axes);
    return op === SumTo && sameAxes(stretchedAxes(to, shape), axes);
  });
}

function sameAxes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((axis, k) => axis === b[k]);
}

interface Split {
  /** Constant along the axes, and not. */
  readonly outer: readonly Factor[];
  readonly inner: readonly Factor[];
  readonly product: Product;
}

function split(at: Site, id: number, shape: Shape, axes: readonly number[]): Split {
  const product = productOf(at, id);
  const isConstant = ({ part }: Factor): boolean => {
    const own = ofRank(specOf(at.of, part).shape, shape.length);
    return axes.every((axis) => own[axis] === 1);
  };
  return {
    product,
    outer: product.factors.filter(isConstant),
    inner: product.factors.filter((factor) => !isConstant(factor)),
  };
}

/** The reduction with all before it that is constant along its axes; null where nothing is. */
export function takenOut(at: Site, { id, axes }: Reduced): Replacement | null {
  const { shape } = at.of(id);
  const { product, outer, inner } = split(at, id, shape, axes);
  const { coefficient, isScale } = product;
  if (coefficient === 1 && outer.length === 0) return null;
  const rank = shape.length;
  let within: Shape = [];
  for (const { part } of inner) within = broadcastShapes("simplify", within, specOf(at.of, part).shape);
  within = ofRank(within, rank);
  // Along these nothing changes within: as many times the same.
  const again = axes.filter((axis) => within[axis] === 1);
  const times = at.op === Mean ? 1 : sizeAlong(shape, again);
  const core: Factor[] =
    inner.length === 0
      ? []
      : [
          {
            part: total(at, build(at, { coefficient: 1, factors: inner, isScale }, within), axes),
            power: 1,
          },
        ];
  const whole = { coefficient: coefficient * times, factors: [...outer, ...core], isScale };
  return build(at, whole, at.node.shape);
}

/** Whether it is deviations from a mean over these axes, times what is constant along them. */
export function addsUpToNothing(at: Site, id: number, axes: readonly number[]): boolean {
  const { inner } = split(at, id, at.of(id).shape, axes);
  const [only, ...others] = inner;
  if (only === undefined || others.length > 0 || only.power !== 1) return false;
  const { part } = only;
  return (
    typeof part === "number" &&
    isMeanOf(at, part, axes) &&
    at.of(part).shape.length === at.of(id).shape.length
  );
}

/** Whether it is x - mean x, with the mean over these axes. */
export function isMeanOf(at: Site, id: number, axes: readonly number[]): boolean {
  const { op, parents, shape } = at.of(id);
  if (op !== Sub) return false;
  const [x, m] = parents as readonly [number, number];
  const own = at.of(x).shape;
  if (own.length !== shape.length || !stretchesTo(own, shape) || sizeOf(own) !== sizeOf(shape)) return false;
  const { coefficient, factors } = productOf(at, m);
  const [factor, ...others] = factors;
  if (factor === undefined || others.length > 0 || factor.power !== 1) return false;
  const { op: by, params, parents: from } = at.of(factor.part as number);
  if ((by !== Mean && by !== Sum) || from[0] !== x || !sameAxes((params as Reduction).axes, axes))
    return false;
  const n = by === Mean ? 1 : sizeAlong(own, axes);
  return Math.abs(coefficient * n - 1) < 1e-15;
}
