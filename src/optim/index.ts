export { type AdamOptions, type AdamState, adam } from "./adam.ts";
export { type AdamWOptions, adamW } from "./adamW.ts";
export { type Clipped, clipByNorm } from "./clipByNorm.ts";
export { clipByValue } from "./clipByValue.ts";
export type { LearningRate, StepCount } from "./learningRate.ts";
export { type MomentumOptions, type MomentumState, momentum } from "./momentum.ts";
export type { Optimizer, Schedule, Updated, UpdateOptions } from "./optimizer.ts";
export { type RmspropOptions, type RmspropState, rmsprop } from "./rmsprop.ts";
export {
  type CosineOptions,
  constant,
  cosineDecay,
  type DecayOptions,
  exponentialDecay,
  type Rates,
  stepDecay,
  warmUp,
} from "./schedules.ts";
export { type SgdOptions, type SgdState, sgd } from "./sgd.ts";
