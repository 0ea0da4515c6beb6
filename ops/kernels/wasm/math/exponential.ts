/**
 * exp(x) = 2^k exp(r), where k is the integer next to x / ln 2 and |r| <= ln 2 / 2.
 *
 * The reduction, with ln 2 in two parts, is that of W. J. Cody and W. Waite, "Software Manual for the Elementary
 * Functions" (1980); parts as in fdlibm's `e_exp.c` and musl's `expf.c`. The polynomials are minimax ones of our own
 * (Remez's algorithm with 45 digits).
 */
import { type Body, type Local, type Value, v128 } from "../encoder/index.ts";
import { type Exponent, inversePowerOfTwo, nearest, powerOfTwo, scaled } from "./exponent.ts";
import { ofOne, type VectorFunction } from "./function.ts";
import { polynomial } from "./polynomial.ts";
import type { FloatVector, Width } from "./width.ts";

interface Constants {
  /** The first part of ln 2 has so few bits that k times it is exact. */
  readonly ln2: readonly [number, number];
  /** (exp(r) - 1 - r) / r^2 */
  readonly tail: readonly number[];
  /** Up to here exp is 0, and from here on Infinity. */
  readonly range: readonly [number, number];
  /** Up to here expm1 is -1. */
  readonly minusOne: number;
}

const CONSTANTS: Readonly<Record<FloatVector, Constants>> = {
  f32x4: {
    ln2: [0.693145751953125, 1.428606765330187e-6],
    // Error 2^-28.
    tail: [0.5, 0.1666651964187622, 0.04166620597243309, 0.008368886075913906, 0.0013950448483228683],
    range: [-104, 89],
    minusOne: -20,
  },
  f64x2: {
    ln2: [0.6931471803691238, 1.9082149292705877e-10],
    // Error 2^-58.
    tail: [
      0.5000000000000012, 0.166666666666667, 0.04166666666651498, 0.00833333333330708, 0.0013888888947185512,
      0.00019841269917680542, 2.4801489723122377e-5, 2.7557216016176196e-6, 2.7631371321781435e-7,
      2.5117956308612308e-8,
    ],
    range: [-746, 710],
    minusOne: -40,
  },
};

export const exp: VectorFunction = ofOne((width, body, x) => {
  const { float, all } = width;
  const [low, high] = CONSTANTS[width.type].range;
  // These keep NaN, where their first argument is one.
  const inside = body.keep(float.pmax(float.pmin(x, all(high)), all(low)));
  const { exponent, mantissa } = reducedExp(width, body, inside);
  return scaled(width, body, mantissa, exponent);
});

/** exp(x) for |x| below 80, where 2^k is a number by itself. */
export function smallExp<T extends FloatVector>(width: Width<T>, body: Body, x: Local<T>): Value<T> {
  const { exponent, mantissa } = reducedExp(width, body, x);
  return width.float.mul(mantissa, powerOfTwo(width, exponent.bits));
}

function reducedExp<T extends FloatVector>(
  width: Width<T>,
  body: Body,
  x: Local<T>,
): { readonly exponent: Exponent<T>; readonly mantissa: Value<T> } {
  const { float, all } = width;
  const { exponent, high, low } = reduced(width, body, x);
  const r = body.keep(float.sub(high, low));
  return { exponent, mantissa: float.add(all(1), float.add(r, expTail(width, body, r))) };
}

/** exp(r) - 1 - r for |r| <= ln 2 / 2. */
export function expTail<T extends FloatVector>(width: Width<T>, body: Body, r: Local<T>): Value<T> {
  const { float } = width;
  return float.mul(float.mul(r, r), polynomial(width, body, r, CONSTANTS[width.type].tail));
}

/** x - k ln 2, as the difference of two numbers. */
function reduced<T extends FloatVector>(
  width: Width<T>,
  body: Body,
  x: Local<T>,
): { readonly exponent: Exponent<T>; readonly high: Value<T>; readonly low: Value<T> } {
  const { float, all } = width;
  const exponent = nearest(width, body, float.mul(x, all(Math.LOG2E)));
  const [first, second] = CONSTANTS[width.type].ln2;
  return {
    exponent,
    high: float.sub(x, float.mul(exponent.k, all(first))),
    low: float.mul(exponent.k, all(second)),
  };
}

/**
 * exp(x) - 1 = 2^k ((1 - 2^-k) + (exp(r) - 1)). The sum begins with the large terms, and what rounding took from r goes
 * to the small ones: with k = 1 the terms nearly cancel.
 */
export const expm1: VectorFunction = ofOne((width, body, x) => {
  const { float, all, signBit } = width;
  const { range, minusOne } = CONSTANTS[width.type];
  const inside = body.keep(float.pmax(float.pmin(x, all(range[1])), all(minusOne)));
  const { exponent, ...parts } = reduced(width, body, inside);
  const [high, low] = [body.keep(parts.high), body.keep(parts.low)];
  const r = body.keep(float.sub(high, low));
  const lost = float.sub(float.sub(high, r), low);
  // k = 1024 is met too, but 2^1024 is no number: hence halves and doubles.
  const step = float.sub(all(1), float.mul(all(0.5), inversePowerOfTwo(width, exponent.bits, 2)));
  const sum = float.add(float.add(step, r), float.add(expTail(width, body, r), lost));
  const y = float.mul(float.mul(sum, all(2)), powerOfTwo(width, exponent.bits, 0.5));
  // The sign is that of x, -0 included.
  return v128.or(y, v128.and(x, signBit));
});
