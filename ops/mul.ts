import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import * as s from "./kernels/scalar.ts";
import { scale } from "./scale.ts";

/** y = a b */
export const Mul: Primitive<Two> = broadcasting("mul", {
  formula: s.mul,
  partials: [(t, { x: [, b] }) => scale(t, b), (t, { x: [a] }) => scale(t, a)],
  latex: (a, b) => `${a} \\, ${b}`,
});

export function mul(a: TensorLike, b: TensorLike): Tensor {
  return binary(Mul, a, b);
}
