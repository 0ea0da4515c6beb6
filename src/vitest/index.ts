/**
 * Matchers for vitest, added by importing this file (from a set-up file, or from the test).
 *
 *     import "wengert/vitest";
 *     expect(myLayer).toHaveCorrectGradients(x, gamma, beta);
 *
 * For Jest there is `wengert/matchers`.
 */
import { expect } from "vitest";
import { type Closeness, type Layer, matchers, type WengertMatchers } from "../matchers/index.ts";

declare module "vitest" {
  // The names and parameters are vitest's: an augmentation has to repeat them.
  interface Assertion<T> extends WengertMatchers<void, T> {}
  // What has to be awaited cannot stand inside an expected value.
  interface AsymmetricMatchersContaining extends Omit<WengertMatchers, "toKillAllMutants"> {}
}

expect.extend(matchers);

export { type Closeness, type Layer, matchers, type WengertMatchers };
