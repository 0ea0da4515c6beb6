import { sizeOf } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";
import { lanes } from "./scan.ts";

/**
 * Where along an axis (along all of x, for null) the largest of sign · x stands: the first of several, and the first
 * NaN before any number.
 */
export function positions(x: NdArray, axis: number | null, sign: 1 | -1, y: Output): void {
  const { outer, n, inner } =
    axis === null ? { outer: 1, n: sizeOf(x.shape), inner: 1 } : lanes(x.shape, axis);
  const { data } = x;
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const first = o * n * inner + j;
      let best = sign * data[first]!;
      let at = 0;
      for (let r = 1; r < n && !Number.isNaN(best); r++) {
        const v = sign * data[first + r * inner]!;
        if (v > best || Number.isNaN(v)) {
          best = v;
          at = r;
        }
      }
      y.data[o * inner + j] = at;
    }
  }
}
