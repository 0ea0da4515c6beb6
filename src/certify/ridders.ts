import { ArgumentError, describe } from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";

/** A derivative by extrapolation, and how far it can be trusted. */
export interface Extrapolation {
  readonly value: number;
  /** The method's own estimate of its error; it can be several times too small. */
  readonly error: number;
  /** The smallest step that went into it: what is uncertain in phi is so in the derivative by as much over this. */
  readonly step: number;
}

const SHRINK = 1.4;
const ROWS = 12;

/**
 * phi'(0) by Ridders' method: central differences at shrinking steps, extrapolated to step zero as far as the table
 * keeps improving (Ridders 1982, "Accurate computation of F'(x) and F'(x) F''(x)").
 *
 * A single difference has to choose between truncation and rounding; the table does not, so the first step may and
 * should be as large as phi stays smooth.
 *
 * @param phi a function of one number
 * @param step the first step, > 0
 * @returns NaN, with an infinite error, where phi is not finite
 * @throws ArgumentError where phi is no function, or the step no number > 0
 */
export function ridders(phi: (t: number) => number, step: number): Extrapolation {
  checkedFunction("ridders", "phi", phi);
  if (typeof step !== "number" || !(step > 0 && step < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError("ridders", "a first step > 0", describe(step));
  }
  let best: Extrapolation = { value: Number.NaN, error: Number.POSITIVE_INFINITY, step };
  let before: number[] = [];
  for (let i = 0, h = step; i < ROWS; i++, h /= SHRINK) {
    const row = [(phi(h) - phi(-h)) / (2 * h)];
    for (let j = 1, factor = SHRINK * SHRINK; j <= i; j++, factor *= SHRINK * SHRINK) {
      const value = (row[j - 1]! * factor - before[j - 1]!) / (factor - 1);
      const error = Math.max(Math.abs(value - row[j - 1]!), Math.abs(value - before[j - 1]!));
      row.push(value);
      if (error <= best.error) best = { value, error, step: h };
    }
    // Once the highest order gets worse by far, rounding has taken over.
    if (i > 1 && Math.abs(row[i]! - before[i - 1]!) >= 4 * best.error) break;
    before = row;
  }
  return best;
}
