import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import * as s from "./kernels/scalar.ts";

/** y = a + b */
export const Add: Primitive<Two> = broadcasting("add", {
  formula: s.add,
  partials: [1, 1],
  latex: (a, b) => `${a} + ${b}`,
});

export function add(a: TensorLike, b: TensorLike): Tensor {
  return binary(Add, a, b);
}
