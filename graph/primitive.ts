import type { DType } from "./dtype.ts";
import type { WengertError } from "./errors.ts";
import type { Lowering } from "./lowering.ts";
import type { Shape } from "./shape.ts";
import type { NdArray, Output, Spec, Tensor } from "./tensor.ts";

export type Inputs = readonly Tensor[];
export type Specs<I extends Inputs> = { readonly [K in keyof I]: Spec };
export type Arrays<I extends Inputs> = { readonly [K in keyof I]: NdArray };
export type Flags<I extends Inputs> = { readonly [K in keyof I]: boolean };
export type Words<I extends Inputs> = { readonly [K in keyof I]: string };

/** A tangent or cotangent; null is a structural zero, known to vanish without a number being looked at. */
export type MaybeZero = Tensor | null;

/** Tangents of the inputs, or cotangents for them: the inputs' own tuple type. */
export type Differentials<I extends Inputs> = { readonly [K in keyof I]: MaybeZero };

/** The point of linearisation: inputs, output and parameters of one application. */
export interface Point<I extends Inputs, P> {
  readonly x: I;
  readonly y: Tensor;
  readonly params: P;
}

/** A place where the laws of a primitive are checked. */
export interface Sample<I extends Inputs, P> {
  readonly x: Arrays<I>;
  readonly params: P;
}

/** Inputs that have to be refused, and the kind of mistake that they are. */
export interface Reject<I extends Inputs, P> extends Sample<I, P> {
  readonly error: new (...message: never[]) => WengertError;
}

/** What is returned where the derivative does not exist: the cotangents for a cotangent of ones. */
export interface Convention<I extends Inputs, P> extends Sample<I, P> {
  readonly xBar: Arrays<I>;
  readonly because: string;
}

/** A seeded source of inputs for {@link Sample}s. */
export interface Draw {
  uniform(shape: Shape, low: number, high: number): NdArray;
  normal(shape: Shape): NdArray;
  /** int32, from 0 to below n. */
  integers(shape: Shape, n: number): NdArray;
  bools(shape: Shape): NdArray;
}

/**
 * y = f(x), and all that is known of it.
 *
 * `kernel` sees numbers only. `jvp` and `vjp` are written with other primitives, so they can be differentiated in
 * their turn, to any order. Where an input's tangent is a structural zero (null), or its cotangent is not wanted,
 * they do no work for it.
 */
export interface Primitive<I extends Inputs, P = void> {
  readonly name: string;
  /** @throws ShapeError, AxisError: before a number is computed. */
  shape(x: Specs<I>, params: P): Shape;
  /** @throws DTypeError: before a number is computed. */
  dtype(x: Specs<I>, params: P): DType;
  /** Fills y (which comes zeroed) from x. Reads nothing else, keeps nothing. */
  kernel(x: Arrays<I>, params: P, y: Output): void;
  /** ẏ = J ẋ; null if that vanishes whatever the numbers are. */
  jvp(at: Point<I, P>, xDot: Differentials<I>): MaybeZero;
  /** x̄ = Jᵀ ȳ, for the inputs that are wanted. */
  vjp(at: Point<I, P>, yBar: Tensor, wanted: Flags<I>): Differentials<I>;
  samples(draw: Draw): readonly Sample<I, P>[];
  rejects(): readonly Reject<I, P>[];
  conventions(): readonly Convention<I, P>[];
  readonly lowering: Lowering<P>;
  /** The composition that it stands for, where it has one: a compiler takes that in its place. */
  reference?(x: I, params: P): Tensor;
  /** The application in plain text, given the names of its inputs: `add(a, b)`. */
  text(x: Words<I>, params: P): string;
  /** The same in LaTeX: `a + b`. */
  latex(x: Words<I>, params: P): string;
}

/** A primitive whose inputs' arity has been forgotten: what a node holds. */
export type AnyPrimitive = Primitive<Inputs, unknown>;
