import { sizeOf } from "./shape.ts";
import type { NdArray } from "./tensor.ts";

/** A tensor's elements as JavaScript's own arrays, one level an axis; a scalar's is a number or boolean. */
export type Nested = number | boolean | Nested[];

/** The elements of x as nested arrays: numbers, or booleans where x is bool. */
export function nested(x: NdArray): Nested {
  const { data, dtype, shape } = x;
  const part = (axis: number, offset: number): Nested => {
    if (axis === shape.length) return dtype === "bool" ? data[offset] !== 0 : data[offset]!;
    const stride = sizeOf(shape.slice(axis + 1));
    return Array.from({ length: shape[axis]! }, (_, i) => part(axis + 1, offset + i * stride));
  };
  return part(0, 0);
}
