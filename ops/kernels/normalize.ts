/** Normalisation in one kernel: statistics in two passes, in float64, and one loop that applies them. */
import type { Numbers } from "../../graph/dtype.ts";
import { type Shape, sameShape, sizeAlong, sizeOf, stretchesTo } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";
import { mapKernel } from "./map.ts";
import { reduce, sumLoop } from "./reduce.ts";
import { add, div, input, mul, sub } from "./scalar.ts";

export interface Normalization {
  /** The axes that statistics are taken over. */
  readonly axes: readonly number[];
  /** The axes that gamma and beta lie along. */
  readonly along: readonly number[];
  /** Added to the variance, inside the root. */
  readonly eps: number;
}

/**
 * y = γ (x - μ) / √(σ² + eps) + β, with mean and biased variance over `axes`.
 *
 * Sums are formed in float64 whatever x is, so float32 data lose nothing.
 */
export function normalize(
  x: NdArray,
  gamma: NdArray,
  beta: NdArray,
  { axes, along, eps }: Normalization,
  y: Output,
): void {
  const runs = runsOf(x.shape, axes);
  const n = sizeAlong(x.shape, axes);
  const mu = meanOver(x, axes, runs.count, n);
  const sigma = varianceOver(x.data, runs, n, mu);
  for (let c = 0; c < sigma.length; c++) sigma[c] = Math.sqrt(sigma[c]! + eps);

  const shape = x.shape.map((d, k) => (axes.includes(k) ? 1 : d));
  const dtype = "float64";
  const parameter = ({ data, ...p }: NdArray): NdArray => ({
    data,
    dtype: p.dtype,
    shape: alignedShape(p.shape, x.shape, along) ?? p.shape,
  });
  const statistics = [mu, sigma].map((data): NdArray => ({ shape, dtype, data }));
  apply([x, ...statistics, parameter(gamma), parameter(beta)], undefined, y);
}

/** x's shape on some axes, 1 on the others. */
export function shapeOn(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((d, k) => (axes.includes(k) ? d : 1));
}

/**
 * The shape in which a parameter broadcasts against x, or null where it does not fit.
 *
 * A parameter may have just the sizes of the axes that it lies along ([C] for NCHW), or ones on the others too
 * ([1, C, 1, 1]), or be stretched ([1], a scalar).
 */
export function alignedShape(parameter: Shape, x: Shape, along: readonly number[]): Shape | null {
  const full = shapeOn(x, along);
  if (stretchesTo(parameter, full)) return parameter;
  return sameShape(
    parameter,
    along.map((axis) => x[axis]!),
  )
    ? full
    : null;
}

const apply = mapKernel(add(mul(input(3), div(sub(input(0), input(1)), input(2))), input(4)));

/** x as contiguous runs, each of which either falls into one statistic or has one for each of its elements. */
interface Runs {
  readonly length: number;
  readonly isReduced: boolean;
  /** For each run, the first statistic that it goes into. */
  readonly first: Int32Array;
  /** How many statistics there are. */
  readonly count: number;
}

function runsOf(shape: Shape, axes: readonly number[]): Runs {
  // The innermost axes of one kind make the run; what is left is counted through.
  let rank = shape.length;
  const isReduced = rank > 0 && axes.includes(rank - 1);
  let length = 1;
  while (rank > 0 && axes.includes(rank - 1) === isReduced) length *= shape[--rank]!;
  const count = sizeOf(shape.filter((_, k) => !axes.includes(k)));
  let first = new Int32Array(1);
  let stride = isReduced ? 1 : length;
  for (let k = rank - 1; k >= 0; k--) {
    const step = axes.includes(k) ? 0 : stride;
    const inner = first;
    first = new Int32Array(inner.length * shape[k]!);
    for (let i = 0; i < shape[k]!; i++) {
      for (let j = 0; j < inner.length; j++) first[i * inner.length + j] = i * step + inner[j]!;
    }
    if (step > 0) stride *= shape[k]!;
  }
  return { length, isReduced, first, count };
}

function meanOver(x: NdArray, axes: readonly number[], count: number, n: number): Float64Array {
  const mu = new Float64Array(count);
  reduce(x, axes, { shape: [count], dtype: "float64", data: mu }, sumLoop);
  for (let c = 0; c < count; c++) mu[c] = mu[c]! / n;
  return mu;
}

function varianceOver(
  x: Numbers,
  { length, isReduced, first, count }: Runs,
  n: number,
  mu: Float64Array,
): Float64Array {
  const variance = new Float64Array(count);
  for (let r = 0; r < first.length; r++) {
    const from = r * length;
    const c = first[r]!;
    if (isReduced) {
      const m = mu[c]!;
      let sum = 0;
      for (let j = 0; j < length; j++) {
        const d = x[from + j]! - m;
        sum += d * d;
      }
      variance[c] = variance[c]! + sum;
    } else {
      for (let j = 0; j < length; j++) {
        const d = x[from + j]! - mu[c + j]!;
        variance[c + j] = variance[c + j]! + d * d;
      }
    }
  }
  for (let c = 0; c < count; c++) variance[c] = variance[c]! / n;
  return variance;
}
