export type { RandomSource, RandomState } from "../random/source.ts";
export type { TrainingData } from "./data.ts";
export { CheckpointError, DivergenceError } from "./errors.ts";
export type { Fingerprint } from "./fingerprint.ts";
export type { TrainingOptions } from "./options.ts";
export type { Best, TrainingResult, TrainingStep } from "./result.ts";
export type { Snapshot } from "./snapshot.ts";
export { type Checkpoints, type TrainOptions, train } from "./train.ts";
export { type Training, training } from "./training.ts";
