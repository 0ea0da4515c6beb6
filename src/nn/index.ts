export type { RandomSource, RandomState } from "../random/source.ts";
export { affine } from "./affine.ts";
export { affineBatchNormRelu, affineLayerNormRelu, type SandwichOptions } from "./affineNormRelu.ts";
export { affineRelu } from "./affineRelu.ts";
export { batchNormTraining } from "./batchNormTraining.ts";
export { type DropoutOptions, dropout } from "./dropout.ts";
export type { FloatDType } from "./floatDType.ts";
export { fullyConnectedNet } from "./fullyConnectedNet.ts";
export type { FullyConnectedOptions, Normalization } from "./fullyConnectedOptions.ts";
export type { FullyConnectedParams, FullyConnectedState } from "./fullyConnectedStart.ts";
export type { Gradients } from "./gradients.ts";
export {
  glorotNormal,
  glorotUniform,
  type Initializer,
  type InitializerOptions,
  kaimingNormal,
  kaimingUniform,
  scaledNormal,
} from "./initializers.ts";
export { activation } from "./layers/activation.ts";
export { type BatchNormLayerOptions, batchNormLayer, type ScaleAndShift } from "./layers/batchNormLayer.ts";
export { type DenseOptions, type DenseParams, dense } from "./layers/dense.ts";
export { type DropoutLayerOptions, dropoutLayer } from "./layers/dropoutLayer.ts";
export { flatten } from "./layers/flatten.ts";
export type {
  Applied,
  ApplyOptions,
  Initialized,
  InitOptions,
  Layer,
  Nothing,
} from "./layers/layer.ts";
export { layerNormLayer } from "./layers/layerNormLayer.ts";
export { type ParamsOf, type StatesOf, sequential } from "./layers/sequential.ts";
export type { Mode } from "./mode.ts";
export type { Model, Standing, Step } from "./model.ts";
export { type ModelOptions, modelOf } from "./modelOf.ts";
export { softmaxLoss } from "./softmaxLoss.ts";
export {
  type BatchStatistics,
  type Folding,
  foldStatistics,
  initialStatistics,
  type Normalized,
  type RunningStatistics,
  type Weight,
} from "./statistics.ts";
export { svmLoss } from "./svmLoss.ts";
export { type TwoLayerOptions, type TwoLayerParams, twoLayerNet } from "./twoLayerNet.ts";
