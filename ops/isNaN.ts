import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import { array } from "./families/samples.ts";
import * as s from "./kernels/scalar.ts";

/** y = whether x is not a number */
export const IsNaN: Primitive<One> = elementwise("isNaN", {
  formula: (x) => s.ne(x, x),
  derivative: null,
  dtype: "bool",
  samples: () => [{ x: [array([1, Number.NaN, Number.POSITIVE_INFINITY])], params: undefined }],
  latex: (x) => `\\left[${x} \\ne ${x}\\right]`,
});

/** Whether x is NaN, element by element, as a bool: `where(isNaN(x), 0, x)` has no NaN, and no NaN in its gradient. */
function whetherNaN(x: TensorLike): Tensor {
  return unary(IsNaN, x);
}

// Under another name in here, where `isNaN` is JavaScript's own.
export { whetherNaN as isNaN };
