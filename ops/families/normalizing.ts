/** What normalisations share: which axes are averaged over, and how gamma and beta lie along the others. */
import { type DType, promoteReal } from "../../graph/dtype.ts";
import { ArgumentError, describe, ShapeError } from "../../graph/errors.ts";
import { checkedOptions } from "../../graph/options.ts";
import type { Arrays, Draw } from "../../graph/primitive.ts";
import { type Axes, normalizeAxes, type Shape, stretchesTo } from "../../graph/shape.ts";
import { asTensor, type Spec, type Tensor, type TensorLike } from "../../graph/tensor.ts";
import { alignedShape, shapeOn } from "../kernels/normalize.ts";
import { reshape } from "../reshape.ts";
import { sumTo } from "../sumTo.ts";
import { asReal } from "./asReal.ts";
import { zerosLike } from "./samples.ts";

export type XGammaBeta = readonly [x: Tensor, gamma: Tensor, beta: Tensor];

export interface Normalizing {
  /** The axes that mean and variance are taken over. */
  readonly axes?: Axes;
  /** Added to the variance, inside the root. */
  readonly eps?: number;
}

export interface NormParams {
  readonly axes: readonly number[];
  readonly eps: number;
}

export const EPS = 1e-5;

/**
 * What is to be normalised, scaled and shifted: numbers adopt x's dtype.
 *
 * @throws ArgumentError naming what is no tensor, DTypeError where they do not meet in one dtype
 */
export function normOperands(op: string, x: TensorLike, gamma: TensorLike, beta: TensorLike): XGammaBeta {
  const t = asTensor(op, x, "float64", "x");
  const g = asTensor(op, gamma, t.dtype, "gamma");
  const b = asTensor(op, beta, t.dtype, "beta");
  return [asReal(t, normDType(op, t, g, b)), g, b];
}

/**
 * @returns the axes as they were given, if they were, and eps
 * @throws ArgumentError for other options, or an eps that is none
 */
export function normOptions(
  op: string,
  options: Normalizing,
): { readonly axes: Axes | undefined; readonly eps: number } {
  const { axes, eps = EPS } = checkedOptions(op, options, ["axes", "eps"]);
  return { axes, eps: checkedEps(op, eps) };
}

/** The eps alone, where the axes are not to be chosen. @throws ArgumentError likewise */
export function epsOf(op: string, options: Pick<Normalizing, "eps">): number {
  const { eps = EPS } = checkedOptions(op, options, ["eps"]);
  return checkedEps(op, eps);
}

/** @throws ArgumentError unless eps is a number >= 0. */
export function checkedEps(op: string, eps: number): number {
  if (typeof eps !== "number" || !(eps >= 0) || eps === Number.POSITIVE_INFINITY) {
    throw new ArgumentError(op, "eps to be a finite number >= 0", describe(eps));
  }
  return eps;
}

/**
 * The axes over which batch normalisation averages: the first, for rows of features. With more axes the layout has
 * to be said, because no default would be right for both conventions.
 *
 * @throws ShapeError, AxisError
 */
export function batchAxes(op: string, x: Spec, axes: Axes | undefined): readonly number[] {
  if (axes === undefined && x.shape.length !== 2) {
    throw new ShapeError(
      op,
      "x of shape [N, D], or axes",
      `[${x.shape}]`,
      "say which axes to average over: { axes: [0, 2, 3] } for NCHW, { axes: [0, 1, 2] } for NHWC",
    );
  }
  return normalizeAxes(op, axes === undefined ? 0 : axes, x.shape.length);
}

/** The axes that are not among these. */
export function otherAxes(rank: number, axes: readonly number[]): readonly number[] {
  const others: number[] = [];
  for (let k = 0; k < rank; k++) if (!axes.includes(k)) others.push(k);
  return others;
}

/** @throws ShapeError unless every one of these (gamma, beta, ...) lies along these axes of x. */
export function assertAligned(
  op: string,
  x: Spec,
  parameters: Readonly<Record<string, Spec>>,
  along: readonly number[],
): Shape {
  for (const name of Object.keys(parameters)) {
    const { shape } = parameters[name]!;
    if (alignedShape(shape, x.shape, along) !== null) continue;
    const full = shapeOn(x.shape, along);
    const bare = along.map((axis) => x.shape[axis]!);
    throw new ShapeError(op, `${name} of shape [${bare}] or [${full}], for x of [${x.shape}]`, `[${shape}]`);
  }
  return x.shape;
}

/** The parameter in the shape in which it broadcasts against x. */
export function aligned(parameter: Tensor, x: Shape, along: readonly number[]): Tensor {
  return reshape(parameter, alignedShape(parameter.shape, x, along) ?? parameter.shape);
}

/** The adjoint of {@link aligned}, from sums that were kept as ones along x's other axes. */
export function backTo(sums: Tensor, parameter: Shape): Tensor {
  return stretchesTo(parameter, sums.shape) ? sumTo(sums, parameter) : reshape(sums, parameter);
}

export function normDType(op: string, x: Spec, gamma: Spec, beta: Spec): DType {
  return promoteReal(op, promoteReal(op, x.dtype, gamma.dtype), beta.dtype);
}

export function drawn(draw: Draw, x: Shape, parameter: Shape): Arrays<XGammaBeta> {
  return [draw.normal(x), draw.uniform(parameter, 0.5, 2), draw.normal(parameter)];
}

export function triple(x: Shape, parameter: Shape): Arrays<XGammaBeta> {
  return [zerosLike(x), zerosLike(parameter), zerosLike(parameter)];
}
