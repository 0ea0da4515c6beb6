/**
 * x = k pi/2 + r, |r| <= pi/4, of numbers however large: the fraction of x * 2/pi from as many bits of 2/pi as matter.
 *
 * M. Payne and R. Hanek, "Radian reduction for trigonometric functions", ACM SIGNUM Newsletter 18 (1983). No float64
 * is nearer to a multiple of pi/2 than 2^-62 or so (J.-M. Muller, "Elementary Functions", 3rd ed. 2016, section 11.3),
 * so that r has all its bits.
 */
import { type Body, choose, f64, i32, i64, type Local, type Value } from "../encoder/index.ts";

/** Bits of 2/pi, 64 a word, from 64 places before the point on. */
const TWO_OVER_PI: readonly bigint[] = [
  0x0000000000000000n,
  0xa2f9836e4e441529n,
  0xfc2757d1f534ddc0n,
  0xdb6295993c439041n,
  0xfe5163abdebbc561n,
  0xb7246e3a424dd2e0n,
  0x06492eea09d1921cn,
  0xfe1deb1cb129a73en,
  0xe88235f52ebb4484n,
  0xe99c7026b45f7e41n,
  0x3991d639835339f4n,
  0x9c845f8bbdf9283bn,
  0x1ff897ffde05980fn,
  0xef2f118b5a0a6d1fn,
  0x6d367ecf27cb09b7n,
  0x4f463f669e5fea2dn,
  0x7527bac7ebe5f17bn,
  0x3d0739f78a5292ean,
  0x6bfb5fb11f8d5d08n,
  0x56033046fc7b6babn,
];

/** pi/2 in two parts; the first again in two of 26 and 27 bits. */
const HALF_PI = 1.5707963267948966;
const HALF_PI_LOST = 6.123233995736766e-17;
const HALF_PI_UPPER = 1.5707963109016418;
const HALF_PI_LOWER = HALF_PI - HALF_PI_UPPER;

export interface QuarterTurns {
  /** k, modulo 4. */
  readonly turns: Local<"i64">;
  /** r is the sum of the two. */
  readonly high: Local<"f64">;
  readonly low: Local<"f64">;
}

/** Of a number from 1/2 up; of Infinity and NaN, r is NaN. */
export function quarterTurns(body: Body, x: Local<"f64">): QuarterTurns {
  const bits = body.keep(i64.bitsOf(x));
  const fraction = i64.and(bits, i64.const(2n ** 52n - 1n));
  const mantissa = body.keep(i64.or(fraction, i64.const(2n ** 52n)));
  // x is the mantissa times 2^e. Bits of 2/pi above 2^(1 - e) make multiples of four: the product begins there.
  const e = i32.sub(i32.fromI64(i64.shrU(bits, i64.const(52))), i32.const(1075));
  const [a, b, c] = bitsFrom(body, body.keep(i32.add(e, i32.const(62))));
  const p0 = i64.mul(mantissa, c);
  const carried = body.keep(highProduct(body, mantissa, c));
  const p1 = body.keep(i64.add(i64.mul(mantissa, b), carried));
  const carry = i64.fromI32U(i64.ltU(p1, carried));
  const p2 = body.keep(i64.add(i64.add(i64.mul(mantissa, a), highProduct(body, mantissa, b)), carry));
  // Two bits before the point. What follows is a fraction from -1/2 to 1/2, if its sign goes to the quarters.
  const first = body.keep(joinedWords(p2, p1, i64.const(2)));
  const second = body.keep(joinedWords(p1, p0, i64.const(2)));
  const turns = body.keep(i64.add(i64.shrU(p2, i64.const(62)), i64.shrU(first, i64.const(63))));
  return { turns, ...timesHalfPi(body, x, first, second) };
}

