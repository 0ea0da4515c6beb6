import type { DType } from "./dtype.ts";

/**
 * One class for each kind of mistake. Every message has the same four parts: where, what was expected, what came,
 * and what to do about it.
 *
 *     grad: f must return a scalar, got [4,3]; use vjp with a cotangent
 */
export abstract class WengertError extends Error {
  /** The function or op that was called. */
  readonly op: string;
  readonly expected: string;
  readonly received: string;
  readonly remedy: string;

  constructor(op: string, expected: string, received: string, remedy = "") {
    super(`${op}: ${expected}, got ${received}${remedy === "" ? "" : `; ${remedy}`}`);
    this.op = op;
    this.expected = expected;
    this.received = received;
    this.remedy = remedy;
  }
}

/** Shapes that do not fit the op, or each other. */
export class ShapeError extends WengertError {
  override readonly name = "ShapeError";
}

/** An element type that the op does not take, or a mixture that would lose digits unasked. */
export class DTypeError extends WengertError {
  override readonly name = "DTypeError";
}

/** An axis that is not an integer, not there, or named twice. */
export class AxisError extends WengertError {
  override readonly name = "AxisError";
}

/** An index that lies outside the axis that it points into. */
export class IndexError extends WengertError {
  override readonly name = "IndexError";
}

/** An argument of the wrong kind: a string for a tensor, NaN for a count, a promise for a result. */
export class ArgumentError extends WengertError {
  override readonly name = "ArgumentError";
}

/** A gradient was asked of something that is not one number. */
export class NotScalarError extends WengertError {
  override readonly name = "NotScalarError";
}

/** A derivative was asked with respect to, or of, something that has none. */
export class NotDifferentiableError extends WengertError {
  override readonly name = "NotDifferentiableError";
}

/** A primitive broke its contract: its rule gave a tangent or cotangent of the wrong number, shape or dtype. */
export class RuleError extends WengertError {
  override readonly name = "RuleError";
}

/** A function that is being compiled asked for numbers, which are not known until it runs. */
export class TraceError extends WengertError {
  override readonly name = "TraceError";
}

/** There is no memory for what was to be computed. */
export class MemoryError extends WengertError {
  override readonly name = "MemoryError";
}

/** What an op was given: its look, its range, and its number at the place of the offence, where that can be told. */
export interface InputFacts {
  readonly name: string | null;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** NaN where no number is one. */
  readonly min: number;
  readonly max: number;
  readonly at: { readonly index: readonly number[]; readonly value: number } | null;
}

/** Under `withBlame`: the first op (or leaf) whose value, tangent or cotangent is NaN or infinite. */
export class NonFiniteError extends WengertError {
  override readonly name = "NonFiniteError";
  readonly which: "value" | "tangent" | "cotangent";
  /** The first number that is not finite, and where it is. */
  readonly value: number;
  readonly index: readonly number[];
  readonly inputs: readonly InputFacts[];
  /** The user's line that applied the op, as `file:line:column`, where it is known. */
  readonly origin: string | null;
  /** Names, or ops where there is no name, from the op to the leaf. */
  readonly path: readonly string[];

  constructor(
    op: string,
    expected: string,
    received: string,
    remedy: string,
    offence: Pick<NonFiniteError, "which" | "value" | "index" | "inputs" | "origin" | "path">,
  ) {
    super(op, expected, received, remedy);
    this.which = offence.which;
    this.value = offence.value;
    this.index = offence.index;
    this.inputs = offence.inputs;
    this.origin = offence.origin;
    this.path = offence.path;
  }
}

/**
 * Do something that is made of other functions, and let what they complain about be in the name of the whole: who
 * called `gatherNd` has never heard of `ravelIndex`.
 */
export function inNameOf<T>(op: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof WengertError) || error.op === op || error instanceof NonFiniteError) throw error;
    const { expected, received, remedy } = error;
    const Kind = error.constructor as new (...message: readonly string[]) => WengertError;
    throw new Kind(op, expected, received, remedy);
  }
}

/** What a value is, in the words of an error message. It never throws, whatever the value is. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `the string ${JSON.stringify(clip(value))}`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return value.toString();
  try {
    return typeof value === "function" ? functionText(value) : objectText(value);
  } catch {
    // A proxy, or a getter, that objects to being looked at.
    return "an object";
  }
}

/** The elements of an array that was not what it should have been: `[2,-1]`, but `[2,the string "3"]`. */
export function listed(values: readonly unknown[]): string {
  // Not map, which passes over holes.
  const shown = Array.from(values.slice(0, MOST_LISTED), describe);
  return `[${shown.join(",")}${values.length > MOST_LISTED ? ",..." : ""}]`;
}

const MOST_LISTED = 8;

function functionText({ name }: { readonly name: unknown }): string {
  return `a function${typeof name === "string" && name !== "" ? ` (${clip(name)})` : ""}`;
}

function objectText(value: object): string {
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (value instanceof Promise) return "a promise";
  const { shape, dtype } = value as { readonly shape?: unknown; readonly dtype?: unknown };
  const kind: unknown = value.constructor?.name;
  if (kind === "Tensor" && Array.isArray(shape)) return `a tensor (${String(dtype)}${listed(shape)})`;
  return `an object (${typeof kind === "string" && kind !== "" ? clip(kind) : "no prototype"})`;
}

function clip(text: string): string {
  return text.length <= 32 ? text : `${text.slice(0, 31)}…`;
}
