import type { Tensor } from "../../../graph/index.ts";
import { matmul, mean, relu, sqrt, variance } from "../../../ops/index.ts";
import type { CourseRandom } from "./numpy/random.ts";

/** Activations of a network of two layers: relu(X W1) W2. */
export function activations(X: Tensor, W1: Tensor, W2: Tensor): Tensor {
  return matmul(relu(matmul(X, W1)), W2);
}

/** Such a network's weights. */
export function drawnWeights(random: CourseRandom): readonly [W1: Tensor, W2: Tensor] {
  return [random.randn(50, 60), random.randn(60, 3)];
}

/** Means and standard deviations along an axis, as the notebook prints them. */
export function moments(x: Tensor, axis: number): { readonly means: Tensor; readonly stds: Tensor } {
  return { means: mean(x, axis), stds: sqrt(variance(x, axis)) };
}
