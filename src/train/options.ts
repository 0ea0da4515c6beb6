import { ArgumentError, describe } from "../../graph/index.ts";
import {
  checkedFinite,
  checkedFunction,
  checkedInteger,
  checkedOptions,
  checkedRule,
} from "../../graph/options.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { checkedSource, type RandomSource } from "../random/source.ts";
import type { Tree } from "../tree.ts";

/** How to train. */
export interface TrainingOptions<O extends Tree = Tree> {
  readonly optimizer: Optimizer<O>;
  /**
   * What minibatches are drawn from: it is moved on. A resumed run moves it on by all that was drawn before, so that
   * whatever is drawn from it afterwards is the same too.
   */
  readonly random: RandomSource;
  /** Samples a step, drawn with replacement; 100 unless said otherwise. */
  readonly batchSize?: number;
  /** An epoch has max(floor(samples / batchSize), 1) steps; 10 epochs unless said otherwise. */
  readonly epochs?: number;
  /** The learning rate is multiplied by it after each epoch; 1 unless said otherwise. */
  readonly learningRateDecay?: number;
  /** The training accuracy is measured on at most so many samples, drawn with replacement if there are more; 1000. */
  readonly trainSamples?: number;
  /** Gets a line for every `logEvery` steps, from the first, and one for every measurement. Nothing is printed without. */
  readonly log?: (line: string) => void;
  /** 10 unless said otherwise. */
  readonly logEvery?: number;
}

/** The options, with what was left out. */
export type LoopOptions<O extends Tree = Tree> = Required<TrainingOptions<O>>;

export const LOOP_NAMES: readonly (keyof TrainingOptions)[] = Object.freeze([
  "optimizer",
  "random",
  "batchSize",
  "epochs",
  "learningRateDecay",
  "trainSamples",
  "log",
  "logEvery",
] as const);

/** @throws ArgumentError for options that are not these, or not of their kind */
export function checkedLoop<O extends Tree>(op: string, options: TrainingOptions<O>): LoopOptions<O> {
  const given = checkedOptions(op, options, LOOP_NAMES);
  const { optimizer, random, batchSize = 100, epochs = 10, learningRateDecay = 1 } = given;
  const { trainSamples = 1000, log = () => undefined, logEvery = 10 } = given;
  if (typeof optimizer !== "object" || optimizer === null) {
    throw new ArgumentError(op, "an optimizer { name, init, update }", describe(optimizer));
  }
  checkedRule(op, optimizer.name, optimizer, ["init", "update"]);
  if (checkedFinite(op, "learningRateDecay", learningRateDecay) <= 0) {
    throw new ArgumentError(op, "learningRateDecay to be above 0", describe(learningRateDecay));
  }
  return {
    optimizer,
    random: checkedSource(op, "random", random),
    batchSize: checkedInteger(op, "batchSize", batchSize, 1, 2 ** 31 - 1),
    epochs: checkedInteger(op, "epochs", epochs, 1),
    learningRateDecay,
    trainSamples: checkedInteger(op, "trainSamples", trainSamples, 1, 2 ** 31 - 1),
    log: checkedFunction(op, "log", log),
    logEvery: checkedInteger(op, "logEvery", logEvery, 1),
  };
}
