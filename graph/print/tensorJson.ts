import type { DType } from "../dtype.ts";
import type { Shape } from "../shape.ts";
import type { NdArray } from "../tensor.ts";

/** A tensor as plain data that JSON keeps whole. */
export interface TensorJson {
  readonly dtype: DType;
  readonly shape: Shape;
  /** In row-major order; NaN, the infinities and -0, which JSON would lose, go by their names. */
  readonly data: readonly (number | "NaN" | "Infinity" | "-Infinity" | "-0")[];
}

export function tensorJson({ dtype, shape, data }: NdArray): TensorJson {
  return { dtype, shape: [...shape], data: Array.from(data, numberJson) };
}

function numberJson(value: number): TensorJson["data"][number] {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
