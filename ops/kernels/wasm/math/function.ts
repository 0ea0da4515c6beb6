/** A function of numbers, as instructions on all lanes of a vector. */
import { type Body, type Local, type Value, v128 } from "../encoder/index.ts";
import type { FloatVector, MaskOf, Width } from "./width.ts";

/**
 * What a function gives: a number a lane or, of a comparison, a mask. {@link numbersOf} makes 1 and 0 of a mask, where
 * they are wanted; {@link maskOf} makes a mask of numbers.
 */
export type Result<T extends FloatVector> = Value<T> | Value<MaskOf<T>>;

/** What a function takes. It is read as often as need be, so it is a variable. */
export type Operand<T extends FloatVector> = Local<T> | Local<MaskOf<T>>;

export interface VectorFunction {
  /**
   * Puts down what has to be computed first, and gives what is left. A lane's result depends on the same lane of the
   * arguments and on nothing else.
   */
  emit<T extends FloatVector>(width: Width<T>, body: Body, args: readonly Operand<NoInfer<T>>[]): Result<T>;
}

type Write<A extends readonly unknown[]> = <T extends FloatVector>(
  width: Width<T>,
  body: Body,
  ...args: { readonly [K in keyof A]: Local<T> }
) => Result<T>;

/** A function of one number. */
export function ofOne(write: Write<[x: 0]>): VectorFunction {
  return { emit: (width, body, [x]) => write(width, body, kept(width, body, x!)) };
}

/** A function of two. */
export function ofTwo(write: Write<[x: 0, y: 0]>): VectorFunction {
  return { emit: (width, body, [x, y]) => write(width, body, kept(width, body, x!), kept(width, body, y!)) };
}

/** As numbers: of a mask, 1 where it holds and 0 where it does not. */
export function numbersOf<T extends FloatVector>(width: Width<T>, x: Result<NoInfer<T>>): Value<T> {
  return isMask(width, x) ? v128.and(width.float.ofBits(x), width.all(1)) : x;
}

/** As a mask: of numbers, whether they are not 0. NaN is not. */
export function maskOf<T extends FloatVector>(width: Width<T>, x: Result<NoInfer<T>>): Value<MaskOf<T>> {
  return isMask(width, x) ? x : width.float.ne(x, width.all(0));
}

function kept<T extends FloatVector>(width: Width<T>, body: Body, x: Operand<T>): Local<T> {
  return isMask(width, x) ? body.keep(numbersOf(width, x)) : x;
}

function isMask<T extends FloatVector>(width: Width<T>, x: Operand<T>): x is Local<MaskOf<T>>;
function isMask<T extends FloatVector>(width: Width<T>, x: Result<T>): x is Value<MaskOf<T>>;
function isMask<T extends FloatVector>(width: Width<T>, x: Result<T>): boolean {
  return x.type !== width.type;
}

/** For a function that the two widths compute in different ways. */
export type EachOfTwo = { readonly [T in FloatVector]: (body: Body, x: Local<T>, y: Local<T>) => Value<T> };
