/**
 * x^y = 2^(y log2 |x|), with the sign and the exceptions that IEEE 754-2019, 9.2.1 and C have.
 *
 * Of float64, log2 and the product are each the sum of two numbers, as in fdlibm's `e_pow.c` (Sun Microsystems, 1993):
 * an exponent near 1000 needs ten bits more than float64 has. Polynomials are minimax ones of our own. Of float32, the
 * bits of float64 suffice.
 */
import { type Body, f64x2, i64x2, type Local, type Value, v128 } from "../encoder/index.ts";
import { nearest, powerOfTwo, scaled, split } from "./exponent.ts";
import { expTail } from "./exponential.ts";
import { type EachOfTwo, ofTwo, type VectorFunction } from "./function.ts";
import { inHalves } from "./halves.ts";
import { polynomial } from "./polynomial.ts";
import { F64, type FloatVector, type Width } from "./width.ts";

const { all } = F64;

/** |x|^y for positive |x|. */
const MAGNITUDE: EachOfTwo = {
  f64x2: magnitude64,
  f32x4: (body, x, y) => inHalves(body, x, y, magnitude32),
};

export const pow: VectorFunction = ofTwo((width, body, x, y) => {
  const { float } = width;
  const a = body.keep(float.abs(x));
  const magnitude = body.keep(MAGNITUDE[width.type](body, a, y));
  return withExceptions(width, body, { x, a, y, magnitude });
});

interface Power<T extends FloatVector> {
  readonly x: Local<T>;
  readonly a: Local<T>;
  readonly y: Local<T>;
  readonly magnitude: Local<T>;
}

function withExceptions<T extends FloatVector>(
  { float, all, signBit }: Width<T>,
  body: Body,
  { x, a, y, magnitude }: Power<T>,
): Value<T> {
  const [zero, one, infinity] = [all(0), all(1), all(Number.POSITIVE_INFINITY)];
  const isZero = float.eq(a, zero);
  const isInfinite = float.eq(a, infinity);
  // 0 to a negative power is infinite, Infinity to a negative power is 0.
  const grows = v128.xor(float.lt(y, zero), isInfinite);
  const atEnds = v128.and(infinity, float.ofBits(grows));
  const inside = v128.select(atEnds, magnitude, v128.or(isZero, isInfinite));
  const half = body.keep(float.mul(y, all(0.5)));
  const isInteger = body.keep(float.eq(float.trunc(y), y));
  const isOdd = v128.and(isInteger, float.ne(float.trunc(half), half));
  const signed = v128.or(inside, v128.and(v128.and(x, signBit), float.ofBits(isOdd)));
  // Fractional powers of negative numbers, but not of -0 and -Infinity; and what comes from NaN.
  const isFinitelyNegative = v128.andNot(float.lt(x, zero), isInfinite);
  const isUndefined = v128.or(
    v128.andNot(isFinitelyNegative, isInteger),
    v128.or(float.ne(x, x), float.ne(y, y)),
  );
  const defined = v128.select(all(Number.NaN), signed, isUndefined);
  const known = v128.select(one, defined, v128.or(float.eq(y, zero), float.eq(x, one)));
  // Squares are rounded once.
  return v128.select(float.mul(x, x), known, float.eq(y, all(2)));
}

/** log2(m) / s for s = (m - 1) / (m + 1), of s^2, sqrt(1/2) <= m <= sqrt(2). Error 2^-43. */
const LOG2_TAIL = [
  2.885390081777849, 0.9617966941149134, 0.5770779418970045, 0.4122093007804419, 0.3199036661302396,
  0.28292981511520127,
] as const;
/** 2^r for |r| <= 1/2. Error 2^-34. */
const EXP2 = [
  0.9999999999592061, 0.6931471805348219, 0.2402265121672951, 0.055504109767786344, 0.009618025187006945,
  0.0013333422094453258, 0.00015469864905972913, 1.5316591221674235e-5,
] as const;
/** Exponents beyond this are as good as infinite, and so are powers of any float32 but 1 from 2^40 on. */
const FAR_32 = 300;
const HUGE_32 = 2 ** 40;

