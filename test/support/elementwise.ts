/** Short ways to say which numbers go in and which come out. */
import { allocate, type DType } from "../../graph/dtype.ts";
import { fromData, type Tensor, type TensorLike } from "../../graph/tensor.ts";
import { sum } from "../../ops/index.ts";
import { grad } from "../../src/transforms/derivatives.ts";

/** A number as a fixture has it: JSON knows neither NaN nor -0. */
export type Written = number | string;
export type Unary = (x: TensorLike) => Tensor;
export type Binary = (a: TensorLike, b: TensorLike) => Tensor;

export function vector(x: readonly (Written | boolean)[], dtype: DType = "float64"): Tensor {
  const data = allocate(dtype, x.length);
  data.set(x.map(Number));
  return fromData([x.length], dtype, data);
}

/** What is in a tensor, without the signs of zeros. */
export function numbers(x: Tensor): number[] {
  return Array.from(x.data, (v) => v + 0);
}

/** The derivative of each element with respect to itself, by reverse mode. */
export function slopes(f: Unary, x: Tensor): Tensor {
  return grad((t: Tensor) => sum(f(t)))(x)[0];
}
