import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { cos } from "./cos.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = sin x,  dy/dx = cos x */
export const Sin: Primitive<One> = elementwise("sin", {
  formula: s.sin,
  derivative: ({ x }) => cos(x),
  latex: (x) => `\\sin\\left(${x}\\right)`,
});

/** The sine of x in radians, element by element; NaN of ±Infinity; integers become float64. */
export function sin(x: TensorLike): Tensor {
  return unary(Sin, x);
}
