/** The finding for one input: its derivative, of whatever order, by every witness there is. */
import {
  filled,
  fromData,
  type Inputs,
  isFloat,
  type MaybeZero,
  pullback,
  pushforward,
  type Spec,
  sizeOf,
  type Tensor,
  type Trace,
  trace,
} from "../../graph/index.ts";
import { add } from "../../ops/index.ts";
import { stream } from "../random/stream.ts";
import {
  derivativeSize,
  differences,
  dot,
  dotTest,
  entrywise,
  naturalSize,
  norm,
  type Probe,
  worstEntry,
} from "./checks.ts";
import {
  type Check,
  type Finding,
  findingOf,
  type Slopes,
  type Verdict,
  type Worst,
  worstOf,
} from "./report.ts";

/** A function at a point: itself, a derivative of it, or a derivative of that. */
export interface Setting {
  readonly f: (...x: Inputs) => Inputs;
  readonly leaves: Inputs;
  readonly tape: Trace;
  /** The same run by the fused ops' references; null where there are none, or none are to be compared. */
  readonly reference: Trace | null;
  readonly order: number;
  readonly seed: number;
}

const PAIRS = 2;

/** A derivative below this part of its natural size is what rounding leaves of zero. */
const VANISHED = 1e-9;

/** Entries of a gradient that are worth a difference each, to name the worst. */
const NAMED = 4096;

/**
 * @param k which of the leaves
 * @param about what the finding is about
 * @param further other checks of the same gradient
 */
export function gradientFinding(
  { f, leaves, tape, reference, order, seed }: Setting,
  k: number,
  about: Pick<Finding, "input" | "shape" | "dtype">,
  further: readonly Check[],
): Finding {
  const x = leaves[k]!;
  const y = tape.outputs.map((i) => tape.nodes[i]!.value);
  const largest = tape.nodes.reduce(
    (most, { value }) => Math.max(most, isFloat(value.dtype) ? norm([value]) : 0),
    0,
  );
  const checks: Record<"A" | "B" | "C", Check[]> = { A: [], B: [], C: [] };
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
    const xBar = pullback(tape, yBar, add)[k]!;
    const jitter = jitterOf(f, leaves, yBar, xBar, k);
    const probe: Probe = { x, xDot, yBar, yDot: pushforward(tape, only), xBar, largest, jitter };
    const along = (d: Tensor) => (t: number) => dot(yBar, f(...moved(leaves, k, d, t)));
    const slope = differences(probe, along(xDot));
    checks.A.push(dotTest(probe));
    if (reference !== null) {
      const expected = pullback(reference, yBar, add)[k]!;
      checks.B.push(entrywise(xBar, expected, naturalSize(probe) / norm([xDot]), jitter));
    }
    // Where there is a reference, it has named the worst entry already.
    if (!slope.passes && slope.isSmooth && reference === null && order === 1 && x.size <= NAMED) {
      worst ??= worstEntry(probe, along);
    }
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

/**
 * A kink excuses only what differences say: it never makes two exact witnesses disagree. Where f itself has no value
 * on one side, the dot test can say nothing either.
 */
function doubtOf(
  checks: readonly Check[],
  isSmooth: boolean,
  hasValue: boolean,
  isVacuous: boolean,
): Verdict | null {
  const excused = hasValue ? ["C"] : ["A", "C"];
  if (!isSmooth && checks.every(({ layer, passes }) => passes || excused.includes(layer))) {
    return "not differentiable here";
  }
  // Then the checks have compared what rounding left of zero with itself.
  return isVacuous ? "vacuous" : null;
}

/** The change of Jᵀ ȳ when every number of the inputs is changed by a unit in its last place, up or down by turns. */
function jitterOf(f: Setting["f"], leaves: Inputs, yBar: Inputs, xBar: MaybeZero, k: number): Tensor {
  const near = leaves.map((t) => {
    if (!isFloat(t.dtype)) return t;
    const data = Float64Array.from(t.data, (v, i) => v * (1 + (i % 2 === 0 ? 1 : -1) * Number.EPSILON));
    return fromData(t.shape, "float64", data);
  });
  const moved = pullback(trace(f, near, true), yBar, add)[k]!;
  const x = leaves[k]!;
  const data = new Float64Array(x.size);
  for (let i = 0; i < data.length; i++) data[i] = (moved?.data[i] ?? 0) - (xBar?.data[i] ?? 0);
  return fromData(x.shape, "float64", data);
}

/** The next order: x -> x̄ = Jᵀ ȳ for one fixed signed ȳ, as a function that can be certified in its turn. */
export function derivativeOf({ f, leaves, tape, order, seed }: Setting): Setting {
  const y = tape.outputs.map((i) => tape.nodes[i]!.value);
  const yBar = cotangents(y, seed, order, 0);
  const wanted = leaves.map((t) => isFloat(t.dtype) && t.size > 0);
  const g = (...x: Inputs): Inputs => {
    const xBar = pullback(trace(f, x, true), yBar, add);
    return x.flatMap((t, k) => (wanted[k] ? [xBar[k] ?? filled(t.shape, t.dtype, 0)] : []));
  };
  return { f: g, leaves, tape: trace(g, leaves, true), reference: null, order: order + 1, seed };
}

export function cotangents(y: Inputs, seed: number, order: number, pair: number): Tensor[] {
  return y.map((t, i) => direction(t, seed, "cotangent", order, pair, i));
}

function direction({ shape }: Spec, seed: number, ...labels: readonly (string | number)[]): Tensor {
  const from = stream(seed, "certify", ...labels);
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = from.gaussian();
  return fromData(shape, "float64", data);
}

function moved(leaves: Inputs, k: number, xDot: Tensor, t: number): Inputs {
  const x = leaves[k]!;
  const data = new Float64Array(x.size);
  for (let i = 0; i < data.length; i++) data[i] = x.data[i]! + t * xDot.data[i]!;
  return leaves.map((leaf, i) => (i === k ? fromData(x.shape, "float64", data) : leaf));
}
