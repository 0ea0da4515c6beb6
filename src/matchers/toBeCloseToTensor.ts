import { ArgumentError, type DType, describe, sameShape, Tensor } from "../../graph/index.ts";
import { checkedOptions } from "../../graph/options.ts";
import { farthest, largest } from "../certify/invariances/entries.ts";
import { type Asked, negation, type Outcome } from "./outcome.ts";

/** How far an entry may be from the one expected: the widest of those that are given; `relative: 1e-10` if none is. */
export interface Closeness {
  /** Units in the last place of the entry expected, in its dtype. */
  readonly ulps?: number;
  /** A part of the largest finite entry expected. */
  readonly relative?: number;
  readonly absolute?: number;
}

/** A tensor of the same shape and dtype, entry by entry as close as {@link Closeness} says. NaN is close to NaN. */
export function toBeCloseToTensor(
  this: Asked,
  actual: unknown,
  expected: Tensor,
  options: Closeness = {},
): Outcome {
  if (!(expected instanceof Tensor))
    throw new ArgumentError("toBeCloseToTensor", "a tensor to compare with", describe(expected));
  const given = checkedOptions("toBeCloseToTensor", options, ["ulps", "relative", "absolute"]);
  if (!(actual instanceof Tensor)) return failed(`expected a tensor, got ${describe(actual)}`);
  if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape))
    return failed(`expected ${expected.dtype}[${expected.shape}], got ${actual.dtype}[${actual.shape}]`);

  const allowed = allowance(given, expected);
  const { error, worst } = farthest(actual, expected, (a, e) => Math.abs(a - e) / allowed(e));
  const said = `expected tensors ${negation(this)}to agree to ${inWords(given)}`;
  const entry =
    worst === null
      ? "all entries are equal"
      : `entry [${worst.index.join(", ")}] is ${worst.value}, expected ${worst.expected} ` +
        `(differs by ${Math.abs(worst.value - worst.expected).toExponential(1)}, ` +
        `allowed ${allowed(worst.expected).toExponential(1)})`;
  return { pass: error <= 1, message: () => `${said}: ${entry}` };
}

function failed(message: string): Outcome {
  return { pass: false, message: () => message };
}

function allowance({ ulps = 0, relative, absolute }: Closeness, expected: Tensor): (entry: number) => number {
  const isBare = ulps === 0 && relative === undefined && absolute === undefined;
  const flat = Math.max(absolute ?? 0, (relative ?? (isBare ? DEFAULT : 0)) * largest(expected));
  return ulps === 0 ? () => flat : (entry) => Math.max(flat, ulps * ulp(entry, expected.dtype));
}

const DEFAULT = 1e-10;

function inWords({ ulps, relative, absolute }: Closeness): string {
  const parts = [
    ulps === undefined ? [] : `${ulps} ulps`,
    relative === undefined ? [] : `${relative} relative`,
    absolute === undefined ? [] : `${absolute} absolute`,
  ].flat();
  return parts.join(" or ") || `${DEFAULT} relative`;
}

/** The distance to the next larger magnitude in that dtype; integers and booleans have none smaller than 1. */
function ulp(entry: number, dtype: DType): number {
  const size = Math.abs(entry);
  if (dtype === "float64") {
    const bits = new BigInt64Array(new Float64Array([size]).buffer);
    bits[0]! += 1n;
    return finite(new Float64Array(bits.buffer)[0]! - size, 2 ** 971);
  }
  if (dtype !== "float32") return 1;
  const bits = new Int32Array(new Float32Array([size]).buffer);
  bits[0]! += 1;
  return finite(new Float32Array(bits.buffer)[0]! - size, 2 ** 104);
}

/** Beyond the largest number there is no next one. */
function finite(gap: number, ofLargest: number): number {
  return Number.isFinite(gap) ? gap : ofLargest;
}
