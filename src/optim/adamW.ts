import { checkedOptions, NONE } from "../../graph/options.ts";
import { ADAM, type AdamOptions, type AdamState, adamLike } from "./adam.ts";
import { checkedNonNegative } from "./checked.ts";
import type { Optimizer } from "./optimizer.ts";

export interface AdamWOptions extends AdamOptions {
  /** How much of itself, times the learning rate, a parameter loses at each step; 0.01 unless given. */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019):
 *
 *     w ← (1 - rate weightDecay) w - rate mHat / (√vHat + eps)
 *
 * The decay is no part of the gradient, so it is not divided by √vHat: that is the difference from an L2 term in the
 * loss. It is multiplied by the learning rate, as in PyTorch and Keras; in the paper by the schedule alone, so the
 * paper's decay is ours times the schedule's first rate. Keras has a default of 0.004.
 *
 * All parameters decay, those of norms and biases too. To spare some, give them an optimiser of their own.
 *
 * @throws as {@link adam}, and ArgumentError for a weightDecay that is no finite number >= 0
 */
export function adamW(options: AdamWOptions = NONE): Optimizer<AdamState> {
  const { weightDecay = 0.01, ...others } = checkedOptions("adamW", options, [...ADAM, "weightDecay"]);
  return adamLike("adamW", others, checkedNonNegative("adamW", "weightDecay", weightDecay));
}
