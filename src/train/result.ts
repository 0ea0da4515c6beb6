import type { Standing } from "../nn/model.ts";
import type { Tree } from "../tree.ts";

/** The parameters of the best validation accuracy, with the state (running statistics, say) that belongs to them. */
export interface Best<P extends Tree, S> extends Standing<P, S> {
  /** NaN where none was measured: then this is where training began. */
  readonly accuracy: number;
  /** After how many steps. */
  readonly iteration: number;
}

/** What comes of training: plain data, that nothing changes any more. */
export interface TrainingResult<P extends Tree, S> {
  /** All steps taken; stopped before that; or at a loss, a gradient or parameters that were not finite. */
  readonly ended: "finished" | "stopped" | "diverged";
  /** Steps taken. */
  readonly iterations: number;
  /** Whole epochs gone through. */
  readonly epochs: number;
  /** The loss of each step's batch, before the step. */
  readonly lossHistory: readonly number[];
  /** After the first step, at the end of each epoch, and after the last step. */
  readonly trainAccuracyHistory: readonly number[];
  /** Likewise. */
  readonly valAccuracyHistory: readonly number[];
  readonly best: Best<P, S>;
  /** Where the last step led; if it diverged, where the loss was last finite. */
  readonly last: Standing<P, S>;
}

/** What a step has to tell. */
export interface TrainingStep {
  /** Which step it was, counted from 1, and of how many. */
  readonly iteration: number;
  readonly iterations: number;
  /** Whole epochs gone through, and how many there will be. */
  readonly epoch: number;
  readonly epochs: number;
  /** The loss of the step's batch, before the step. */
  readonly loss: number;
  /** Where it was measured: after the first step, at the end of an epoch, after the last step. */
  readonly accuracy: { readonly train: number; readonly val: number } | null;
}
