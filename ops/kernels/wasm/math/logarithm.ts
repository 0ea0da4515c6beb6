/**
 * log(2^k (1 + f)) = k ln 2 + log(1 + f), with sqrt(1/2) <= 1 + f < sqrt(2), and of s = f / (2 + f)
 *
 *     log(1 + f) = f - f^2/2 + s (f^2/2 + R),      R = log((1 + s) / (1 - s)) / s - 2
 *
 * as fdlibm's `e_log.c` has it (Sun Microsystems, 1993). R is a minimax polynomial of our own in s^2.
 */
import { type Body, type Local, type Value, v128 } from "../encoder/index.ts";
import { split } from "./exponent.ts";
import { ofOne, type VectorFunction } from "./function.ts";
import { polynomial } from "./polynomial.ts";
import type { FloatVector, Width } from "./width.ts";

interface Constants {
  /** The first part of ln 2 has so few bits that k times it is exact. */
  readonly ln2: readonly [number, number];
  /** R / s^2 */
  readonly tail: readonly number[];
  readonly smallestNormal: number;
  /** Enough powers of two to make subnormal numbers normal. */
  readonly lift: number;
}

const CONSTANTS: Readonly<Record<FloatVector, Constants>> = {
  f32x4: {
    ln2: [0.693145751953125, 1.428606765330187e-6],
    // Error 2^-36.
    tail: [0.6666666269302368, 0.4000033438205719, 0.2853725552558899, 0.23583264648914337],
    smallestNormal: 2 ** -126,
    lift: 24,
  },
  f64x2: {
    ln2: [0.6931471803691238, 1.9082149292705877e-10],
    // Error 2^-58.
    tail: [
      0.6666666666666734, 0.39999999999413344, 0.2857142874283675, 0.22222198514593172, 0.18183567923851424,
      0.15313946004462717, 0.14797109188373322,
    ],
    smallestNormal: 2 ** -1022,
    lift: 54,
  },
};

export const log: VectorFunction = ofOne((width, body, x) => {
  const { float, all } = width;
  const { smallestNormal, lift } = CONSTANTS[width.type];
  const isSmall = body.keep(float.lt(x, all(smallestNormal)));
  const parts = split(width, body, v128.select(float.mul(x, all(2 ** lift)), x, isSmall));
  const f = body.keep(float.sub(parts.m, all(1)));
  const k = body.keep(float.sub(parts.k, v128.and(all(lift), float.ofBits(isSmall))));
  return withPoles(width, x, logarithm(width, body, k, f), x);
});

/**
 * log(1 + x) is log(u) of the rounded sum u, if what rounding took from it is given back to f. Where k = 0, f is then
 * x itself.
 */
export const log1p: VectorFunction = ofOne((width, body, x) => {
  const { float, all, signBit } = width;
  const one = all(1);
  const u = body.keep(float.add(one, x));
  // D. E. Knuth's sum, whichever is the larger.
  const grown = body.keep(float.sub(u, one));
  const lost = float.add(float.sub(one, float.sub(u, grown)), float.sub(x, grown));
  const { k, m, doubleInverse } = split(width, body, u);
  const scaled = float.mul(float.mul(lost, doubleInverse), all(0.5));
  const f = body.keep(float.add(float.sub(m, one), scaled));
  const y = withPoles(width, u, logarithm(width, body, body.keep(k), f), x);
  // The sign is that of x, -0 included.
  return v128.or(y, v128.and(x, signBit));
});

/** k ln 2 + log(1 + f) */
function logarithm<T extends FloatVector>(width: Width<T>, body: Body, k: Local<T>, f: Local<T>): Value<T> {
  const { float, all } = width;
  const { ln2, tail } = CONSTANTS[width.type];
  const s = body.keep(float.div(f, float.add(f, all(2))));
  const z = body.keep(float.mul(s, s));
  const half = body.keep(float.mul(float.mul(f, f), all(0.5)));
  const rest = float.mul(z, polynomial(width, body, z, tail));
  const low = float.add(float.mul(s, float.add(half, rest)), float.mul(k, all(ln2[1])));
  return float.add(float.sub(low, float.sub(half, f)), float.mul(k, all(ln2[0])));
}

/** `y`, but -Infinity at u = 0, NaN below, and `x` itself where u is Infinity or NaN. */
function withPoles<T extends FloatVector>(
  { float, all }: Width<T>,
  u: Local<T>,
  y: Value<T>,
  x: Value<T>,
): Value<T> {
  const defined = v128.select(y, x, float.lt(u, all(Number.POSITIVE_INFINITY)));
  const below = v128.select(all(Number.NaN), defined, float.lt(u, all(0)));
  return v128.select(all(Number.NEGATIVE_INFINITY), below, float.eq(u, all(0)));
}
