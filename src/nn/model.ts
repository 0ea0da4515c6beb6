import type { Tensor } from "../../graph/index.ts";
import type { Tree } from "../tree.ts";

/** Where a model stands: what is trained, and what only moves along. Both are immutable values. */
export interface Standing<P extends Tree, S> {
  /** The parameters: a tree of tensors. */
  readonly params: P;
  /**
   * What a step changes without a gradient: running statistics (tensors), the state of a generator (plain data, fit
   * for JSON). null where there is nothing of the kind.
   */
  readonly state: S;
}

/** What one look at a batch gives, in training mode. */
export interface Step<P extends Tree, S> {
  readonly loss: number;
  /** A tree like the parameters. */
  readonly grads: P;
  /** The state after the step: the statistics folded, the generator moved on. */
  readonly state: S;
}

/**
 * A network with its loss: `{ params, state }` to begin with, and a pure function of them.
 *
 * Without labels `loss` gives the scores, [N, C], in evaluation mode; with labels (int32 of [N]) the mean loss and its
 * gradients, in training mode.
 */
export interface Model<P extends Tree = Tree, S = unknown> extends Standing<P, S> {
  loss(at: Standing<P, S>, x: Tensor): Tensor;
  loss(at: Standing<P, S>, x: Tensor, labels: Tensor): Step<P, S>;
}
