import { ArgumentError, describe } from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";
import type { Model, Standing } from "../nn/model.ts";
import type { Tree } from "../tree.ts";
import { checkedData, type TrainingData } from "./data.ts";
import { checkedLoop, type TrainingOptions } from "./options.ts";
import type { TrainingResult, TrainingStep } from "./result.ts";
import { Run } from "./run.ts";
import type { Snapshot } from "./snapshot.ts";

/** Training that whoever holds it drives, a step at a time: a page between its frames, a loop, {@link train}. */
export interface Training<P extends Tree, S> extends Iterable<TrainingStep> {
  /** Where it stands now. */
  readonly at: Standing<P, S>;
  /** Steps taken, and how many there will be; an epoch has so many. */
  readonly iteration: number;
  readonly iterations: number;
  readonly perEpoch: number;
  /**
   * Take a step. null where all have been taken.
   *
   * @throws DivergenceError where loss, gradients or new parameters are not finite, and at every call after that
   */
  step(): TrainingStep | null;
  /** What has come out so far: `stopped`, unless all steps have been taken. */
  result(): TrainingResult<P, S>;
  /** All that is needed to go on from here, bit for bit. */
  snapshot(): Snapshot;
}

/**
 * Training by the course's conventions, to be driven step by step: `for (const { loss } of training(...)) ...`.
 *
 * Each step draws a minibatch with replacement. Accuracies are measured after the first step, at the end of every epoch
 * and after the last step: of the training samples on at most `trainSamples`, of the others on all.
 *
 * @param from a snapshot to go on from; the model, data and options have to be those that it was taken with
 * @throws ArgumentError, ShapeError, DTypeError for what is no model, data or options, before anything is computed
 * @throws CheckpointError where the snapshot is of another run, saying what differs
 */
export function training<P extends Tree, S, O extends Tree>(
  model: Model<P, S>,
  data: TrainingData,
  options: TrainingOptions<O>,
  from: Snapshot | null = null,
): Training<P, S> {
  return trainingFrom(model, data, options, from, null);
}

/** As {@link training}, for whoever knows the file that a snapshot is from. */
export function trainingFrom<P extends Tree, S, O extends Tree>(
  model: Model<P, S>,
  data: TrainingData,
  options: TrainingOptions<O>,
  from: Snapshot | null,
  file: string | null,
): Training<P, S> {
  if (typeof model !== "object" || model === null) {
    throw new ArgumentError("train", "a model { params, state, loss }", describe(model));
  }
  checkedFunction("train", "the model's loss", model.loss);
  const run = new Run(model, checkedData("train", data), checkedLoop("train", options));
  if (from !== null) run.restore(from, file);
  return run;
}
