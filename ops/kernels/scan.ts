/** Loops that carry a value along one axis. float32 is carried in float64. */
import { type Shape, sizeOf } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";

export interface Scan {
  readonly axis: number;
  /** What is carried is given before each element is taken in, not after. */
  readonly exclusive: boolean;
  /** From the last element to the first. */
  readonly reverse: boolean;
}

/** y_i = x_0 + ... + x_i; exclusive: up to x_{i-1}. */
export function runningSum(x: NdArray, { axis, exclusive, reverse }: Scan, y: Output): void {
  const { outer, n, inner } = lanes(x.shape, axis);
  const [from, to] = [x.data, y.data];
  const carried = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    carried.fill(0);
    for (let k = 0; k < n; k++) {
      const start = (o * n + (reverse ? n - 1 - k : k)) * inner;
      for (let j = 0; j < inner; j++) {
        const before = carried[j]!;
        const after = before + from[start + j]!;
        carried[j] = after;
        to[start + j] = exclusive ? before : after;
      }
    }
  }
}

/** y_i = x_0 ... x_i; exclusive: up to x_{i-1}. Integers wrap as int32 does. */
export function runningProduct(x: NdArray, { axis, exclusive, reverse }: Scan, y: Output): void {
  const { outer, n, inner } = lanes(x.shape, axis);
  const [from, to] = [x.data, y.data];
  const carried = new Float64Array(inner);
  const isInt = y.dtype === "int32";
  for (let o = 0; o < outer; o++) {
    carried.fill(1);
    for (let k = 0; k < n; k++) {
      const start = (o * n + (reverse ? n - 1 - k : k)) * inner;
      for (let j = 0; j < inner; j++) {
        const before = carried[j]!;
        const v = from[start + j]!;
        const after = isInt ? Math.imul(before, v) : before * v;
        carried[j] = after;
        to[start + j] = exclusive ? before : after;
      }
    }
  }
}

/**
 * y_0 = 0, y_{i+1} = a_i y_i + b_i.
 *
 * A product with an exact 0 in it is 0, as in `scale`: nothing has yet been carried past an infinite a_i, so nothing
 * becomes NaN there.
 */
export function recurrenceLoop(
  a: NdArray,
  b: NdArray,
  { axis, reverse }: Pick<Scan, "axis" | "reverse">,
  y: Output,
): void {
  const { outer, n, inner } = lanes(y.shape, axis);
  const [factors, terms, to] = [a.data, b.data, y.data];
  const carried = new Float64Array(inner);
  const isInt = y.dtype === "int32";
  for (let o = 0; o < outer; o++) {
    carried.fill(0);
    for (let k = 0; k < n; k++) {
      const start = (o * n + (reverse ? n - 1 - k : k)) * inner;
      for (let j = 0; j < inner; j++) {
        const before = carried[j]!;
        const factor = factors[start + j]!;
        to[start + j] = before;
        const product = isInt ? Math.imul(factor, before) : factor * before;
        const isLost = Number.isNaN(product) && (factor === 0 || before === 0);
        carried[j] = (isLost ? 0 : product) + terms[start + j]!;
      }
    }
  }
}

/** x as [outer, n, inner], n along the axis. */
export function lanes(shape: Shape, axis: number): { outer: number; n: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), n: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}
