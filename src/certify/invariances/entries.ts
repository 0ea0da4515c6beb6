/** Two tensors, entry by entry: where they differ most. */
import type { Tensor } from "../../../graph/index.ts";
import { indexAt, type Worst } from "../worst.ts";

export interface Difference {
  readonly error: number;
  /** Null where no entry differs. */
  readonly worst: Worst | null;
}

/**
 * NaN agrees with NaN, an infinity with itself, and 0 with -0; otherwise what is not finite differs infinitely.
 *
 * @param expected of the same shape
 * @param gap how far apart two entries are, in whatever unit
 */
export function farthest(
  value: Tensor,
  expected: Tensor,
  gap: (value: number, expected: number, i: number) => number,
): Difference {
  let error = 0;
  let at = -1;
  for (let i = 0; i < expected.size; i++) {
    const a = Number(value.data[i]!);
    const b = Number(expected.data[i]!);
    if (a === b || Object.is(a, b)) continue;
    const made = Number.isFinite(a) && Number.isFinite(b) ? gap(a, b, i) : Number.POSITIVE_INFINITY;
    if (made <= error) continue;
    error = made;
    at = i;
  }
  if (at < 0) return { error, worst: null };
  const entry = { value: Number(value.data[at]!), expected: Number(expected.data[at]!) };
  return { error, worst: { index: indexAt(at, expected.shape), ...entry } };
}

/** {@link farthest}, relative to the largest entry expected, or to `size` where that is more. */
export function farthestRelative(value: Tensor, expected: Tensor, size = 0): Difference {
  const scale = Math.max(size, largest(expected));
  return farthest(value, expected, (a, b) => Math.abs(a - b) / scale);
}

/** The largest finite magnitude. */
export function largest({ data }: Tensor): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(Number(data[i]!));
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}
