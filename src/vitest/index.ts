/**
 * Matchers for vitest, added by importing this file (from a set-up file, or from the test).
 *
 *     import "wengert/vitest";
 *     expect(myLayer).toHaveCorrectGradients(x, gamma, beta);
 */
import { expect } from "vitest";
import { sameShape, Tensor } from "../../graph/index.ts";
import { certify } from "../certify/certify.ts";
import type { Tree } from "../tree.ts";

interface WengertMatchers<R = unknown> {
  /** A function's derivatives at these inputs are certified: see `certify`. Fails with the report. */
  toHaveCorrectGradients(...x: readonly (Tree | number)[]): R;
  /** A tensor of the same shape and dtype, each entry within `relative` of the largest entry expected (1e-10). */
  toBeCloseToTensor(expected: Tensor, options?: { readonly relative?: number }): R;
}

declare module "vitest" {
  // The names and parameters are vitest's: an augmentation has to repeat them.
  interface Assertion<T> extends WengertMatchers<T> {}
  interface AsymmetricMatchersContaining extends WengertMatchers {}
}

expect.extend({
  toHaveCorrectGradients(f: (...x: readonly unknown[]) => Tree, ...x: readonly unknown[]) {
    const report = certify(f, ...x);
    return {
      pass: report.verdict === "agrees",
      message: () => `expected the gradients ${this.isNot ? "not " : ""}to be correct\n\n${report}`,
    };
  },

  toBeCloseToTensor(
    actual: unknown,
    expected: Tensor,
    { relative = 1e-10 }: { readonly relative?: number } = {},
  ) {
    if (!(actual instanceof Tensor))
      return { pass: false, message: () => `expected a tensor, got ${actual}` };
    if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape)) {
      const said = `expected ${expected.dtype}[${expected.shape}], got ${actual.dtype}[${actual.shape}]`;
      return { pass: false, message: () => said };
    }
    const { at, difference } = worstEntry(actual, expected);
    return {
      pass: difference <= relative,
      message: () =>
        `expected tensors ${this.isNot ? "not " : ""}to agree to ${relative}: ` +
        `entry ${at} is ${actual.data[at]}, expected ${expected.data[at]} (differs by ${difference.toExponential(1)})`,
    };
  },
});

/** Differences are relative to the largest finite entry; NaN agrees with NaN, an infinity with itself. */
function worstEntry(actual: Tensor, expected: Tensor): { readonly at: number; readonly difference: number } {
  let largest = 0;
  for (const e of expected.data) if (Number.isFinite(e)) largest = Math.max(largest, Math.abs(e));
  let worst = { at: 0, difference: 0 };
  for (let i = 0; i < expected.size; i++) {
    const a = actual.data[i]!;
    const e = expected.data[i]!;
    if (Object.is(a, e) || a === e) continue;
    const gap = Math.abs(a - e) / largest;
    const difference = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
    if (difference > worst.difference) worst = { at: i, difference };
  }
  return worst;
}
