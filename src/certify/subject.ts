/** What is certified, as a function of tensors that can be run again and again. */
import {
  type AnyPrimitive,
  allocate,
  bind,
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
import { flatten, type Tree } from "../tree.ts";

/** A function of trees, or a primitive; its types have been checked by whoever asks. */
export type Anything = ((...x: readonly unknown[]) => Tree) | AnyPrimitive;

export interface Subject {
  readonly name: string;
  /** Its tensors as they were given: shapes, dtypes, names. */
  readonly given: Inputs;
  /** What each is called in a report. */
  readonly names: readonly string[];
  /** The same in float64 where they were float32. */
  readonly leaves: Inputs;
  /** Leaves to outputs. Generators among the inputs start anew at every call, from where they stood. */
  readonly f: (...leaves: Inputs) => Inputs;
}

/**
 * @throws ArgumentError where an input or a result is no tree of tensors
 */
export function subjectOf(subject: Anything, x: readonly unknown[], params: unknown): Subject {
  const isOp = typeof subject !== "function";
  const call = isOp ? (...t: readonly unknown[]): Tree => bind(subject, t as Inputs, params) : subject;
  const generators = x.map((t) => (isGenerator(t) ? again(t) : null));
  const flat = flatten<readonly unknown[]>(
    "certify",
    "input ",
    x.map((t) => (isGenerator(t) ? null : t)),
  );
  const f = (...leaves: Inputs): Inputs => {
    const args = flat.rebuild(leaves).map((t, k) => generators[k]?.() ?? t);
    return flatten("certify", "the result", call(...args)).leaves;
  };
  return {
    name: subject.name || "the function",
    given: flat.leaves,
    names: flat.leaves.map((t, k) => t.name ?? placeOf(flat.path(k))),
    leaves: flat.leaves.map(inFloat64),
    f,
  };
}

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

/** @throws NotDifferentiableError where there is no float input, or a result that is not float */
export function assertDifferentiable(name: string, x: Inputs, y: Inputs): void {
  const what = x.some((t) => isFloat(t.dtype)) ? "result" : "input";
  if (what === "result" && y.length > 0 && y.every((t) => isFloat(t.dtype))) return;
  const got = (what === "input" ? x : y).map((t) => t.dtype).join(", ");
  throw new NotDifferentiableError(
    "certify",
    `${name} to have a float ${what}`,
    got || "nothing",
    "cast to float64",
  );
}
