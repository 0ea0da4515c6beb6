/** What is certified, as a function of tensors that can be run again and again. */
import {
  type AnyPrimitive,
  ArgumentError,
  allocate,
  bind,
  DTypeError,
  describe,
  type Inputs,
  isFloat,
  NotDifferentiableError,
  programOf,
  replay,
  Tensor,
  type Trace,
  trace,
} from "../../graph/index.ts";
import type { Fused } from "../../ops/index.ts";
import { NumPyRandom, Random } from "../random/index.ts";
import { flatten, flattenResult, type Tree } from "../tree.ts";
import type { Held } from "./report.ts";

/** A function of trees, or a primitive; its types have been checked by whoever asks. */
export type Anything = ((...x: readonly unknown[]) => Tree) | AnyPrimitive;

export interface Subject {
  /** Whose argument it is, for errors. */
  readonly op: string;
  readonly name: string;
  /** Its tensors as they were given: shapes, dtypes, names. */
  readonly given: Inputs;
  /** What each is called in a report. */
  readonly names: readonly string[];
  /** The same in float64 where they were float32. */
  readonly leaves: Inputs;
  /** Those that have no derivative, and why; generators too. */
  readonly held: readonly Held[];
  /** Leaves to outputs. Generators among the inputs start anew at every call, from where they stood. */
  readonly f: (...leaves: Inputs) => Inputs;
}

/**
 * @param op whose argument it is, for errors
 * @throws ArgumentError for what is neither a function nor a primitive, and where an input or a result is no tree of
 *   tensors
 */
export function subjectOf(
  subject: Anything,
  x: readonly unknown[],
  params: unknown,
  op = "certify",
): Subject {
  assertSubject(op, subject);
  const isOp = typeof subject !== "function";
  const call = isOp ? (...t: readonly unknown[]): Tree => bind(subject, t as Inputs, params) : subject;
  if (isOp && params === undefined) assertNeedsNone(op, subject, x);
  const generators = x.map((t) => (isGenerator(t) ? again(t) : null));
  const flat = flatten<readonly unknown[]>(
    op,
    "input ",
    x.map((t) => (isGenerator(t) ? null : t)),
  );
  const isWidened = flat.leaves.some(({ dtype }) => dtype === "float32");
  const f = (...leaves: Inputs): Inputs => {
    const args = flat.rebuild(leaves).map((t, k) => generators[k]?.() ?? t);
    try {
      return flattenResult(op, call(...args)).leaves;
    } catch (error) {
      throw isWidened && error instanceof DTypeError ? closedOver(op, error) : error;
    }
  };
  const names = flat.leaves.map((t, k) => t.name ?? placeOf(flat.path(k)));
  return {
    op,
    name: subject.name || "the function",
    given: flat.leaves,
    names,
    held: [
      ...flat.leaves.flatMap((t, k) => heldAt(t, names[k]!)),
      ...generators.flatMap((make, k) => (make === null ? [] : [{ input: `input ${k}`, ...SAME_STREAM }])),
    ],
    leaves: flat.leaves.map(inFloat64),
    f,
  };
}

/** A float32 tensor that f did not get from its caller has met one that is float64 for the time being. */
function closedOver(op: string, error: DTypeError): DTypeError {
  return new DTypeError(
    op,
    "no float32 but in the inputs, which are taken in float64",
    error.message,
    "pass what f closes over as an input too",
  );
}

function assertSubject(op: string, subject: unknown): void {
  if (typeof subject === "function") return;
  const { kernel, vjp } = (subject ?? {}) as Partial<AnyPrimitive>;
  if (typeof kernel === "function" && typeof vjp === "function") return;
  throw new ArgumentError(op, "a function or a primitive to certify", describe(subject));
}

/** @throws ArgumentError for an op that asks for parameters where there are none */
function assertNeedsNone(op: string, primitive: AnyPrimitive, x: readonly unknown[]): void {
  if (!x.every((t) => t instanceof Tensor)) return;
  try {
    primitive.shape(x, undefined);
  } catch (error) {
    // Its own errors are about the inputs; this is about what it reads and is not there.
    if (!(error instanceof TypeError)) return;
    const remedy = "give them to certifyWith, or certify a function that applies the op";
    throw new ArgumentError(op, `parameters, which ${primitive.name} needs`, "none", remedy);
  }
}

/** Why a tensor is not moved, if it is not. */
function heldAt({ dtype, size }: Tensor, input: string): Held[] {
  if (!isFloat(dtype)) return [{ input, dtype, because: "no tangent space" }];
  return size > 0 ? [] : [{ input, dtype, because: "it is empty" }];
}

const SAME_STREAM = { dtype: null, because: "generator: the same stream at every evaluation" } as const;

/** `[0].W1` is "input 0 W1". */
function placeOf(path: string): string {
  return path.replace(/^\[(\d+)\]\.?/, (_, n: string) => `input ${n} `).trim();
}

function isGenerator(x: unknown): x is Random | NumPyRandom {
  return x instanceof Random || x instanceof NumPyRandom;
}

/** Makes the same generator, in the state in which it is now, each time. The caller's own is not drawn from. */
function again(generator: Random | NumPyRandom): () => Random | NumPyRandom {
  if (generator instanceof Random) {
    const state = generator.state();
    return () => Random.from(state);
  }
  const state = generator.state();
  return () => NumPyRandom.from(state);
}

/** A float32 difference proves nothing: derivatives are certified in float64. */
export function inFloat64(t: Tensor): Tensor {
  if (!isFloat(t.dtype)) return t;
  const data = allocate("float64", t.size);
  data.set(t.data as ArrayLike<number>);
  return new Tensor(t.shape, "float64", data, null, t.name);
}

/** The same run with every fused op replaced by its reference; null where there is none. */
export function referenceOf(tape: Trace, leaves: Inputs): Trace | null {
  if (!tape.nodes.some(({ op }) => op !== null && isFused(op))) return null;
  const program = programOf(tape);
  const expand = (op: AnyPrimitive, x: Inputs, params: unknown): Tensor =>
    isFused(op) ? op.reference(x, params) : bind(op, x, params);
  return trace((...x) => replay(program, x, expand), leaves, true);
}

function isFused(op: AnyPrimitive): op is Fused<Inputs, unknown> {
  return "reference" in op;
}

/** The values that a tape returned. */
export function outputsOf(tape: Trace): Inputs {
  return tape.outputs.map((i) => tape.nodes[i]!.value);
}

/** @throws NotDifferentiableError where there is no float input */
export function assertFloatInput({ op, name, leaves }: Subject): void {
  if (!leaves.some((t) => isFloat(t.dtype))) throw notFloat(op, name, "input", leaves);
}

/** @throws NotDifferentiableError where there is no result, or one that is not float */
export function assertFloatResult({ op, name }: Subject, y: Inputs): void {
  if (y.length === 0 || !y.every((t) => isFloat(t.dtype))) throw notFloat(op, name, "result", y);
}

function notFloat(op: string, name: string, what: string, t: Inputs): NotDifferentiableError {
  const got = t.map(({ dtype }) => dtype).join(", ");
  return new NotDifferentiableError(
    op,
    `${name} to have a float ${what}`,
    got || "nothing",
    "cast to float64",
  );
}
