/** Powers of two: exponents are put into numbers, and taken out of them, by their bits. */
import { type Body, i32, type Local, type Value, v128 } from "../encoder/index.ts";
import type { FloatVector, MaskOf, Width } from "./width.ts";

/** An integer k as a number, and as what is in the lowest bits of `bits`. */
export interface Exponent<T extends FloatVector> {
  readonly k: Local<T>;
  readonly bits: Local<MaskOf<T>>;
}

/** The integer nearest to x, which is below 2^20 or so. */
export function nearest<T extends FloatVector>(width: Width<T>, body: Body, x: Value<T>): Exponent<T> {
  const { float, int } = width;
  const shift = shifter(width);
  const shifted = body.keep(float.add(x, shift));
  return { k: body.keep(float.sub(shifted, shift)), bits: body.keep(int.ofBits(shifted)) };
}

/**
 * Among numbers as large as this the next is one further: to add it rounds to an integer, and leaves that in the lowest
 * bits. The half keeps negative ones in the same range.
 */
function shifter<T extends FloatVector>({ all, fraction }: Width<T>): Value<T> {
  return all(1.5 * 2 ** fraction);
}

/** c 2^k for a power of two c. The result is to be a normal number; 2^-1023 c, or 2^-127 c, comes out as 0. */
export function powerOfTwo<T extends FloatVector>(
  { float, int, all, fraction }: Width<T>,
  bits: Value<MaskOf<T>>,
  c = 1,
): Value<T> {
  return float.ofBits(int.add(int.shl(bits, i32.const(fraction)), int.ofBits(all(c))));
}

/** c 2^-k, likewise. */
export function inversePowerOfTwo<T extends FloatVector>(
  { float, int, all, fraction }: Width<T>,
  bits: Value<MaskOf<T>>,
  c = 1,
): Value<T> {
  return float.ofBits(int.sub(int.ofBits(all(c)), int.shl(bits, i32.const(fraction))));
}

/**
 * y 2^k for y near 1, rounded once where it is subnormal. In two steps, for 2^k alone may be no number although the
 * result is one.
 */
export function scaled<T extends FloatVector>(
  width: Width<T>,
  body: Body,
  y: Value<T>,
  { k, bits }: Exponent<T>,
): Value<T> {
  const { float, int, all } = width;
  const half = body.keep(int.ofBits(float.add(float.mul(k, all(0.5)), shifter(width))));
  // The bits of the shift itself go out at the top.
  const rest = int.sub(bits, half);
  return float.mul(float.mul(y, powerOfTwo(width, half)), powerOfTwo(width, rest));
}

/** x = 2^k m for m from sqrt(1/2) up to sqrt(2). */
export interface Split<T extends FloatVector> {
  readonly k: Value<T>;
  readonly m: Value<T>;
  /** 2^(1 - k): 2^-k itself may be subnormal. */
  readonly doubleInverse: Value<T>;
}

/** Of a positive normal number. What it gives of others means nothing. */
export function split<T extends FloatVector>(width: Width<T>, body: Body, x: Value<T>): Split<T> {
  const { float, int, all, allInt, fraction, bias } = width;
  const root = int.ofBits(all(Math.SQRT1_2));
  const one = int.ofBits(all(1));
  // Exponents count from sqrt(1/2) instead of 1.
  const moved = body.keep(int.add(int.ofBits(x), int.sub(one, root)));
  const exponent = v128.and(moved, int.ofBits(all(Number.POSITIVE_INFINITY)));
  const integers = 2 ** fraction;
  const biased = float.ofBits(v128.or(int.shrU(moved, i32.const(fraction)), int.ofBits(all(integers))));
  return {
    k: float.sub(biased, all(integers + bias)),
    m: float.ofBits(int.add(v128.andNot(moved, int.ofBits(all(Number.POSITIVE_INFINITY))), root)),
    doubleInverse: float.ofBits(int.sub(allInt((2 * bias + 1) * 2 ** fraction), exponent)),
  };
}
