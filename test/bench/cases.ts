/** The cases: what each workload is given, and what must come out. */
import { type Stream, stream } from "../../src/random/stream.ts";
import { batchNormByHand, type Floats } from "./byHand.ts";
import type { Result } from "./logic/agreement.ts";
import type { Float, Workload } from "./logic/measurement.ts";
import { NETWORKS, parameterShapes } from "./networks.ts";
import { system as wengert } from "./own/eager.ts";
import { arrayNamed, type InputArray, type Inputs } from "./running/inputs.ts";

export const SIZES: readonly string[] = ["4x5", "200x3", "100x100", "500x1000", "4096x1024"];

/** The sizes at which a workload is timed, of those that are asked for. */
export function sizesOf(workload: Workload, sizes: readonly string[]): readonly string[] {
  return workload === "W1" || workload === "W2" ? sizes : [networkOf(workload)];
}

export function inputsOf(workload: Workload, size: string, dtype: Float): Inputs {
  return workload === "W1" || workload === "W2"
    ? normInputs(workload, size, dtype)
    : networkInputs(workload, size, dtype);
}

export interface Expected {
  readonly reference: readonly Result[];
  /** Plain float32 arithmetic; null where the case is float64. */
  readonly plain: readonly Result[] | null;
  /** How many terms the longest sum has that is in float64 even there: the tape sums so. */
  readonly summed: number;
}

/** The same numbers in float64; and in float32, computed plainly, to say how near that comes. */
export async function expectedOf(inputs: Inputs): Promise<Expected> {
  const exact = inFloat64(inputs);
  const isNorm = inputs.workload === "W1" || inputs.workload === "W2";
  return {
    reference: await computed(exact),
    plain: inputs.dtype === "float64" ? null : await computed(inputs),
    summed: isNorm ? 0 : NETWORKS[networkOf(inputs.workload)].inputs,
  };
}

/** Batch norm by loops derived by hand; networks by the tape, in which the hand has no part. */
async function computed(inputs: Inputs): Promise<readonly Result[]> {
  if (inputs.workload !== "W1" && inputs.workload !== "W2") {
    const { results } = await (await wengert.prepare(inputs)).check();
    return results;
  }
  const [x, gamma, beta, dy] = ["x", "gamma", "beta", "dy"].map((name) => arrayNamed(inputs, name));
  const [n, d] = x!.shape;
  const found = batchNormByHand(n!, d!, x!.values, gamma!.values, beta!.values, dy!.values);
  return (["dx", "dgamma", "dbeta"] as const).map((name) => ({ name, values: found[name] }));
}

function inFloat64(inputs: Inputs): Inputs {
  const arrays = inputs.arrays.map((one) => ({ ...one, values: Float64Array.from(one.values) }));
  return { ...inputs, dtype: "float64", arrays };
}

function normInputs(workload: Workload, size: string, dtype: Float): Inputs {
  const [n, d] = size.split("x").map(Number) as [number, number];
  const from = stream(1, "bench", n, d);
  const array = (name: string, shape: number[]): InputArray => gaussian(from, name, shape, dtype, 1);
  const arrays = [array("x", [n, d]), array("gamma", [d]), array("beta", [d]), array("dy", [n, d])];
  return { workload, dtype, size, arrays, labels: null };
}

function networkInputs(workload: Workload, size: string, dtype: Float): Inputs {
  const network = NETWORKS[networkOf(workload)];
  const from = stream(1, "bench", networkOf(workload));
  const parameters = parameterShapes(network).map(([name, shape]): InputArray => {
    if (!name.startsWith("W")) return constant(name, shape, dtype, name.startsWith("gamma") ? 1 : 0);
    return gaussian(from, name, shape, dtype, 1 / Math.sqrt(shape[0]!));
  });
  const x = gaussian(from, "x", [network.batch, network.inputs], dtype, 1);
  const labels = Int32Array.from({ length: network.batch }, () => from.integer(network.classes));
  return { workload, dtype, size, arrays: [x, ...parameters], labels };
}

function networkOf(workload: Workload): "W3" | "W4" {
  return workload.startsWith("W3") ? "W3" : "W4";
}

function gaussian(from: Stream, name: string, shape: number[], dtype: Float, scale: number): InputArray {
  const array = constant(name, shape, dtype, 0);
  // Rounded to float32 in either dtype: both cases are the same point.
  for (let i = 0; i < array.values.length; i++) array.values[i] = Math.fround(scale * from.gaussian());
  return array;
}

function constant(name: string, shape: number[], dtype: Float, value: number): InputArray {
  const size = shape.reduce((a, b) => a * b, 1);
  const values: Floats = dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
  return { name, shape, values: values.fill(value) };
}