/** Of numbers that came from float32, to its precision. */
function magnitude32(body: Body, a: Local<"f64x2">, y: Local<"f64x2">): Value<"f64x2"> {
  const { k, m } = split(F64, body, a);
  const mantissa = body.keep(m);
  const s = body.keep(f64x2.div(f64x2.sub(mantissa, all(1)), f64x2.add(mantissa, all(1))));
  const z = body.keep(f64x2.mul(s, s));
  const log2 = f64x2.add(k, f64x2.mul(s, polynomial(F64, body, z, LOG2_TAIL)));
  const t = body.keep(clamped(f64x2.mul(log2, clamped(y, HUGE_32)), FAR_32));
  const exponent = nearest(F64, body, t);
  const r = body.keep(f64x2.sub(t, exponent.k));
  return f64x2.mul(polynomial(F64, body, r, EXP2), powerOfTwo(F64, exponent.bits));
}

/** From -limit to limit; NaN stays. */
function clamped(x: Value<"f64x2">, limit: number): Value<"f64x2"> {
  return f64x2.pmax(f64x2.pmin(x, all(limit)), all(-limit));
}

/** A number in two parts, the first of 21 bits at most: then products of two first parts are exact. */
type Parts = readonly [high: number, low: number];

/** 2 / (3 ln 2) */
const LOG2_FACTOR = 0.9617966939259756;
const LOG2_FACTOR_PARTS: Parts = [0.961796760559082, -6.663310642634338e-8];
/** log2(3/2) */
const LOG2_MIDDLE: Parts = [0.5849623680114746, 1.3270968157207873e-7];
const LN2_PARTS: Parts = [0.6931471824645996, -1.904654299957768e-9];
/** (log(m / c) / s * 3/2 - 3 - s^2) / s^4 for s = (m - c) / (m + c), of s^2, up to m / c = sqrt(3/2). Error 2^-69. */
const LOG_TAIL = [
  0.5999999999999983, 0.4285714285751304, 0.33333333097869094, 0.27272793883191454, 0.2306747840947662,
  0.20656549639157737,
] as const;
const LIFT = 54;
/** As for float32. */
const FAR = 1100;
const HUGE = 2 ** 65;
const SQRT_3_2 = 1.224744871391589;

function magnitude64(body: Body, a: Local<"f64x2">, y: Local<"f64x2">): Value<"f64x2"> {
  const [logHigh, logLow] = log2InParts(body, a);
  const power = body.keep(clamped(y, HUGE));
  const powerHigh = body.keep(upper(power));
  const low = f64x2.add(f64x2.mul(f64x2.sub(power, powerHigh), logHigh), f64x2.mul(power, logLow));
  // Where the first part is far out, the second is nothing beside it.
  const second = body.keep(clamped(low, 1));
  const first = body.keep(clamped(f64x2.mul(powerHigh, logHigh), FAR));
  const exponent = nearest(F64, body, f64x2.add(first, second));
  const rest = body.keep(f64x2.sub(first, exponent.k));
  const high = body.keep(upper(f64x2.add(second, rest)));
  const lost = f64x2.sub(second, f64x2.sub(high, rest));
  const u = body.keep(f64x2.mul(high, all(LN2_PARTS[0])));
  const v = body.keep(f64x2.add(f64x2.mul(lost, all(Math.LN2)), f64x2.mul(high, all(LN2_PARTS[1]))));
  const r = body.keep(f64x2.add(u, v));
  const rLost = body.keep(f64x2.sub(v, f64x2.sub(r, u)));
  const tail = f64x2.add(expTail(F64, body, r), f64x2.add(rLost, f64x2.mul(r, rLost)));
  return scaled(F64, body, f64x2.add(all(1), f64x2.add(r, tail)), exponent);
}

