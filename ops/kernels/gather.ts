/** Elements picked by index, and put back. */
import { IndexError } from "../../graph/errors.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";

/**
 * Indices into an axis of size n as positions counted from the front. All are looked at before any is used.
 *
 * @throws IndexError where one is outside [-n, n)
 */
export function positionsOf(op: string, indices: NdArray, axis: number, n: number): Int32Array {
  const { data } = indices;
  const positions = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const index = data[i]!;
    if (index < -n || index >= n) {
      throw new IndexError(
        op,
        n === 0 ? `no index, as axis ${axis} is empty` : `indices from ${-n} to ${n - 1} for axis ${axis}`,
        `${index} at position ${i}`,
      );
    }
    positions[i] = index < 0 ? index + n : index;
  }
  return positions;
}

/** y[o, i] = x[o, positions[i]], each a row of `inner` elements; x has n rows for each o. */
export function gatherRows(x: NdArray, positions: Int32Array, n: number, inner: number, y: Output): void {
  const from = x.data;
  const to = y.data;
  const count = positions.length;
  if (to.length === 0) return;
  const outer = to.length / (count * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      const a = (o * n + positions[i]!) * inner;
      const b = (o * count + i) * inner;
      for (let j = 0; j < inner; j++) to[b + j] = from[a + j]!;
    }
  }
}

/** y[o, positions[i]] += x[o, i], in the order of i: always the same sums. float32 is summed in float64. */
export function scatterAddRows(x: NdArray, positions: Int32Array, n: number, inner: number, y: Output): void {
  const from = x.data;
  const count = positions.length;
  if (from.length === 0) return;
  const sums = y.dtype === "float32" ? new Float64Array(y.data.length) : y.data;
  const outer = from.length / (count * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      const a = (o * count + i) * inner;
      const b = (o * n + positions[i]!) * inner;
      for (let j = 0; j < inner; j++) sums[b + j] = sums[b + j]! + from[a + j]!;
    }
  }
  if (sums !== y.data) y.data.set(sums);
}
