import { named, type Tensor } from "../../../graph/index.ts";
import { add, mul } from "../../../ops/index.ts";
import { CourseRandom } from "./numpy/random.ts";

/** What a normalisation is tried on: inputs, and the cotangent that arrives from the loss. */
export interface Inputs {
  readonly x: Tensor;
  readonly gamma: Tensor;
  readonly beta: Tensor;
  readonly yBar: Tensor;
}

/**
 * The inputs of the checks of `batchnorm_backward` and `layernorm_backward` in CS231n, assignment 2: with NumPy,
 *
 *     np.random.seed(231)
 *     x = 5 * np.random.randn(N, D) + 12
 *     gamma, beta, dout = np.random.randn(D), np.random.randn(D), np.random.randn(N, D)
 */
export function normInputs(n: number, d: number): Inputs {
  const random = new CourseRandom(231);
  return {
    x: named(add(mul(5, random.randn(n, d)), 12), "x"),
    gamma: named(random.randn(d), "gamma"),
    beta: named(random.randn(d), "beta"),
    yBar: named(random.randn(n, d), "yBar"),
  };
}
