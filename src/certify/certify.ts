import {
  type AnyPrimitive,
  allocate,
  bind,
  fromData,
  type Inputs,
  isFloat,
  type MaybeZero,
  NotDifferentiableError,
  type Primitive,
  programOf,
  pullback,
  pushforward,
  replay,
  type Spec,
  sizeOf,
  Tensor,
  type Trace,
  trace,
} from "../../graph/index.ts";
import { add, type Fused } from "../../ops/index.ts";
import { stream } from "../random/stream.ts";
import { type AllTraced, type Flat, flatten, type Tree } from "../tree.ts";
import {
  derivativeSize,
  differences,
  dot,
  dotTest,
  entrywise,
  naturalSize,
  norm,
  type Probe,
} from "./checks.ts";
import { type Check, type Finding, findingOf, type Report, reportOf, type Verdict } from "./report.ts";

export interface CertifyOptions<P = unknown> {
  /** Of the directions; a report names the one that it was made with. */
  readonly seed?: number;
  /** For a primitive: the parameters that it is applied with. */
  readonly params?: P;
}

/**
 * Whether a function's derivatives at x are right, and to how many digits, by witnesses that share as little as can be:
 *
 * A. vjp against jvp: <ȳ, J ẋ> = <Jᵀ ȳ, ẋ> for random signed directions, 1e-10;
 * B. where fused ops are in it: value and gradients against those of their references, entry by entry, 1e-10;
 * C. vjp against Ridders-extrapolated differences, 1e-8 and five times their own error estimate.
 *
 * Each input is judged by itself. float32 inputs are taken in float64: a float32 difference proves nothing. int32
 * and bool inputs are held fixed.
 *
 * @param subject a function of trees of tensors, or a primitive without parameters (see {@link certifyWith})
 * @param x where to look
 * @throws ArgumentError where an input or the result is no tree of tensors
 * @throws NotDifferentiableError where there is no float input, or no float result
 */
export function certify<X extends readonly unknown[]>(subject: Subject<X, void>, ...x: X): Report {
  return certified(subjectOf(subject as Anything, undefined), x, DEFAULT_SEED);
}

/** {@link certify} with a seed for its directions, or with a primitive's parameters. */
export function certifyWith<X extends readonly unknown[], P = void>(
  options: CertifyOptions<P>,
  subject: Subject<X, P>,
  ...x: X
): Report {
  return certified(subjectOf(subject as Anything, options.params), x, options.seed ?? DEFAULT_SEED);
}

/** What can be certified at x: a function of trees of tensors, or a primitive. */
export type Subject<X extends readonly unknown[], P> =
  | ((...x: AllTraced<X>) => Tree)
  | Primitive<Extract<AllTraced<X>, Inputs>, P>;

const DEFAULT_SEED = 1;
const PAIRS = 2;

type Anything = ((...x: readonly unknown[]) => Tree) | AnyPrimitive;

interface Named {
  readonly name: string;
  readonly f: (...x: readonly unknown[]) => Tree;
}

function subjectOf(subject: Anything, params: unknown): Named {
  if (typeof subject === "function") return { name: subject.name || "the function", f: subject };
  return { name: subject.name, f: (...x) => bind(subject, x as Inputs, params) };
}

function certified({ name, f }: Named, x: readonly unknown[], seed: number): Report {
  const flat = flatten<readonly unknown[]>("certify", "input ", x);
  const leaves = flat.leaves.map(inFloat64);
  const F = (...t: Inputs): Inputs => flatten("certify", "the result", f(...flat.rebuild(t))).leaves;
  const tape = trace(F, leaves, true);
  const reference = referenceOf(tape, leaves);
  const y = tape.outputs.map((i) => tape.nodes[i]!.value);
  assertDifferentiable(name, leaves, y);

  const findings: Finding[] = [];
  if (reference !== null) {
    const checks = reference.outputs.map((i, k) => entrywise(y[k]!, reference.nodes[i]!.value, norm(y)));
    findings.push(findingOf({ ...specOf(y[0]!), input: "value", order: 0 }, [worstOf(checks)], null));
  }
  leaves.forEach((leaf, k) => {
    if (!isFloat(leaf.dtype) || leaf.size === 0) return;
    const about = { ...specOf(flat.leaves[k]!), input: nameOf(flat, k), order: 1 };
    findings.push(gradientFinding({ F, leaves, tape, reference, y }, k, seed, about));
  });
  return reportOf(name, seed, findings);
}

