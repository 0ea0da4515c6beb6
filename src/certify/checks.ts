/** The layers of a certificate that are there so far: three witnesses that share as little as can be. */
import { fromData, type MaybeZero, type Numbers, type Tensor } from "../../graph/index.ts";
import { type Check, digitsOf, type Slopes, type Worst } from "./report.ts";
import { type Extrapolation, ridders } from "./ridders.ts";

/**
 * What a check is relative to cannot fall below this part of the derivative's natural size. Times the tolerance of
 * the exact checks that is 1e-14: what rounding leaves of a derivative that is zero (of a bias before batch norm).
 */
const FLOOR = 1e-4;

const A = { method: "vjp against jvp (dot test)", tolerance: 1e-10 };
const B = { method: "fused against reference", tolerance: 1e-10 };
const C = { method: "against differences (Ridders)", tolerance: 1e-8 };

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
  /** By how much Jᵀ ȳ changes when every input is changed in its last bit: nobody can compute it to less. */
  readonly jitter: Tensor;
}

/** The size that <ȳ, J ẋ> would have if x moved the values computed from it by as much as it itself moves. */
export function naturalSize({ x, largest, xDot, yBar }: Probe): number {
  const sizeX = norm([x]);
  const moved = norm([xDot]);
  return norm(yBar) * largest * (sizeX === 0 ? 1 : Math.min(1, moved / sizeX));
}

/** The sizes that the two sides of the adjoint identity could have. */
export function derivativeSize({ xDot, yBar, yDot, xBar }: Probe): number {
  return norm(yBar) * norm(yDot) + norm([xBar]) * norm([xDot]);
}

/** What several times the jitter comes to, beside the size that errors are relative to. */
function allowance({ jitter, xDot }: Probe, size: number): number {
  return relative(JITTERS * norm([jitter]) * norm([xDot]), size);
}

/** A rounding error at each of a few steps on the way weighs about as much as one in the inputs. */
const JITTERS = 16;

/** A: <ȳ, J ẋ> = <Jᵀ ȳ, ẋ>. Rules for jvp and vjp are written apart; where they agree, they agree on J. */
export function dotTest(probe: Probe): Check {
  const forward = dot(probe.yBar, probe.yDot);
  const back = dot([probe.xBar], [probe.xDot]);
  const size = derivativeSize(probe) + FLOOR * naturalSize(probe);
  return check("A", A, relative(forward - back, size), A.tolerance + allowance(probe, size));
}

/**
 * B: the fused gradient (or value) against the reference's, entry by entry, relative to the largest.
 *
 * @param natural the size that the entries could have
 * @param jitter by how much they change with the inputs' last bits
 */
export function entrywise(
  fused: MaybeZero,
  reference: MaybeZero,
  natural: number,
  jitter: Tensor | null = null,
): Check {
  const n = (fused ?? reference)?.size ?? 0;
  let largest = FLOOR * natural;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(reference?.data[i] ?? 0));
  let error = 0;
  let at = -1;
  for (let i = 0; i < n; i++) {
    const a = fused?.data[i] ?? 0;
    const b = reference?.data[i] ?? 0;
    const e = Object.is(a, b) || a === b ? 0 : Math.abs(a - b) / largest;
    if (e > error || Number.isNaN(e)) {
      error = Number.isNaN(e) ? Number.POSITIVE_INFINITY : e;
      at = i;
    }
  }
  const entry = at < 0 ? null : { value: fused?.data[at] ?? 0, expected: reference?.data[at] ?? 0 };
  const worst =
    entry === null ? {} : { worst: { index: unravel(at, (fused ?? reference)!.shape), ...entry } };
  const allowed = jitter === null ? 0 : relative(JITTERS * norm([jitter]), largest);
  return { ...check("B", B, error, B.tolerance + allowed), ...worst };
}

/** What differences have to say, and whether they can say anything here. */
export interface Slope {
  readonly check: Check;
  readonly passes: boolean;
  /** The table converged to one slope, and both sides of the point have it. */
  readonly isSmooth: boolean;
  /** Both sides have a value at all. */
  readonly hasValue: boolean;
  /** From both sides, where they are not one. */
  readonly slopes: Slopes | null;
}

/**
 * C: the slope of <ȳ, f> along ẋ by Ridders' method, against <Jᵀ ȳ, ẋ>. The only witness from outside the rules.
 *
 * @param along t -> <ȳ, f(x + t ẋ)>
 */
