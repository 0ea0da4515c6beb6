/**
 * Matchers for vitest, added by importing this file (from a set-up file, or from the test).
 *
 *     import "wengert/vitest";
 *     expect(myLayer).toHaveCorrectGradients(x, gamma, beta);
 */
import { expect } from "vitest";
import type { Tensor } from "../../graph/index.ts";
import type { Tree } from "../tree.ts";
import { matchers } from "./matchers.ts";
import type { Layer } from "./toAgreeWith.ts";
import type { Closeness } from "./toBeCloseToTensor.ts";

interface WengertMatchers<R = unknown> {
  /** A function's derivatives at these inputs are certified: see `certify`. Fails with the report. */
  toHaveCorrectGradients(...x: readonly (Tree | number)[]): R;
  /** The same function as `reference`: values and all gradients agree entry by entry, to 1e-10. */
  toAgreeWith(reference: Layer, ...x: readonly (Tree | number)[]): R;
  /** A tensor of the same shape and dtype, each entry within ulps, `relative` of the largest expected (1e-10), or `absolute`. */
  toBeCloseToTensor(expected: Tensor, options?: Closeness): R;
}

declare module "vitest" {
  // The names and parameters are vitest's: an augmentation has to repeat them.
  interface Assertion<T> extends WengertMatchers<T> {}
  interface AsymmetricMatchersContaining extends WengertMatchers {}
}

expect.extend(matchers);

export { type Closeness, type Layer, matchers };
