import type { Axes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { KeepDims } from "./families/reducing.ts";
import { mean } from "./mean.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

/** σ² = mean (x - μ)²: two passes, so that a large mean costs no digits. */
export function variance(x: TensorLike, axes?: Axes, { keepDims = false }: KeepDims = {}): Tensor {
  const t = asTensor("variance", x);
  return mean(square(sub(t, mean(t, axes, { keepDims: true }))), axes, { keepDims });
}