export function differences(probe: Probe, along: (t: number) => number): Slope {
  const step = firstStep(probe.x, probe.xDot);
  const size = derivativeSize(probe) + FLOOR * naturalSize(probe);
  const back = dot([probe.xBar], [probe.xDot]);
  const judged = ({ value, error }: Extrapolation): Check => {
    const tolerance = C.tolerance + 5 * Math.min(relative(error, size), CONVERGED) + allowance(probe, size);
    return check("C", C, relative(value - back, size), tolerance);
  };
  // A step that reaches over a kink or a sharp bend nearby spoils the table, now and then without its knowing: so a
  // table that objects, or has not converged, is asked again with nearer steps.
  let best = ridders(along, step);
  let made = judged(best);
  for (let part = 0.1; part > 1e-6 && !(made.passes && relative(best.error, size) <= CLEAR); part /= 10) {
    const next = ridders(along, step * part);
    const again = judged(next);
    const isBetter = again.passes === made.passes ? next.error < best.error : again.passes;
    if (isBetter && relative(next.error, size) <= CONVERGED) [best, made] = [next, again];
  }
  const own = relative(best.error, size);
  // Central differences cannot see a kink that lies exactly here: they converge to the mean of its two slopes.
  const kink = kinkOf(along, step, size);
  const slopes = kink === null ? null : { ...kink, derivative: back };
  const isSmooth = own <= CONVERGED && kink === null;
  return { check: made, passes: made.passes, isSmooth, hasValue: Number.isFinite(best.value), slopes };
}

/**
 * The slopes from the left and from the right, where they stay apart however small the step; else null. Where the
 * function only bends sharply they come together in proportion to the step.
 */
function kinkOf(along: (t: number) => number, step: number, size: number): Omit<Slopes, "derivative"> | null {
  const here = along(0);
  const sides = [1e-3, 1e-4, 1e-5].map((part) => {
    const h = step * part;
    return { left: (here - along(-h)) / h, right: (along(h) - here) / h };
  });
  const gaps = sides.map(({ left, right }) => Math.abs(right - left));
  const isKink = gaps.every((gap, i) => gap > 1e-3 * size && (i === 0 || gap > 0.5 * gaps[i - 1]!));
  return isKink ? sides[1]! : null;
}

/**
 * E: the entry of Jᵀ ȳ that is farthest from its own difference. One plain difference an entry finds it, and only
 * that one is worth extrapolating.
 */
export function worstEntry({ x, xBar }: Probe, along: (d: Tensor) => (t: number) => number): Worst {
  const unit = (i: number): Tensor => {
    const data = new Float64Array(x.size);
    data[i] = 1;
    return fromData(x.shape, "float64", data);
  };
  let at = 0;
  let widest = -1;
  for (let i = 0; i < x.size; i++) {
    const phi = along(unit(i));
    const h = (1e-3 * firstStep(x, unit(i))) / Math.sqrt(x.size);
    const gap = Math.abs((phi(h) - phi(-h)) / (2 * h) - (xBar?.data[i] ?? 0));
    if (gap > widest) {
      at = i;
      widest = gap;
    }
  }
  const expected = ridders(along(unit(at)), firstStep(x, unit(at)) / Math.sqrt(x.size)).value;
  return { index: unravel(at, x.shape), value: xBar?.data[at] ?? 0, expected };
}

/** A table whose own error is below this needs no second one. */
const CLEAR = 1e-8;

/** A table of differences whose own error is above this has not converged: no smooth function does that. */
const CONVERGED = 1e-5;

/**
 * A fifth of x's spread, in the units of ẋ: large against rounding, small against the scale on which f bends. Never
 * tied to the size of x, which may be a million times its spread.
 */
function firstStep(x: Tensor, xDot: Tensor): number {
  const n = x.size;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += x.data[i]! / n;
  let spread = 0;
  for (let i = 0; i < n; i++) spread += (x.data[i]! - mean) ** 2 / n;
  const own = Math.sqrt(spread);
  const scale = own > 1e-12 * Math.abs(mean) ? own : Math.abs(mean) > 0 ? Math.abs(mean) : 1;
  return (0.2 * scale * Math.sqrt(n)) / norm([xDot]);
}

function check(layer: Check["layer"], { method }: typeof A, error: number, tolerance: number): Check {
  return { layer, method, error, tolerance, passes: error <= tolerance, digits: digitsOf(error) };
}

function relative(difference: number, size: number): number {
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

function unravel(at: number, shape: readonly number[]): Worst["index"] {
  const index: number[] = [];
  for (let k = shape.length - 1, rest = at; k >= 0; k--) {
    index.unshift(rest % shape[k]!);
    rest = Math.trunc(rest / shape[k]!);
  }
  return index;
}
