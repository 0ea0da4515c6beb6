import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { mean } from "./mean.ts";
import { mul } from "./mul.ts";
import { sqrt } from "./sqrt.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

/** placeholder of the 2-d form: the real one follows */
export function batchNorm(x: TensorLike, gamma: TensorLike, beta: TensorLike, eps = 1e-5): Tensor {
  const centred = sub(x, mean(x, 0));
  const variance = mean(square(centred), 0);
  const xHat = div(centred, sqrt(add(variance, eps)));
  return add(mul(gamma, xHat), beta);
}
