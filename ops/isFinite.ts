import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { elementwise, type One, unary } from "./families/elementwise.ts";
import { array } from "./families/samples.ts";
import * as s from "./kernels/scalar.ts";

/** y = whether x is neither infinite nor NaN */
export const IsFinite: Primitive<One> = elementwise("isFinite", {
  formula: (x) => s.eq(s.sub(x, x), 0),
  derivative: null,
  dtype: "bool",
  samples: () => [{ x: [array([1, Number.NaN, Number.POSITIVE_INFINITY])], params: undefined }],
  latex: (x) => `\\left[\\left|${x}\\right| < \\infty\\right]`,
});

/** Whether x is neither infinite nor NaN, element by element, as a bool. */
function whetherFinite(x: TensorLike): Tensor {
  return unary(IsFinite, x);
}

// Under another name in here, where `isFinite` is JavaScript's own.
export { whetherFinite as isFinite };
