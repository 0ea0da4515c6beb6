import { allocate, type Draw, type DType, type NdArray, type Shape, sizeOf } from "../../graph/index.ts";
import { stream } from "./stream.ts";

/** The inputs that ops ask for in their samples, from a seed. */
export function drawFrom(seed: number): Draw {
  const numbers = stream(seed, "samples");
  const drawn = (shape: Shape, dtype: DType, next: () => number): NdArray => {
    const data = allocate(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = next();
    return { shape, dtype, data };
  };
  return {
    uniform: (shape, low, high) => drawn(shape, "float64", () => low + (high - low) * numbers.uniform()),
    normal: (shape) => drawn(shape, "float64", () => numbers.gaussian()),
    integers: (shape, n) => drawn(shape, "int32", () => numbers.integer(n)),
    bools: (shape) => drawn(shape, "bool", () => numbers.integer(2)),
  };
}
