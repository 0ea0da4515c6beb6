import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import * as s from "./kernels/scalar.ts";

/** y = whether x is 0 */
export const LogicalNot: Primitive<One> = elementwise("logicalNot", {
  formula: (x) => s.eq(x, 0),
  derivative: null,
  dtype: "bool",
  samples: (draw) => [{ x: [draw.bools([2, 3])], params: undefined }],
  latex: (x) => `\\lnot ${x}`,
});

/** Whether x is false, element by element, as a bool. Numbers are true unless they are 0; NaN is not 0. */
export function logicalNot(x: TensorLike): Tensor {
  return unary(LogicalNot, x);
}
