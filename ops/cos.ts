import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";
import { neg } from "./neg.ts";
import { sin } from "./sin.ts";

/** y = cos x,  dy/dx = -sin x */
export const Cos: Primitive<One> = elementwise("cos", {
  formula: s.cos,
  derivative: ({ x }) => neg(sin(x)),
  latex: (x) => `\\cos\\left(${x}\\right)`,
});

/** The cosine of x in radians, element by element; NaN of ±Infinity; integers become float64. */
export function cos(x: TensorLike): Tensor {
  return unary(Cos, x);
}
