import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { exp } from "./exp.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { square } from "./square.ts";

/** y = 2/√π ∫₀ˣ exp(-t²) dt,  dy/dx = 2/√π exp(-x²) */
export const Erf: Primitive<One> = elementwise("erf", {
  formula: s.erf,
  derivative: ({ x }) => mul(2 / Math.sqrt(Math.PI), exp(neg(square(x)))),
});

/** The error function, element by element, from -1 to 1, to the last digit or the one before it. */
export function erf(x: TensorLike): Tensor {
  return unary(Erf, x);
}
