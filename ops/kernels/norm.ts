/** Euclidean lengths that neither overflow nor underflow on the way. */
import type { Numbers } from "../../graph/dtype.ts";
import type { ReduceLoop } from "./reduce.ts";

/**
 * √Σx². Squares are summed as they are, and that is the answer unless they left float64's range: only then are they
 * formed again, of x over its largest element.
 */
export const normLoop: ReduceLoop = (x, outer, n, inner, y) => {
  for (let o = 0; o < outer; o++) {
    const into = o * inner;
    const first = o * n * inner;
    const end = first + n * inner;
    if (inner === 1) {
      let sum = 0;
      for (let i = first; i < end; i++) sum += x[i]! * x[i]!;
      y[o] = sum;
    } else {
      for (let from = first; from < end; from += inner) {
        for (let j = 0; j < inner; j++) y[into + j] = y[into + j]! + x[from + j]! * x[from + j]!;
      }
    }
    for (let j = 0; j < inner; j++) {
      const sum = y[into + j]!;
      const isSafe = sum > SMALLEST && sum < Number.POSITIVE_INFINITY;
      y[into + j] = isSafe ? Math.sqrt(sum) : scaled(x, first + j, end, inner);
    }
  }
};

/** A sum of squares above it has lost nothing that counts to squares that underflowed. */
const SMALLEST = 2 ** -900;

function scaled(x: Numbers, first: number, end: number, step: number): number {
  let most = 0;
  for (let i = first; i < end; i += step) most = Math.max(most, Math.abs(x[i]!));
  if (most === 0 || most === Number.POSITIVE_INFINITY || Number.isNaN(most)) return most;
  let sum = 0;
  for (let i = first; i < end; i += step) sum += (x[i]! / most) ** 2;
  return most * Math.sqrt(sum);
}
