import type { Tensor, TensorLike } from "../../graph/index.ts";
import { relu } from "../../ops/index.ts";
import { affine } from "./affine.ts";

/**
 * relu(x W + b): {@link affine}, then relu.
 *
 * @throws as affine does
 */
export function affineRelu(x: TensorLike, W: TensorLike, b: TensorLike): Tensor {
  return relu(affine(x, W, b));
}
