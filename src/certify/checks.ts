/** What checks are made of; A, the dot test; B, entry by entry. */
import type { MaybeZero, Numbers, Tensor } from "../../graph/index.ts";
import { type Check, digitsOf } from "./report.ts";
import { indexAt } from "./worst.ts";

/**
 * What a check is relative to cannot fall below this part of the derivative's natural size. Times the tolerance of
 * the exact checks that is 1e-14: what rounding leaves of a derivative that is zero (of a bias before batch norm).
 */
export const FLOOR = 1e-4;

/** Which layer it is, what it does, and how far apart its two sides may be. */
export type Method = Pick<Check, "layer" | "method" | "tolerance">;

const A: Method = { layer: "A", method: "vjp against jvp (dot test)", tolerance: 1e-10 };
export const B: Method = { layer: "B", method: "fused against reference", tolerance: 1e-10 };

/** One pair of directions, and what the derivative makes of it. */
export interface Probe {
  readonly x: Tensor;
  readonly xDot: Tensor;
  readonly yBar: readonly Tensor[];
  /** J ẋ for this input's ẋ alone. */
  readonly yDot: readonly MaybeZero[];
  /** Jᵀ ȳ for this input. */
  readonly xBar: MaybeZero;
  /** The largest norm among the values on the way from x to y: rounding errors are in proportion to it. */
  readonly largest: number;
  /** By how much Jᵀ ȳ changes with the last bits of inputs and intermediate values: nobody can compute it to less. */
  readonly jitter: Tensor;
  /** By how much <ȳ, y> changes likewise, if all that changes in y adds up. */
  readonly uncertain: number;
}

/** The size that <ȳ, J ẋ> would have if x moved the values computed from it by as much as it itself moves. */
export function naturalSize({ x, largest, xDot, yBar }: Probe): number {
  return naturally(x, largest, norm([xDot]), norm(yBar));
}

/** The same, for an ẋ and a ȳ of which only the norms are known. */
export function naturally(x: Tensor, largest: number, moved: number, bar: number): number {
  const sizeX = norm([x]);
  return bar * largest * (sizeX === 0 ? 1 : Math.min(1, moved / sizeX));
}

/** The sizes that the two sides of the adjoint identity could have. */
export function derivativeSize({ xDot, yBar, yDot, xBar }: Probe): number {
  return norm(yBar) * norm(yDot) + norm([xBar]) * norm([xDot]);
}

/** What several times the jitter comes to, beside the size that errors are relative to. */
export function allowance({ jitter, xDot }: Probe, size: number): number {
  return rounding(jitter, size / norm([xDot]));
}

export function rounding(jitter: Tensor, size: number): number {
  return Math.min(relative(JITTERS * norm([jitter]), size), MOST_ROUNDING);
}

/** More than that is a jump, at a comparison that the last bit decides. */
const MOST_ROUNDING = 1e-2;

/** Signs that are drawn once may cancel. */
const JITTERS = 64;

/** A: <ȳ, J ẋ> = <Jᵀ ȳ, ẋ>. Rules for jvp and vjp are written apart; where they agree, they agree on J. */
export function dotTest(probe: Probe): Check {
  const forward = dot(probe.yBar, probe.yDot);
  const back = dot([probe.xBar], [probe.xDot]);
  const size = derivativeSize(probe) + FLOOR * naturalSize(probe);
  return check(A, relative(forward - back, size), allowance(probe, size));
}

/**
 * B and others: two tensors entry by entry, relative to the largest entry expected.
 *
 * @param natural the size that the entries could have
 * @param jitter by how much they change with the inputs' last bits
 */
export function entrywise(
  method: Method,
  value: MaybeZero,
  expected: MaybeZero,
  natural: number,
  jitter: Tensor | null = null,
): Check {
  const { size: n, shape } = value ?? expected ?? { size: 0, shape: [] };
  let largest = FLOOR * natural;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(expected?.data[i] ?? 0));
  let error = 0;
  let at = -1;
  for (let i = 0; i < n; i++) {
    const a = value?.data[i] ?? 0;
    const b = expected?.data[i] ?? 0;
    const e = Object.is(a, b) || a === b ? 0 : Math.abs(a - b) / largest;
    if (e > error || Number.isNaN(e)) {
      error = Number.isNaN(e) ? Number.POSITIVE_INFINITY : e;
      at = i;
    }
  }
  const made = check(method, error, jitter === null ? 0 : rounding(jitter, largest));
  if (at < 0) return made;
  const entry = { value: Number(value?.data[at] ?? 0), expected: Number(expected?.data[at] ?? 0) };
  return { ...made, worst: { index: indexAt(at, shape), ...entry } };
}

/** @param slack what is allowed beside the method's own tolerance */
export function check({ layer, method, tolerance }: Method, error: number, slack: number): Check {
  const allowed = tolerance + slack;
  return { layer, method, error, tolerance: allowed, passes: error <= allowed, digits: digitsOf(error) };
}

export function relative(difference: number, size: number): number {
  return difference === 0 ? 0 : Math.abs(difference) / size;
}

export function dot(a: readonly MaybeZero[], b: readonly MaybeZero[]): number {
  let sum = 0;
  a.forEach((t, k) => {
    const u = b[k] ?? null;
    if (t === null || u === null) return;
    const p: Numbers = t.data;
    const q: Numbers = u.data;
    for (let i = 0; i < p.length; i++) sum += p[i]! * q[i]!;
  });
  return sum;
}

export function norm(a: readonly MaybeZero[]): number {
  return Math.sqrt(dot(a, a));
}
