/**
 * Matchers for any `expect` that can be extended, Jest's above all. Under vitest, import `wengert/vitest` instead,
 * which adds them and their types.
 *
 *     import { expect } from "@jest/globals";
 *     import { matchers, type WengertMatchers } from "wengert/matchers";
 *
 *     expect.extend(matchers);
 *     expect(myLayer).toHaveCorrectGradients(x, gamma, beta);
 *
 *     declare module "expect" {
 *       interface Matchers<R, T> extends WengertMatchers<R, T> {}
 *     }
 */
import type { Inputs, Tensor } from "../../graph/index.ts";
import type { Fused } from "../../ops/index.ts";
import type { MutationOptions } from "../certify/mutation/points.ts";
import type { Tree } from "../tree.ts";
import { type Layer, toAgreeWith } from "./toAgreeWith.ts";
import { type Closeness, toBeCloseToTensor } from "./toBeCloseToTensor.ts";
import { toHaveCorrectGradients } from "./toHaveCorrectGradients.ts";
import { toKillAllMutants } from "./toKillAllMutants.ts";

export const matchers: {
  readonly toAgreeWith: typeof toAgreeWith;
  readonly toBeCloseToTensor: typeof toBeCloseToTensor;
  readonly toHaveCorrectGradients: typeof toHaveCorrectGradients;
  readonly toKillAllMutants: typeof toKillAllMutants;
} = { toAgreeWith, toBeCloseToTensor, toHaveCorrectGradients, toKillAllMutants };

/** What they add to an assertion about a T that gives R. */
export interface WengertMatchers<R = unknown, T = unknown> {
  /** A function's derivatives at these inputs are certified: see `certify`. Fails with the report. */
  toHaveCorrectGradients(...x: readonly (Tree | number)[]): R;
  /** The same function as `reference`: values and all gradients agree entry by entry, to 1e-10. */
  toAgreeWith(reference: Layer, ...x: readonly (Tree | number)[]): R;
  /** A tensor of the same shape and dtype, each entry within ulps, `relative` of the largest expected (1e-10), or `absolute`. */
  toBeCloseToTensor(expected: Tensor, options?: Closeness): R;
  /**
   * Of an op made by `fused`: the test notices every error that `mutate` can plant in its backward. To be awaited.
   *
   * @param test notices by throwing, rejecting, or returning false or a report that disagrees: see `mutationScore`
   */
  toKillAllMutants(test: (op: T) => unknown, options?: OptionsFor<T>): Promise<void>;
}

/** What goes with that op. */
export type OptionsFor<T> = T extends Fused<infer I extends Inputs, infer P> ? MutationOptions<I, P> : never;

export type { Closeness, Layer };
