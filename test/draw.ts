import { allocate } from "../graph/dtype.ts";
import type { Draw } from "../graph/primitive.ts";
import { type Shape, sizeOf } from "../graph/shape.ts";
import type { NdArray, Spec } from "../graph/tensor.ts";
import { fromData, type Tensor } from "../graph/tensor.ts";
import { type Stream, type StreamLabel, stream } from "../src/random/stream.ts";

/** Inputs for samples, from the data's stream. */
export function drawing(seed: number, ...labels: readonly StreamLabel[]): Draw {
  const from = stream(seed, "data", ...labels);
  return {
    uniform: (shape, low, high) => drawn(shape, "float64", () => low + (high - low) * from.uniform()),
    normal: (shape) => drawn(shape, "float64", () => from.gaussian()),
    integers: (shape, n) => drawn(shape, "int32", () => from.integer(n)),
    bools: (shape) => drawn(shape, "bool", () => from.integer(2)),
  };
}

/**
 * Signed Gaussian tangents and cotangents. Their stream is never the data's: a direction that equals the data is
 * invisible to a layer that ignores its input's scale.
 */
export function directions(seed: number, ...labels: readonly StreamLabel[]): (like: Spec) => Tensor {
  const from: Stream = stream(seed, "directions", ...labels);
  return ({ shape, dtype }) => {
    const data = allocate(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = from.gaussian();
    return fromData(shape, dtype, data);
  };
}

function drawn(shape: Shape, dtype: Spec["dtype"], next: () => number): NdArray {
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = next();
  return { shape, dtype, data };
}
