/**
 * Learning rates that change: functions from the number of steps taken before this one to this one's rate. They are
 * plain functions of plain numbers: compose them, plot them, or write your own.
 */
import { ArgumentError, describe } from "../../graph/index.ts";
import { checkedInteger, checkedOptions } from "../../graph/options.ts";
import { checkedNonNegative } from "./checked.ts";
import type { Schedule } from "./optimizer.ts";

export type Rates = (step: number) => number;

/** The same rate for ever. @throws ArgumentError unless it is a finite number >= 0 */
export function constant(rate: number): Rates {
  checkedNonNegative("constant", "rate", rate);
  return (step) => {
    checkedStep("constant", step);
    return rate;
  };
}

export interface DecayOptions {
  /** What the rate is multiplied by. */
  readonly factor: number;
  /** Each time so many steps have been taken (an epoch's, say). */
  readonly every: number;
}

/**
 * rate * factor^(step / every): smooth, and times `factor` after `every` steps.
 *
 * @throws ArgumentError unless rate and factor are finite numbers >= 0, and every an integer >= 1
 */
export function exponentialDecay(rate: number, options: DecayOptions): Rates {
  const { factor, every } = decayOf("exponentialDecay", rate, options);
  return (step) => rate * factor ** (checkedStep("exponentialDecay", step) / every);
}

/**
 * rate * factor^⌊step / every⌋: the same for `every` steps, then times `factor`.
 *
 * @throws ArgumentError unless rate and factor are finite numbers >= 0, and every an integer >= 1
 */
export function stepDecay(rate: number, options: DecayOptions): Rates {
  const { factor, every } = decayOf("stepDecay", rate, options);
  return (step) => rate * factor ** Math.floor(checkedStep("stepDecay", step) / every);
}

function decayOf(op: string, rate: number, options: DecayOptions): DecayOptions {
  checkedNonNegative(op, "rate", rate);
  const { factor, every } = checkedOptions(op, options, ["factor", "every"]);
  return {
    factor: checkedNonNegative(op, "factor", factor),
    every: checkedInteger(op, "every", every, 1),
  };
}

export interface CosineOptions {
  /** After so many steps the last rate is reached. */
  readonly steps: number;
  /** The last rate, which stays; 0 unless given. */
  readonly last?: number;
}

/**
 * Half a cosine wave from `rate` down to `last` (Loshchilov & Hutter 2017, without restarts):
 * last + (rate - last) (1 + cos(π step / steps)) / 2.
 *
 * @throws ArgumentError unless rate and last are finite numbers >= 0, and steps an integer >= 1
 */
export function cosineDecay(rate: number, options: CosineOptions): Rates {
  checkedNonNegative("cosineDecay", "rate", rate);
  const { steps, last = 0 } = checkedOptions("cosineDecay", options, ["steps", "last"]);
  checkedInteger("cosineDecay", "steps", steps, 1);
  checkedNonNegative("cosineDecay", "last", last);
  return (step) => {
    const done = Math.min(checkedStep("cosineDecay", step) / steps, 1);
    return last + (rate - last) * ((1 + Math.cos(Math.PI * done)) / 2);
  };
}

/**
 * A straight line up to a schedule's first rate, then the schedule: steps 0, 1, ... have 1, 2, ... of steps + 1 parts
 * of it, so that no step has a rate of 0, and step number `steps` is the schedule's first.
 *
 * @param steps how many have less than the full rate
 * @param then a rate, or a schedule, which sees its own steps counted from 0
 * @throws ArgumentError unless steps is an integer >= 0 and `then` a schedule
 */
export function warmUp(steps: number, then: Schedule): Rates {
  checkedInteger("warmUp", "steps", steps, 0);
  const after = typeof then === "number" ? constant(checkedNonNegative("warmUp", "then", then)) : then;
  if (typeof after !== "function") {
    throw new ArgumentError("warmUp", "then to be a rate or a schedule", describe(then));
  }
  return (step) => {
    const done = checkedStep("warmUp", step);
    return done < steps ? (after(0) * (done + 1)) / (steps + 1) : after(done - steps);
  };
}

function checkedStep(op: string, step: number): number {
  return checkedInteger(op, "step", step, 0);
}
