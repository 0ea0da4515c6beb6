/** Loops that combine elements along axes. */
import type { Data, Numbers } from "../../graph/dtype.ts";
import { type Shape, sizeOf } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";
import { halfOf, isReducedByVectors, RUN } from "./wasm/reduce/reduce.ts";
import { isEnough } from "./wasm/worth.ts";

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
  while (end > 1 && axes[0] !== axes[end - 1]! - (end - 1)) {
    let begin = end - 1;
    while (begin > 0 && axes[begin - 1] === axes[begin]! - 1) begin--;
    const from = axes[begin]!;
    const to = axes[end - 1]! + 1;
    const between = new Float64Array(sizeOf(shape) / product(shape, from, to));
    loop(data, product(shape, 0, from), product(shape, from, to), product(shape, to, shape.length), between);
    data = between;
    shape = [...shape.slice(0, from), ...shape.slice(to)];
    end = begin;
  }
  const from = end === 0 ? shape.length : axes[0]!;
  const to = end === 0 ? shape.length : axes[end - 1]! + 1;
  const into = y.dtype === "float32" ? new Float64Array(y.data.length) : y.data;
  loop(data, product(shape, 0, from), product(shape, from, to), product(shape, to, shape.length), into);
  if (into !== y.data) y.data.set(into);
}

/** How many elements the axes from `from` to below `to` span. */
function product(shape: Shape, from: number, to: number): number {
  let n = 1;
  for (let k = from; k < to; k++) n *= shape[k]!;
  return n;
}

/** Sums by pairs of halves along contiguous runs (error grows as log n), one after the other across rows. */
export const sumLoop: ReduceLoop = (x, outer, n, inner, y) => {
  if (isEnough(outer * n * inner) && isReducedByVectors("add", x, outer, n, inner, y)) return;
  if (inner === 1) {
    for (let o = 0; o < outer; o++) y[o] = pairwise(x, o * n, n);
    return;
  }
  for (let o = 0; o < outer; o++) {
    const into = o * inner;
    let from = o * n * inner;
    let r = 0;
    // Four rows at a time, in the same order: the sums are read and written a quarter as often.
    for (; r + 3 < n; r += 4, from += 4 * inner) {
      const second = from + inner;
      const third = second + inner;
      const fourth = third + inner;
      for (let j = 0; j < inner; j++) {
        y[into + j] = y[into + j]! + x[from + j]! + x[second + j]! + x[third + j]! + x[fourth + j]!;
      }
    }
    for (; r < n; r++, from += inner) {
      for (let j = 0; j < inner; j++) y[into + j] = y[into + j]! + x[from + j]!;
    }
  }
};

function pairwise(x: Numbers, start: number, n: number): number {
  if (n > RUN) {
    const half = halfOf(n);
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
