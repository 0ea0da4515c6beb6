import type { Tensor, TensorLike } from "../../graph/index.ts";
import { NONE } from "../../graph/options.ts";
import type { Normalizing } from "../../ops/families/normalizing.ts";
import { relu } from "../../ops/index.ts";
import { affine } from "./affine.ts";
import { batchNormTraining } from "./batchNormTraining.ts";
import { type Gradients, layerNormOf } from "./gradients.ts";
import type { Normalized } from "./statistics.ts";

/** How a sandwich layer normalises: its axes are known. */
export interface SandwichOptions extends Pick<Normalizing, "eps"> {
  readonly gradients?: Gradients;
}

/**
 * relu(batch norm(x W + b)) in training mode: affine, batch norm, relu.
 *
 * b is redundant: batch norm takes away what it adds, and its gradient is 0 but for rounding.
 *
 * @returns y, and the statistics of the batch, off the tape
 * @throws as affine and batchNormTraining do
 */
export function affineBatchNormRelu(
  x: TensorLike,
  W: TensorLike,
  b: TensorLike,
  gamma: TensorLike,
  beta: TensorLike,
  options: SandwichOptions = NONE,
): Normalized {
  const { y, statistics } = batchNormTraining(affine(x, W, b), gamma, beta, options);
  return { y: relu(y), statistics };
}

/**
 * relu(layer norm(x W + b)): affine, layer norm, relu.
 *
 * @throws as affine and layerNorm do
 */
export function affineLayerNormRelu(
  x: TensorLike,
  W: TensorLike,
  b: TensorLike,
  gamma: TensorLike,
  beta: TensorLike,
  options: SandwichOptions = NONE,
): Tensor {
  return relu(layerNormOf("affineLayerNormRelu", affine(x, W, b), gamma, beta, options));
}
