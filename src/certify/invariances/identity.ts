/** What a declared invariance implies, and the sizes that rounding is measured by. */
import type { Inputs, Tensor } from "../../../graph/index.ts";
import { type Difference, farthestRelative } from "./entries.ts";
import type { At } from "./layer.ts";

/** A property of a layer, declared by whoever wrote it. */
export interface Invariance {
  /** As it was declared: `shiftInvariant(0)`. */
  readonly name: string;
  /** All that follows from it, at one point and for one cotangent. */
  readonly identities: (at: At) => readonly Identity[];
}

/** Two numbers, or tensors, that are the same if the layer is what it is declared to be and its gradient is right. */
export interface Identity {
  readonly says: string;
  /** "value", or the input whose gradient it is about. */
  readonly of: string;
  readonly difference: Difference;
  readonly tolerance: number;
}

/** The tolerance where nothing but rounding stands between the two sides. */
export const EXACT = 1e-10;

/** No gradient is told from zero below this part of its natural size. */
const FLOOR = 1e-4;

/** The same for every output. */
export function sameValues(says: string, y: Inputs, expected: Inputs, tolerance: number = EXACT): Identity[] {
  return y.map((t, i) => ({
    says,
    of: "value",
    difference: farthestRelative(t, expected[i]!),
    tolerance,
  }));
}

/** One input's gradient, entry by entry. */
export function sameGradient(
  at: At,
  k: number,
  says: string,
  xBar: Tensor,
  expected: Tensor,
  tolerance: number = EXACT,
): Identity {
  const difference = farthestRelative(xBar, expected, floorOf(at, k));
  return { says, of: at.names[k]!, difference, tolerance };
}

/** The size below which an entry of input k's gradient is nothing but rounding, times the tolerance. */
export function floorOf({ x, y, yBar }: At, k: number): number {
  const width = spread(x[k]!) * Math.sqrt(x[k]!.size) || norm([x[k]!]) || 1;
  return (FLOOR * norm(yBar) * norm(y)) / width;
}

/** The standard deviation of all of it. */
export function spread({ data, size }: Tensor): number {
  let mean = 0;
  for (let i = 0; i < size; i++) mean += Number(data[i]!) / size;
  let variance = 0;
  for (let i = 0; i < size; i++) variance += (Number(data[i]!) - mean) ** 2 / size;
  return Math.sqrt(variance);
}

export function inner(a: Inputs, b: Inputs): number {
  let total = 0;
  a.forEach(({ data }, k) => {
    const other = b[k]!.data;
    for (let i = 0; i < data.length; i++) total += Number(data[i]!) * Number(other[i]!);
  });
  return total;
}

export function norm(a: Inputs): number {
  return Math.sqrt(inner(a, a));
}
