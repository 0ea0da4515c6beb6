import { choose, type RandomSource } from "../random/source.ts";
import type { TrainingData } from "./data.ts";
import type { LoopOptions } from "./options.ts";

/** What is done after which step: the course's conventions, as arithmetic. */
export interface Plan {
  readonly perEpoch: number;
  readonly iterations: number;
  /** Whether accuracies are measured after so many steps. */
  isMeasured(iteration: number): boolean;
  epochsAfter(iteration: number): number;
  /** What the learning rate is multiplied by in the step after so many. */
  factorAfter(iteration: number): number;
}

export function planOf(data: TrainingData, options: LoopOptions): Plan {
  const { batchSize, epochs, learningRateDecay } = options;
  const perEpoch = Math.max(Math.floor(data.trainX.shape[0]! / batchSize), 1);
  const iterations = epochs * perEpoch;
  return {
    perEpoch,
    iterations,
    // The last step ends an epoch.
    isMeasured: (iteration) => iteration === 1 || (iteration > 0 && iteration % perEpoch === 0),
    epochsAfter: (iteration) => Math.floor(iteration / perEpoch),
    factorAfter(iteration) {
      // Multiplied, as the course does: Math.pow is not the same in all engines.
      let factor = 1;
      for (let e = Math.floor(iteration / perEpoch); e > 0; e--) factor *= learningRateDecay;
      return factor;
    },
  };
}

/** Which samples the training accuracy is measured on: all, or so many drawn with replacement. null is all. */
export function drawForAccuracy(
  n: number,
  { random, trainSamples }: LoopOptions,
): ReturnType<typeof choose> | null {
  return n > trainSamples ? choose(random, n, trainSamples) : null;
}

/** Draw all that so many steps drew, and throw it away: so the source stands where it stood then. */
export function fastForward(
  source: RandomSource,
  plan: Plan,
  n: number,
  iteration: number,
  options: LoopOptions,
): void {
  for (let t = 1; t <= iteration; t++) {
    choose(source, n, options.batchSize);
    if (plan.isMeasured(t)) drawForAccuracy(n, options);
  }
}
