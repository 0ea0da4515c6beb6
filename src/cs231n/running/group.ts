/** Training runs as plain data, so that a worker can be told of them. */
import type { DType } from "../../../graph/index.ts";
import { fullyConnectedNet, type Normalization } from "../../nn/index.ts";
import type { MT19937State, NumPyRandom } from "../../random/index.ts";

export interface RunSpec {
  readonly hiddenDims: readonly number[];
  readonly normalization: Normalization;
  readonly weightScale: number;
  /** Of the weights' squares; 0 unless given. */
  readonly reg?: number;
  readonly optimizer: "sgd" | "momentum" | "rmsprop" | "adam";
  readonly learningRate: number;
  readonly batchSize: number;
  readonly epochs: number;
}

/**
 * Runs that draw from one stream as a cell of the notebook does: first the weights of all networks, in order, then the
 * minibatches of each training, in order.
 */
export interface Group {
  readonly dtype: DType;
  /** Where the stream stands before the first weight. */
  readonly random: MT19937State;
  readonly runs: readonly RunSpec[];
}

/** What came of one run. */
export interface Outcome {
  readonly lossHistory: readonly number[];
  readonly trainAccuracy: readonly number[];
  readonly valAccuracy: readonly number[];
  readonly ended: "finished" | "stopped" | "diverged";
}

/** What is trained on, as far as drawing from it goes. */
export interface Drawn {
  readonly samples: number;
  readonly inputDim: number;
}

/** The networks of a group, their weights drawn in order. */
export function networks({ runs, dtype }: Group, { inputDim }: Drawn, random: NumPyRandom): Networks {
  return runs.map(({ hiddenDims, normalization, weightScale, reg = 0 }) =>
    fullyConnectedNet({
      hiddenDims,
      inputDim,
      normalization,
      weightScale,
      reg,
      dtype: dtype === "float32" ? "float32" : "float64",
      random,
    }),
  );
}

export type Networks = readonly ReturnType<typeof fullyConnectedNet>[];

/**
 * A group that draws on where the stream stands, which is moved on by all that the group will draw: the groups of one
 * seed can then run in any order, and at the same time.
 */
export function drawnFrom(random: NumPyRandom, what: Omit<Group, "random">, from: Drawn): Group {
  const group = { ...what, random: random.state() };
  networks(group, from, random);
  for (const { batchSize, epochs } of group.runs) {
    const steps = epochs * stepsAnEpoch(from.samples, batchSize);
    for (let k = 0; k < steps; k++) random.choice(from.samples, [batchSize]);
  }
  return group;
}

export function stepsAnEpoch(samples: number, batchSize: number): number {
  return Math.max(Math.floor(samples / batchSize), 1);
}