/** 192 bits of 2/pi, as words. */
function bitsFrom(body: Body, start: Local<"i32">): [Local<"i64">, Local<"i64">, Local<"i64">] {
  const words = Array.from({ length: 4 }, () => body.local("i64"));
  const at = body.keep(i32.shrU(start, i32.const(6)));
  const left = body.keep(i32.const(words.length));
  body.loop((again) => {
    words.forEach((word, k) => {
      body.set(word, words[k + 1] ?? wordAt(at));
    });
    body.set(at, i32.add(at, i32.const(1)));
    body.set(left, i32.sub(left, i32.const(1)));
    body.branchIf(again, left);
  });
  const by = body.keep(i64.fromI32U(i32.and(start, i32.const(63))));
  const from = (k: number): Local<"i64"> => body.keep(joinedWords(words[k]!, words[k + 1]!, by));
  return [from(0), from(1), from(2)];
}

/** Without memory of its own, a table is a chain of choices. */
function wordAt(index: Local<"i32">): Value<"i64"> {
  return TWO_OVER_PI.reduce<Value<"i64">>(
    (others, word, k) => choose(i32.eq(index, i32.const(k)), i64.const(BigInt.asIntN(64, word)), others),
    i64.const(0),
  );
}

/** The upper word of two that are shifted to the left together, by less than 64. */
function joinedWords(upper: Value<"i64">, lower: Value<"i64">, by: Value<"i64">): Value<"i64"> {
  const rest = i64.shrU(i64.shrU(lower, i64.const(1)), i64.sub(i64.const(63), by));
  return i64.or(i64.shl(upper, by), rest);
}

/** The upper word of a product of 53 by 64 bits. */
function highProduct(body: Body, x: Local<"i64">, y: Local<"i64">): Value<"i64"> {
  const [x1, x0, y1, y0] = [upperHalf(x), lowerHalf(x), upperHalf(y), lowerHalf(y)];
  const low = body.keep(i64.add(i64.mul(x1, y0), upperHalf(i64.mul(x0, y0))));
  const middle = i64.add(i64.mul(x0, y1), lowerHalf(low));
  return i64.add(i64.add(i64.mul(x1, y1), upperHalf(low)), upperHalf(middle));
}

function upperHalf(x: Value<"i64">): Value<"i64"> {
  return i64.shrU(x, i64.const(32));
}

function lowerHalf(x: Value<"i64">): Value<"i64"> {
  return i64.and(x, i64.const(2 ** 32 - 1));
}

/** The fraction in two words, the first signed, times pi/2, as the sum of two numbers. */
function timesHalfPi(
  body: Body,
  x: Local<"f64">,
  first: Local<"i64">,
  second: Local<"i64">,
): Omit<QuarterTurns, "turns"> {
  const { keep, add, sub, mul } = { ...f64, keep: (value: Value<"f64">) => body.keep(value) };
  const part = (bits: Value<"i64">, exponent: number): Local<"f64"> =>
    keep(mul(f64.fromI64S(bits), f64.const(2 ** exponent)));
  const d1 = part(i64.shrS(first, i64.const(32)), -32);
  const d2 = part(lowerHalf(first), -64);
  const d3 = part(upperHalf(second), -96);
  const d4 = part(lowerHalf(second), -128);
  const sum = keep(add(d1, d2));
  const rest = keep(add(sub(d2, sub(sum, d1)), add(d3, d4)));
  const f = keep(add(sum, rest));
  const fLost = sub(rest, sub(f, sum));
  // The product with what it loses by rounding, as Dekker has it.
  const upper = keep(f64.ofBits(i64.and(i64.bitsOf(f), i64.const(-(2 ** 27)))));
  const lower = keep(sub(f, upper));
  const product = keep(mul(f, f64.const(HALF_PI)));
  const straight = add(
    sub(mul(upper, f64.const(HALF_PI_UPPER)), product),
    mul(upper, f64.const(HALF_PI_LOWER)),
  );
  const crossed = add(mul(lower, f64.const(HALF_PI_UPPER)), mul(lower, f64.const(HALF_PI_LOWER)));
  const small = add(mul(f, f64.const(HALF_PI_LOST)), mul(fLost, f64.const(HALF_PI)));
  const low = keep(add(add(straight, crossed), small));
  // x - x is 0, or NaN where there is no remainder.
  const high = keep(add(add(product, low), sub(x, x)));
  return { high, low: keep(sub(low, sub(high, product))) };
}
