/** Shorthand for the inputs that op files list. */
import { allocate, type DType } from "../../graph/dtype.ts";
import type { Shape } from "../../graph/shape.ts";
import { sizeOf } from "../../graph/shape.ts";
import type { NdArray } from "../../graph/tensor.ts";

/** Numbers as an array: one-dimensional unless a shape is given. */
export function array(
  values: readonly number[],
  shape: Shape = [values.length],
  dtype: DType = "float64",
): NdArray {
  const data = allocate(dtype, values.length);
  data.set(values);
  return { shape, dtype, data };
}

/** An array of which only shape and dtype matter. */
export function zerosLike(shape: Shape, dtype: DType = "float64"): NdArray {
  return { shape, dtype, data: allocate(dtype, sizeOf(shape)) };
}
