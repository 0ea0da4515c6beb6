/** The finding for one input: its derivative, of whatever order, by every witness there is. */
import {
  filled,
  type Inputs,
  isFloat,
  pullback,
  pushforward,
  type Tensor,
  type Trace,
  trace,
} from "../../graph/index.ts";
import { add } from "../../ops/index.ts";
import { B, derivativeSize, dot, dotTest, entrywise, naturalSize, norm, type Probe } from "./checks.ts";
import { differences, type Slope } from "./differences.ts";
import { cotangents, direction, moved } from "./directions.ts";
import {
  isCheap,
  isSmall,
  jacobianCheck,
  type Row,
  rowsOf,
  worstEntry,
  worstOfJacobian,
} from "./jacobian.ts";
import { jittered, jitterOf, valueJitter } from "./jitter.ts";
import { type Check, type Finding, findingOf, type Slopes, type Verdict, worstOf } from "./report.ts";
import { outputsOf } from "./subject.ts";
import { symmetryCheck } from "./symmetry.ts";
import type { Worst } from "./worst.ts";

/** A function at a point: itself, a derivative of it, or a derivative of that. */
export interface Setting {
  readonly f: (...x: Inputs) => Inputs;
  readonly leaves: Inputs;
  readonly tape: Trace;
  /** The same run by the fused ops' references; null where there are none, or none are to be compared. */
  readonly reference: Trace | null;
  readonly order: number;
  readonly seed: number;
  /** What the leaves are called. */
  readonly names: readonly string[];
  /** Of a derivative: the leaf that each result is the gradient of. */
  readonly sources: readonly number[] | null;
  /** The rows of the Jacobian, once somebody asks. */
  readonly rows: () => readonly Row[];
  /** The same run, with rounding errors put in. */
  readonly near: () => Trace;
}

const PAIRS = 2;

/** A derivative below this part of its natural size is what rounding leaves of zero. */
const VANISHED = 1e-9;

/** Entries of a gradient that are worth a difference each, to name the worst; of a derivative's own derivative. */
const NAMED = { first: 4096, higher: 256 } as const;

export function settingOf(
  given: Pick<Setting, "f" | "leaves" | "tape" | "reference" | "seed" | "names">,
): Setting {
  const { tape, reference, leaves } = given;
  return {
    ...given,
    order: 1,
    sources: null,
    rows: once(() => rowsOf(tape, resultNames(tape))),
    near: once(() => jittered(reference ?? tape, leaves)),
  };
}

/**
 * @param k which of the leaves
 * @param about what the finding is about
 * @param further other checks of the same gradient
 */
export function gradientFinding(
  setting: Setting,
  k: number,
  about: Pick<Finding, "input" | "shape" | "dtype">,
  further: readonly Check[],
): Finding {
  const { f, leaves, tape, reference, order, seed, sources, near } = setting;
  const x = leaves[k]!;
  const y = outputsOf(tape);
  const results = y.reduce((n, t) => n + t.size, 0);
  const largest = tape.nodes.reduce(
    (most, { value }) => Math.max(most, isFloat(value.dtype) ? norm([value]) : 0),
    0,
  );
  const uncertain = valueJitter(near(), y);
  const checks: Record<"A" | "B" | "C" | "D" | "E", Check[]> = { A: [], B: [], C: [], D: [], E: [] };
  let isSmooth = true;
  let hasValue = true;
  let vanishes = true;
  let slopes: Slopes | null = null;
  let worst: Worst | null = null;
  for (let pair = 0; pair < PAIRS; pair++) {
    // The cotangents are the same for every input, so that what is said of one can be compared with another.
    const yBar = cotangents(y, seed, order, pair);
    const xDot = direction(x, seed, "tangent", order, pair, k);
    const only = leaves.map((_, i) => (i === k ? xDot : null));
    const bars = pullback(tape, yBar, add);
    const xBar = bars[k]!;
    const right = reference === null ? bars : pullback(reference, yBar, add);
    const jitter = jitterOf(near(), leaves, yBar, right)[k]!;
    const probe: Probe = {
      x,
      xDot,
      yBar,
      yDot: pushforward(tape, only),
      xBar,
      largest,
      jitter,
      uncertain: uncertain * norm(yBar),
    };
    const along = (d: Tensor) => (t: number) => dot(yBar, f(...moved(leaves, k, d, t)));
    const slope = differences(probe, along(xDot));
    checks.A.push(dotTest(probe));
    if (reference !== null) {
      checks.B.push(entrywise(B, xBar, right[k]!, naturalSize(probe) / norm([xDot]), jitter));
    }
    if (pair === 0 && sources !== null) checks.D.push(symmetryCheck(setting, sources, k, probe));
    if (pair === 0 && order === 1 && isCheap(x, results)) {
      checks.E.push(jacobianCheck(tape, setting.rows(), k, probe));
    }
    if (isWrong(slope)) worst ??= worstIn(setting, k, probe, along);
    checks.C.push(slope.check);
    isSmooth &&= slope.isSmooth;
    hasValue &&= slope.hasValue;
    slopes ??= slope.slopes;
    vanishes &&= derivativeSize(probe) < VANISHED * naturalSize(probe);
  }
  const made = [
    ...Object.values(checks)
      .filter((c) => c.length > 0)
      .map(worstOf)
      .map((c) => (c.layer === "C" && !c.passes && worst !== null ? { ...c, worst } : c)),
    ...further,
  ];
  // Only a function with one number to it can hide its derivative from a random cotangent.
  const isVacuous = vanishes && order === 1 && y.length === 1 && y[0]!.size === 1;
  return findingOf({ ...about, order }, made, doubtOf(made, isSmooth, hasValue, isVacuous), slopes);
}

