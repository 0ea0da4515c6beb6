/**
 * Division that rounds down, and what it leaves: the arithmetic of `kernels/division.ts`, of float32 too in float64.
 *
 * What they need is the remainder of division towards zero (`%`, C's `fmod`), which is exact, however large the
 * quotient.
 */
import { type Body, f64x2, i64x2, type Local, type Value, v128 } from "../encoder/index.ts";
import { type EachOfTwo, ofTwo, type VectorFunction } from "./function.ts";
import { inHalves } from "./halves.ts";
import { F64 } from "./width.ts";

const { all, signBit } = F64;
const ZERO = all(0);

/** Quotients below this have so few bits that their products with halves of a number are exact. */
const SMALL_QUOTIENT = 2 ** 26;
/** Where products of a rounded quotient cannot overflow. */
const LARGE = 2 ** 1000;
/** The upper 26 bits of a number. */
const UPPER = f64x2.ofBits(i64x2.const(-(2 ** 27), -(2 ** 27)));

const REMAINDER: EachOfTwo = {
  f64x2: remainder64,
  f32x4: (body, x, y) => inHalves(body, x, y, remainder64),
};

const FLOOR_DIVIDE: EachOfTwo = {
  f64x2: floorDivide64,
  f32x4: (body, x, y) => inHalves(body, x, y, floorDivide64),
};

export const remainder: VectorFunction = ofTwo((width, body, a, b) => REMAINDER[width.type](body, a, b));

export const floorDivide: VectorFunction = ofTwo((width, body, a, b) => FLOOR_DIVIDE[width.type](body, a, b));

function remainder64(body: Body, a: Local<"f64x2">, b: Local<"f64x2">): Value<"f64x2"> {
  const rest = signedRest(body, a, b);
  const y = v128.select(f64x2.add(rest, b), rest, areOpposite(rest, b));
  return v128.select(v128.and(b, signBit), y, f64x2.eq(rest, ZERO));
}

function floorDivide64(body: Body, a: Local<"f64x2">, b: Local<"f64x2">): Value<"f64x2"> {
  const rest = signedRest(body, a, b);
  const ratio = body.keep(f64x2.div(a, b));
  const isBelow = v128.and(areOpposite(rest, b), f64x2.ne(rest, ZERO));
  const whole = f64x2.div(f64x2.sub(a, rest), b);
  const quotient = body.keep(f64x2.sub(whole, v128.and(f64x2.ofBits(isBelow), all(1))));
  const floor = body.keep(f64x2.floor(quotient));
  // The division may have rounded down past an integer.
  const isPast = f64x2.gt(f64x2.sub(quotient, floor), all(0.5));
  const y = f64x2.add(floor, v128.and(f64x2.ofBits(isPast), all(1)));
  const zero = v128.and(ratio, signBit);
  const defined = v128.select(zero, v128.select(floor, y, v128.not(isPast)), f64x2.eq(quotient, ZERO));
  return v128.select(ratio, defined, f64x2.eq(b, ZERO));
}

function areOpposite(a: Value<"f64x2">, b: Value<"f64x2">): Value<"i64x2"> {
  return v128.xor(f64x2.lt(a, ZERO), f64x2.lt(b, ZERO));
}

/** a % b */
function signedRest(body: Body, a: Local<"f64x2">, b: Local<"f64x2">): Local<"f64x2"> {
  const rest = restOf(body, body.keep(f64x2.abs(a)), body.keep(f64x2.abs(b)));
  return body.keep(v128.or(rest, v128.and(a, signBit)));
}

/**
 * a % b for numbers without signs. The product of b with the quotient, cut off, is known exactly as the sum of two, and
 * is so near to a that the differences are exact too (T. J. Dekker, "A floating-point technique for extending the
 * available precision", Numer. Math. 18, 1971). The quotient may be rounded up to one too many.
 */
function restOf(body: Body, a: Local<"f64x2">, b: Local<"f64x2">): Local<"f64x2"> {
  const quotient = body.keep(f64x2.trunc(f64x2.div(a, b)));
  const product = body.keep(f64x2.mul(quotient, b));
  const upper = body.keep(v128.and(b, UPPER));
  const lower = f64x2.mul(quotient, f64x2.sub(b, upper));
  const lost = f64x2.add(f64x2.sub(f64x2.mul(quotient, upper), product), lower);
  const rest = body.keep(f64x2.sub(f64x2.sub(a, product), lost));
  const isOver = f64x2.ofBits(f64x2.lt(rest, ZERO));
  body.set(rest, f64x2.add(rest, v128.and(b, isOver)));
  body.set(rest, v128.select(a, rest, f64x2.lt(a, b)));
  const isEasy = v128.and(f64x2.lt(quotient, all(SMALL_QUOTIENT)), f64x2.lt(a, all(LARGE)));
  const isHard = body.keep(v128.not(isEasy));
  body.if(v128.anyTrue(isHard), () => {
    body.set(rest, v128.select(longDivision(body, a, b), rest, isHard));
  });
  return rest;
}

/** By subtractions, as on paper; all of them are exact. NaN where there is no remainder. */
function longDivision(body: Body, a: Local<"f64x2">, b: Local<"f64x2">): Value<"f64x2"> {
  const isDefined = body.keep(v128.and(f64x2.lt(a, all(Number.POSITIVE_INFINITY)), f64x2.gt(b, ZERO)));
  const left = body.keep(v128.and(a, f64x2.ofBits(isDefined)));
  const divisor = body.keep(v128.select(b, all(1), isDefined));
  const multiple = body.keep(divisor);
  const isLow = body.local("i64x2");
  body.loop((again) => {
    body.set(isLow, f64x2.le(multiple, f64x2.mul(left, all(0.5))));
    body.set(multiple, f64x2.add(multiple, v128.and(multiple, f64x2.ofBits(isLow))));
    body.branchIf(again, v128.anyTrue(isLow));
  });
  const isMore = body.local("i64x2");
  body.loop((again) => {
    body.set(left, f64x2.sub(left, v128.and(multiple, f64x2.ofBits(f64x2.ge(left, multiple)))));
    body.set(isMore, f64x2.gt(multiple, divisor));
    body.set(multiple, f64x2.pmax(f64x2.mul(multiple, all(0.5)), divisor));
    body.branchIf(again, v128.anyTrue(isMore));
  });
  return v128.select(left, all(Number.NaN), isDefined);
}
