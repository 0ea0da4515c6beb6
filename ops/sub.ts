import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import * as s from "./kernels/scalar.ts";

/** y = a - b */
export const Sub: Primitive<Two> = broadcasting("sub", {
  formula: s.sub,
  partials: [1, -1],
  latex: (a, b) => `${a} - ${b}`,
});

export function sub(a: TensorLike, b: TensorLike): Tensor {
  return binary(Sub, a, b);
}