function isWrong({ passes, isSmooth }: Slope): boolean {
  return !passes && isSmooth;
}

/** The entry that differs most from its own difference; null where a reference names one, or there are too many. */
function worstIn(
  { f, leaves, tape, reference, order, rows }: Setting,
  k: number,
  probe: Probe,
  along: (d: Tensor) => (t: number) => number,
): Worst | null {
  const { x } = probe;
  const results = outputsOf(tape).reduce((n, t) => n + t.size, 0);
  if (x.size > (order === 1 ? NAMED.first : NAMED.higher)) return null;
  if (isSmall(x, results)) return worstOfJacobian({ f, leaves, rows: rows() }, k);
  return reference === null && order === 1 ? worstEntry(probe, along) : null;
}

/**
 * A kink excuses only what differences say, and the symmetry of second derivatives, which need not be continuous: it
 * never makes two exact witnesses disagree. Where f itself has no value on one side, these can say nothing either.
 */
function doubtOf(
  checks: readonly Check[],
  isSmooth: boolean,
  hasValue: boolean,
  isVacuous: boolean,
): Verdict | null {
  const excused = hasValue ? ["C", "D"] : ["A", "C", "D", "E"];
  if (!isSmooth && checks.every(({ layer, passes }) => passes || excused.includes(layer))) {
    return "not differentiable here";
  }
  // Then the checks have compared what rounding left of zero with itself.
  return isVacuous ? "vacuous" : null;
}

/** The next order: x -> x̄ = Jᵀ ȳ for one fixed signed ȳ, as a function that can be certified in its turn. */
export function derivativeOf({ f, leaves, tape, order, seed, names }: Setting): Setting {
  const yBar = cotangents(outputsOf(tape), seed, order, 0);
  const sources = leaves.flatMap((t, k) => (isFloat(t.dtype) && t.size > 0 ? [k] : []));
  const g = (...x: Inputs): Inputs => {
    const xBar = pullback(trace(f, x, true), yBar, add);
    return sources.map((k) => xBar[k] ?? filled(x[k]!.shape, x[k]!.dtype, 0));
  };
  const own = trace(g, leaves, true);
  const titles = sources.map((k) => `the gradient of ${names[k]}`);
  return {
    f: g,
    leaves,
    tape: own,
    reference: null,
    order: order + 1,
    seed,
    names,
    sources,
    rows: once(() => rowsOf(own, titles)),
    near: once(() => jittered(own, leaves)),
  };
}

function resultNames(tape: Trace): string[] {
  return tape.outputs.map((_, r) => (tape.outputs.length === 1 ? "the result" : `result ${r}`));
}

function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | null = null;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