/** log2 of a positive number as the sum of two, to 2^-66 or so; the first has 21 bits. */
function log2InParts(body: Body, a: Local<"f64x2">): readonly [Local<"f64x2">, Local<"f64x2">] {
  const { n, m, centre } = octave(body, a);
  // s = (m - c) / (m + c), in parts.
  const difference = body.keep(f64x2.sub(m, centre));
  const sum = body.keep(f64x2.add(m, centre));
  const inverse = body.keep(f64x2.div(all(1), sum));
  const s = body.keep(f64x2.mul(difference, inverse));
  const sHigh = body.keep(upper(s));
  const sumHigh = body.keep(upper(sum));
  const sumLow = f64x2.sub(m, f64x2.sub(sumHigh, centre));
  const wrong = f64x2.sub(f64x2.sub(difference, f64x2.mul(sHigh, sumHigh)), f64x2.mul(sHigh, sumLow));
  const sLow = body.keep(f64x2.mul(inverse, wrong));
  // log(m / c) = 2/3 s (3 + s^2 + s^4 tail)
  const z = body.keep(f64x2.mul(s, s));
  const tail = f64x2.mul(f64x2.mul(z, z), polynomial(F64, body, z, LOG_TAIL));
  const rest = body.keep(f64x2.add(tail, f64x2.mul(sLow, f64x2.add(sHigh, s))));
  const square = body.keep(f64x2.mul(sHigh, sHigh));
  const factor = body.keep(upper(f64x2.add(f64x2.add(all(3), square), rest)));
  const factorLow = f64x2.sub(rest, f64x2.sub(f64x2.sub(factor, all(3)), square));
  const u = body.keep(f64x2.mul(sHigh, factor));
  const v = body.keep(f64x2.add(f64x2.mul(sLow, factor), f64x2.mul(factorLow, s)));
  const logHigh = body.keep(upper(f64x2.add(u, v)));
  const logLow = f64x2.sub(v, f64x2.sub(logHigh, u));
  // Times 2 / (3 ln 2), and the logarithms of c and of the power of two.
  const isMiddle = f64x2.ofBits(f64x2.gt(centre, all(1)));
  const high = body.keep(f64x2.mul(logHigh, all(LOG2_FACTOR_PARTS[0])));
  const scaledLow = f64x2.add(
    f64x2.mul(logHigh, all(LOG2_FACTOR_PARTS[1])),
    f64x2.mul(logLow, all(LOG2_FACTOR)),
  );
  const low = body.keep(f64x2.add(scaledLow, v128.and(all(LOG2_MIDDLE[1]), isMiddle)));
  const middle = body.keep(v128.and(all(LOG2_MIDDLE[0]), isMiddle));
  const first = body.keep(upper(f64x2.add(f64x2.add(f64x2.add(high, low), middle), n)));
  const given = f64x2.sub(f64x2.sub(f64x2.sub(first, n), middle), high);
  return [first, body.keep(f64x2.sub(low, given))];
}

interface Octave {
  readonly n: Local<"f64x2">;
  readonly m: Local<"f64x2">;
  readonly centre: Local<"f64x2">;
}

/** a = 2^n m, where m is within a factor of sqrt(3/2) of the centre, 1 or 3/2. */
function octave(body: Body, a: Local<"f64x2">): Octave {
  const isSmall = body.keep(f64x2.lt(a, all(2 ** -1022)));
  const parts = split(F64, body, v128.select(f64x2.mul(a, all(2 ** LIFT)), a, isSmall));
  const m = body.keep(parts.m);
  const isLow = f64x2.ofBits(body.keep(f64x2.lt(m, all(1 / SQRT_3_2))));
  const isHigh = f64x2.ofBits(f64x2.gt(m, all(SQRT_3_2)));
  const lift = v128.and(all(LIFT), f64x2.ofBits(isSmall));
  return {
    n: body.keep(f64x2.sub(f64x2.sub(parts.k, lift), v128.and(all(1), isLow))),
    m: body.keep(f64x2.add(m, v128.and(m, isLow))),
    centre: body.keep(f64x2.add(all(1), v128.and(all(0.5), v128.or(isLow, isHigh)))),
  };
}

/** The upper 21 bits. */
function upper(x: Value<"f64x2">): Value<"f64x2"> {
  return v128.and(x, UPPER);
}

const UPPER = f64x2.ofBits(i64x2.const(-(2 ** 32), -(2 ** 32)));
