/** Measures of arrays that the laws compare by. */
import type { Numbers } from "../../graph/dtype.ts";
import type { NdArray } from "../../graph/tensor.ts";

export function dot(a: NdArray, b: NdArray): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += a.data[i]! * b.data[i]!;
  return sum;
}

export function norm(a: NdArray): number {
  return Math.sqrt(dot(a, a));
}

/** Root mean square; 0 of nothing. */
export function rms(data: Numbers): number {
  let sum = 0;
  for (const v of data) sum += v * v;
  return data.length === 0 ? 0 : Math.sqrt(sum / data.length);
}

/** How widely the numbers are scattered; for one number, or equal ones, how large they are. */
export function spread({ data }: NdArray): number {
  if (data.length === 0) return 1;
  let mean = 0;
  for (const v of data) mean += v / data.length;
  const deviation = rms(Float64Array.from(data, (v) => v - mean));
  return deviation > 0 ? deviation : Math.abs(mean) || 1;
}

/**
 * The first element that differs, or null.
 *
 * Relative to the element or to the size of its fellows, whichever is more: never to some other array.
 */
export function firstDifference(actual: NdArray, expected: NdArray, tolerance: number): string | null {
  if (`${actual.shape}` !== `${expected.shape}`) return `[${actual.shape}] for [${expected.shape}]`;
  const typical = rms(expected.data);
  for (let i = 0; i < expected.data.length; i++) {
    const a = actual.data[i]!;
    const e = expected.data[i]!;
    if (Object.is(a, e)) continue;
    // Written so that NaN fails.
    if (!(Math.abs(a - e) <= tolerance * Math.max(Math.abs(e), typical))) return `${a} for ${e} at ${i}`;
  }
  return null;
}

/** The first element that is not the same to the bit, or null. */
export function firstChange(actual: NdArray, expected: NdArray): string | null {
  if (actual.data.length !== expected.data.length) return `${actual.data.length} numbers`;
  for (let i = 0; i < expected.data.length; i++) {
    if (!Object.is(actual.data[i], expected.data[i]))
      return `${actual.data[i]} for ${expected.data[i]} at ${i}`;
  }
  return null;
}

/** The first violation that some item shows, or null. */
export function first<T>(
  items: Iterable<T>,
  violation: (item: T, index: number) => string | null,
): string | null {
  let index = 0;
  for (const item of items) {
    const found = violation(item, index++);
    if (found !== null) return found;
  }
  return null;
}
