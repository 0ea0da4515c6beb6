import { expect } from "vitest";
import type { Tensor } from "../../graph/tensor.ts";

/**
 * Shape, and every entry, within `relative` of the larger of the entry and of `floor` times the largest one. NaN
 * agrees with NaN, an infinity with itself.
 */
export function expectClose(actual: Tensor, expected: Tensor, relative = 1e-10, floor = 1): void {
  expect([...actual.shape]).toEqual([...expected.shape]);
  let largest = 0;
  for (const e of expected.data) if (Number.isFinite(e)) largest = Math.max(largest, Math.abs(e));
  for (let i = 0; i < expected.size; i++) {
    const a = actual.data[i]!;
    const e = expected.data[i]!;
    if (Object.is(a, e) || a === e) continue;
    const error = Math.abs(a - e) / Math.max(Math.abs(e), floor * largest, Number.MIN_VALUE);
    if (!(error <= relative)) {
      expect.fail(
        `entry ${i} is ${a}, expected ${e}: differs by ${error.toExponential(1)}, more than ${relative}`,
      );
    }
  }
}

/** The course's measure: max |a - b| / max(1e-8, |a| + |b|). */
export function relError(a: Tensor, b: Tensor): number {
  let worst = 0;
  for (let i = 0; i < a.size; i++) {
    const [p, q] = [a.data[i]!, b.data[i]!];
    worst = Math.max(worst, Math.abs(p - q) / Math.max(1e-8, Math.abs(p) + Math.abs(q)));
  }
  return worst;
}