interface Setting {
  readonly F: (...x: Inputs) => Inputs;
  readonly leaves: Inputs;
  readonly tape: Trace;
  readonly reference: Trace | null;
  readonly y: Inputs;
}

function gradientFinding(
  { F, leaves, tape, reference, y }: Setting,
  k: number,
  seed: number,
  about: Pick<Finding, "input" | "shape" | "dtype" | "order">,
): Finding {
  const x = leaves[k]!;
  const checks: Record<Check["layer"], Check[]> = { A: [], B: [], C: [] };
  const largest = tape.nodes.reduce(
    (most, { value }) => Math.max(most, isFloat(value.dtype) ? norm([value]) : 0),
    0,
  );
  let isSmooth = true;
  let hasValue = true;
  let vanishes = true;
  for (let pair = 0; pair < PAIRS; pair++) {
    // The cotangents are the same for every input, so that what is said of one can be compared with another.
    const yBar = y.map((t, i) => direction(t, seed, "cotangent", pair, i));
    const xDot = direction(x, seed, "tangent", pair, k);
    const only = leaves.map((_, i) => (i === k ? xDot : null));
    const xBar = pullback(tape, yBar, add)[k]!;
    const probe: Probe = { x, xDot, yBar, yDot: pushforward(tape, only), xBar, largest };
    const slope = differences(probe, (t) => dot(yBar, F(...moved(leaves, k, xDot, t))));
    checks.A.push(dotTest(probe));
    if (reference !== null) {
      checks.B.push(entrywise(xBar, pullback(reference, yBar, add)[k]!, naturalSize(probe) / norm([xDot])));
    }
    checks.C.push(slope);
    isSmooth &&= slope.isSmooth;
    hasValue &&= slope.hasValue;
    vanishes &&= derivativeSize(probe) < VANISHED * naturalSize(probe);
  }
  const made = Object.values(checks)
    .filter((c) => c.length > 0)
    .map(worstOf);
  const hasOneDirection = y.length === 1 && y[0]!.size === 1;
  return findingOf(about, made, doubtOf(made, isSmooth, hasValue, vanishes && hasOneDirection));
}

/** A derivative below this part of its natural size is what rounding leaves of zero. */
const VANISHED = 1e-9;

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

/** The same run with every fused op replaced by its reference; null where there is none. */
function referenceOf(tape: Trace, leaves: Inputs): Trace | null {
  if (!tape.nodes.some(({ op }) => op !== null && isFused(op))) return null;
  const program = programOf(tape);
  const expand = (op: AnyPrimitive, x: Inputs, params: unknown): Tensor =>
    isFused(op) ? op.reference(x, params) : bind(op, x, params);
  return trace((...x) => replay(program, x, expand), leaves, true);
}

function isFused(op: AnyPrimitive): op is Fused<Inputs, unknown> {
  return "reference" in op;
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

function inFloat64(t: Tensor): Tensor {
  if (!isFloat(t.dtype)) return t;
  const data = allocate("float64", t.size);
  data.set(t.data as ArrayLike<number>);
  return new Tensor(t.shape, "float64", data, null, t.name);
}

function worstOf(checks: readonly Check[]): Check {
  const excess = (c: Check): number =>
    Number.isNaN(c.error) ? Number.POSITIVE_INFINITY : c.error / c.tolerance;
  return checks.reduce((a, b) => (excess(b) > excess(a) ? b : a));
}

function specOf({ shape, dtype }: Spec): Spec {
  return { shape: [...shape], dtype };
}

function nameOf(flat: Flat<unknown>, k: number): string {
  return (
    flat.leaves[k]!.name ??
    flat
      .path(k)
      .replace(/^\[(\d+)\]\.?/, (_, n: string) => `input ${n} `)
      .trim()
  );
}

function assertDifferentiable(name: string, x: Inputs, y: readonly MaybeZero[]): void {
  const what = x.some((t) => isFloat(t.dtype)) ? "result" : "input";
  if (what === "result" && y.every((t) => t !== null && isFloat(t.dtype))) return;
  const got = (what === "input" ? x : y).map((t) => t?.dtype ?? "nothing").join(", ");
  throw new NotDifferentiableError(
    "certify",
    `${name} to have a float ${what}`,
    got || "nothing",
    "cast to float64",
  );
}
