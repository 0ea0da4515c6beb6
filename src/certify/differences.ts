/** C: what the function itself has to say, by differences of its values. */
import {
  allowance,
  check,
  derivativeSize,
  dot,
  FLOOR,
  type Method,
  naturalSize,
  norm,
  type Probe,
  relative,
} from "./checks.ts";
import type { Check, Slopes } from "./report.ts";
import { type Extrapolation, ridders } from "./ridders.ts";
import { stepsFor } from "./steps.ts";

const C: Method = { layer: "C", method: "against differences (Ridders)", tolerance: 1e-8 };

/** What differences have to say, and whether they can say anything here. */
export interface Slope {
  readonly check: Check;
  readonly passes: boolean;
  /** The table converged to one slope, and both sides of the point have it. */
  readonly isSmooth: boolean;
  /** There is a value here and on both sides. */
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
  const size = derivativeSize(probe) + FLOOR * naturalSize(probe);
  const back = dot([probe.xBar], [probe.xDot]);
  // What rounding makes of the values is divided by the step.
  const noiseOf = ({ step }: Extrapolation): number => relative((NOISES * probe.uncertain) / step, size);
  const judged = (table: Extrapolation): Check => {
    const { value, error } = table;
    const slack = 5 * Math.min(relative(error, size), CONVERGED) + noiseOf(table) + allowance(probe, size);
    return check(C, relative(value - back, size), slack);
  };
  // A step that reaches over a kink or a sharp bend nearby spoils the table, now and then without its knowing: so a
  // table that objects, or has not converged, is asked again with other steps.
  const { steps, near } = stepsFor(probe.x, probe.xDot);
  const [first, ...others] = steps;
  let step = first;
  let best = ridders(along, step);
  let made = judged(best);
  let last = best;
  for (const other of others) {
    if (made.passes && relative(best.error, size) <= CLEAR) break;
    const next = ridders(along, other);
    const again = judged(next);
    // From steps small enough, a table that was spoiled would have come to something else: this is the slope.
    const isClear = Math.max(relative(last.error, size), relative(next.error, size)) <= CLEAR;
    const isSame = isClear && relative(next.value - last.value, size) <= SAME;
    if (isSame && !again.passes && other < near) break;
    if (other <= near) last = next;
    const isBetter = again.passes === made.passes ? next.error < best.error : again.passes;
    const isConverged = relative(next.error, size) <= CONVERGED + noiseOf(next);
    if (isBetter && isConverged && noiseOf(next) <= LOUDEST) [best, made, step] = [next, again, other];
  }
  const own = relative(best.error, size);
  // Central differences cannot see a kink that lies exactly here: they converge to the mean of its two slopes.
  const rounded = Number.EPSILON * (norm([probe.xBar]) * norm([probe.x]) + norm(probe.yBar) * probe.largest);
  const noise = Math.max(rounded, probe.uncertain);
  const kink = kinkOf(along, step, size, noise);
  const slopes = kink === null ? null : { ...kink, derivative: back };
  // Both sides may have values where the point between them has none: 0 / 0.
  const hasValue = Number.isFinite(best.value) && Number.isFinite(along(0));
  const isSmooth = own <= CONVERGED + noiseOf(best) && kink === null;
  return { check: made, passes: made.passes, isSmooth, hasValue, slopes };
}

/**
 * The slopes from the left and from the right, where they stay apart however small the step; else null. Where the
 * function only bends sharply they come together in proportion to the step.
 *
 * @param step one that is small against the scale on which f bends
 * @param noise what rounding makes of a value of f
 */
function kinkOf(
  along: (t: number) => number,
  step: number,
  size: number,
  noise: number,
): Omit<Slopes, "derivative"> | null {
  const here = along(0);
  const sides = [1e-3, 1e-4, 1e-5].map((part) => {
    const h = step * part;
    return { left: (here - along(-h)) / h, right: (along(h) - here) / h, rounding: (8 * noise) / h };
  });
  const gaps = sides.map(({ left, right, rounding }) => Math.abs(right - left) - rounding);
  const isKink = gaps.every((gap, i) => gap > 1e-3 * size && (i === 0 || gap > 0.5 * gaps[i - 1]!));
  if (!isKink) return null;
  const { left, right } = sides[1]!;
  return { left, right };
}

/** The errors of the dozen values that go into a table may add up, and weigh more than one in what is extrapolated. */
const NOISES = 16;

/** Steps so near that rounding hides this much of the slope say nothing. */
const LOUDEST = 1e-2;

/** A table whose own error is below this needs no second one. */
const CLEAR = 1e-8;

/** Two tables from other steps that agree to this agree on the slope. */
const SAME = 1e-7;

/** A table of differences whose own error is above this has not converged: no smooth function does that. */
const CONVERGED = 1e-5;
