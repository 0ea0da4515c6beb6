/** Random directions, and points moved along them. */
import { fromData, type Inputs, type Spec, sizeOf, type Tensor } from "../../graph/index.ts";
import { stream } from "../random/stream.ts";

/** Signed Gaussian numbers, from a stream of their own: a direction that equals the data may be invisible. */
export function direction({ shape }: Spec, seed: number, ...labels: readonly (string | number)[]): Tensor {
  const from = stream(seed, "certify", ...labels);
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = from.gaussian();
  return fromData(shape, "float64", data);
}

export function cotangents(y: Inputs, seed: number, order: number, pair: number): Tensor[] {
  return y.map((t, i) => direction(t, seed, "cotangent", order, pair, i));
}

/** 1 at one entry, 0 elsewhere. */
export function unit({ shape }: Spec, at: number): Tensor {
  const data = new Float64Array(sizeOf(shape));
  data[at] = 1;
  return fromData(shape, "float64", data);
}

/** The leaves with the k-th at x + t ẋ. */
export function moved(leaves: Inputs, k: number, xDot: Tensor, t: number): Inputs {
  const x = leaves[k]!;
  const data = new Float64Array(x.size);
  for (let i = 0; i < data.length; i++) data[i] = x.data[i]! + t * xDot.data[i]!;
  return leaves.map((leaf, i) => (i === k ? fromData(x.shape, "float64", data) : leaf));
}
