import {
  ArgumentError,
  allocate,
  describe,
  fromData,
  type Inputs,
  isFloat,
  type NdArray,
  type Point,
  type Spec,
  sizeOf,
  Tensor,
} from "../../../graph/index.ts";
import { checkedSeed } from "../../../graph/options.ts";
import type { Fused } from "../../../ops/index.ts";
import { drawFrom } from "../../random/draw.ts";
import { type StreamLabel, stream } from "../../random/stream.ts";
import { pointAt } from "./rule.ts";

export interface MutationOptions<I extends Inputs, P> {
  /** The parameters that go with the inputs. */
  readonly params?: P;
  /** Where to look; at the op's own samples unless said. */
  readonly inputs?: I;
  readonly seed?: number;
}

export const DEFAULT_SEED = 1;
const DRAWS = 3;

/**
 * The op's samples, drawn three times; or the given inputs, and two points near them.
 *
 * @throws ArgumentError naming the caller, for inputs that are no tensors
 */
export function pointsOf<I extends Inputs, P>(
  caller: string,
  op: Fused<I, P>,
  { params, inputs, seed = DEFAULT_SEED }: MutationOptions<I, P>,
): readonly Point<I, P>[] {
  checkedSeed(caller, seed);
  if (inputs === undefined && params !== undefined) {
    throw new ArgumentError(
      caller,
      "params beside the inputs that they go with",
      "params alone",
      "give inputs too",
    );
  }
  if (inputs !== undefined && !(Array.isArray(inputs) && inputs.every((t) => t instanceof Tensor))) {
    throw new ArgumentError(caller, "inputs that are tensors, in an array", describe(inputs));
  }
  const draws = Array.from({ length: DRAWS }, (_, k) => k);
  if (inputs !== undefined) {
    return draws.map((k) => {
      const x = k === 0 ? inputs : (inputs.map((t, i) => nearby(t, seed, k, i)) as Inputs as I);
      return pointAt(op, x, params as P);
    });
  }
  return draws.flatMap((k) =>
    op.samples(drawFrom(seed + k)).map((sample) => {
      const x: readonly NdArray[] = sample.x;
      return pointAt(op, x.map(tensorOf) as Inputs as I, sample.params);
    }),
  );
}

/** A signed cotangent from a stream of its own. */
export function cotangentLike(
  { shape, dtype }: Spec,
  seed: number = DEFAULT_SEED,
  ...labels: StreamLabel[]
): Tensor {
  const from = stream(seed, "mutation", ...labels);
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = from.gaussian();
  return fromData(shape, dtype, data);
}

/** Each number up to a quarter larger or smaller: inside the op's domain, if x is. */
function nearby(t: Tensor, seed: number, ...labels: StreamLabel[]): Tensor {
  if (!isFloat(t.dtype)) return t;
  const from = stream(seed, "nearby", ...labels);
  const data = allocate(t.dtype, t.size);
  for (let i = 0; i < data.length; i++) data[i] = t.data[i]! * (0.75 + 0.5 * from.uniform());
  return fromData(t.shape, t.dtype, data);
}

function tensorOf({ shape, dtype, data }: NdArray): Tensor {
  const own = allocate(dtype, data.length);
  for (let i = 0; i < own.length; i++) own[i] = data[i]!;
  return fromData(shape, dtype, own);
}
