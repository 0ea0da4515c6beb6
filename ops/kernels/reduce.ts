/** Loops that combine elements along axes. */
import type { Data, Numbers } from "../../graph/dtype.ts";
import { type Shape, sizeOf } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";

/** Combines x, seen as [outer, n, inner], over n; y is [outer, inner]. */
export type ReduceLoop = (x: Numbers, outer: number, n: number, inner: number, y: Data) => void;

/**
 * Reduce `axes` of x into y. Neighbouring axes are taken together; where several groups are left, the last goes
 * first, and what is in between is kept in float64.
 */
export function reduce(x: NdArray, axes: readonly number[], y: Output, loop: ReduceLoop): void {
  let data: Numbers = x.data;
  let shape: Shape = x.shape;
  let end = axes.length;
  do {
    let begin = end;
    do begin--;
    while (begin > 0 && axes[begin - 1] === axes[begin]! - 1);
    const from = end === 0 ? shape.length : axes[begin]!;
    const to = end === 0 ? shape.length : axes[end - 1]! + 1;
    const outer = sizeOf(shape.slice(0, from));
    const n = sizeOf(shape.slice(from, to));
    const inner = sizeOf(shape.slice(to));
    end = Math.max(begin, 0);
    const target = end === 0 && y.dtype !== "float32" ? y.data : new Float64Array(outer * inner);
    loop(data, outer, n, inner, target);
    data = target;
    shape = [...shape.slice(0, from), ...shape.slice(to)];
  } while (end > 0);
  if (data !== y.data) y.data.set(data as Data);
}

/** Sums by pairs of halves along contiguous runs (error grows as log n), one after the other across rows. */
export const sumLoop: ReduceLoop = (x, outer, n, inner, y) => {
  if (inner === 1) {
    for (let o = 0; o < outer; o++) y[o] = pairwise(x, o * n, n);
    return;
  }
  for (let o = 0; o < outer; o++) {
    const into = o * inner;
    for (let r = 0; r < n; r++) {
      const from = (o * n + r) * inner;
      for (let j = 0; j < inner; j++) y[into + j] = y[into + j]! + x[from + j]!;
    }
  }
};

export function pairwise(x: Numbers, start: number, n: number): number {
  if (n > 256) {
    const half = (n >> 4) << 3;
    return pairwise(x, start, half) + pairwise(x, start + half, n - half);
  }
  // Four chains: an addition need not wait for the one before.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const end = start + n;
  let i = start;
  for (; i + 3 < end; i += 4) {
    a += x[i]!;
    b += x[i + 1]!;
    c += x[i + 2]!;
    d += x[i + 3]!;
  }
  for (; i < end; i++) a += x[i]!;
  return a + b + (c + d);
}

/** A loop for any other combination, such as the maximum, from its value on nothing. */
export function foldLoop(f: (a: number, b: number) => number, initial: number): ReduceLoop {
  return (x, outer, n, inner, y) => {
    for (let o = 0; o < outer; o++) {
      for (let j = 0; j < inner; j++) {
        let acc = initial;
        for (let r = 0; r < n; r++) acc = f(acc, x[(o * n + r) * inner + j]!);
        y[o * inner + j] = acc;
      }
    }
  };
}
