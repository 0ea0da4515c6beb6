/**
 * The error function and its complement, in float64.
 *
 *     erf(x) = 2/sqrt(pi) * integral of exp(-t^2) from 0 to x,      erfc(x) = 1 - erf(x)
 *
 * The rational approximations (intervals and coefficients) are those of fdlibm 5.3, `s_erf.c` (Sun Microsystems,
 * 1993), after W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969).
 * Where that would cost erfc more than 2 ulp, it is put together otherwise: fdlibm's tail multiplies two rounded
 * exponentials, here one exponential takes its argument in two parts; and between 1/2 and 5/4, where fdlibm subtracts
 * from a number several times as large, erfc has forms of its own.
 */

/** Below this, erf(x) = 2x/sqrt(pi) to the last bit. */
const TINY = 2 ** -28;
/** 2/sqrt(pi) - 1: kept apart from the 1, which costs nothing to multiply by. */
const SLOPE_EXCESS = 0.1283791670955126;
/** erf(1) to 24 bits, the middle of the second interval. */
const ERF_ONE = 0.8450629115104675;
/** ln 2 in two parts; the first ends in 21 zero bits, so that a small integer times it is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** From here on erfc is less than half the smallest subnormal number. */
const ERFC_UNDERFLOWS = 27.25;

/** 2^-k for k = 0 .. 1074, exactly. (`Math.pow` need not be exact.) */
const INVERSE_POWER_OF_TWO: Float64Array = /* @__PURE__ */ inversePowersOfTwo();

/**
 * The error function, from -1 to 1, odd, with at most 1 ulp of error.
 * erf(±0) = ±0, erf(±Infinity) = ±1, erf(NaN) = NaN.
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 0.84375) {
    if (a >= TINY) return x + x * nearZero(x * x);
    // Scaled while it is subnormal, so that it is rounded once.
    return a < 1e-300 ? (8 * x + 8 * SLOPE_EXCESS * x) * 0.125 : x + SLOPE_EXCESS * x;
  }
  if (a < 1.25) return Math.sign(x) * (ERF_ONE + nearOne(a - 1));
  if (a < 6) return Math.sign(x) * (1 - tail(a));
  // Nearer to 1 than half an ulp; NaN stays NaN.
  return Math.sign(x);
}

/**
 * The complementary error function 1 - erf(x), from 2 down to 0, with at most 2 ulp of error in the far tail too:
 * erfc(27) = 5.2e-319, where 1 - erf(27) would be 0.
 * erfc(-Infinity) = 2, erfc(Infinity) = 0, erfc(NaN) = NaN.
 */
export function erfc(x: number): number {
  if (x < -0.84375) {
    if (x > -1.25) return 1 + (ERF_ONE + nearOne(-x - 1));
    return x > -6 ? 2 - tail(-x) : 2;
  }
  if (x < 0.25) return 1 - (x + x * nearZero(x * x));
  // 1 - x - x * r, begun with a difference that is exact: x - 1/2 up to there, 1 - x from there on.
  if (x < 0.5) return 0.5 - (x - 0.5 + x * nearZero(x * x));
  if (x < 0.75) return 1 - x - x * nearZero(x * x);
  if (x < 1.25) return expMinusSquare(x, 0.84375, complementNearOne(x - 1), 1);
  if (x < ERFC_UNDERFLOWS) return tail(x);
  return Number.isNaN(x) ? x : 0;
}

/** (erf(x) - x) / x for |x| < 0.84375, of z = x^2. Remez error 2^-57.9. */
function nearZero(z: number): number {
  let p = -2.3763016656650163e-5;
  p = p * z - 0.005770270296489442;
  p = p * z - 0.02848174957559851;
  p = p * z - 0.3250421072470015;
  p = p * z + 0.12837916709551256;
  let q = -3.960228278775368e-6;
  q = q * z + 0.00013249473800432164;
  q = q * z + 0.005081306281875766;
  q = q * z + 0.0650222499887673;
  q = q * z + 0.39791722395915535;
  q = q * z + 1;
  return p / q;
}

/** erf(1 + s) - ERF_ONE for -0.15625 <= s < 0.25. Remez error 2^-59. */
function nearOne(s: number): number {
  let p = -0.002166375594868791;
  p = p * s + 0.035478304325618236;
  p = p * s - 0.11089469428239668;
  p = p * s + 0.31834661990116175;
  p = p * s - 0.3722078760357013;
  p = p * s + 0.41485611868374833;
  p = p * s - 0.0023621185607526594;
  let q = 0.011984499846799107;
  q = q * s + 0.01363708391202905;
  q = q * s + 0.12617121980876164;
  q = q * s + 0.07182865441419627;
  q = q * s + 0.540397917702171;
  q = q * s + 0.10642088040084423;
  q = q * s + 1;
  return p / q;
}

/**
 * log(erfc(1 + s)) + (1 + s)^2 + 27/32 for |s| <= 0.25. Our own fit: the Chebyshev interpolant of degree 12, computed
 * with 60 digits; with its coefficients rounded it is within 2^-58.5.
 */
function complementNearOne(s: number): number {
  let p = 1.2926679074719743e-7;
  p = p * s + 9.000463773137469e-8;
  p = p * s - 2.0191432524208386e-6;
  p = p * s + 9.57838669915243e-6;
  p = p * s - 2.7141082164350586e-5;
  p = p * s + 2.627033006579011e-5;
  p = p * s + 0.00023732470755415924;
  p = p * s - 0.001977903020348496;
  p = p * s + 0.010033825434295863;
  p = p * s - 0.04156109804652963;
  p = p * s + 0.15689274364151465;
  p = p * s - 0.6389675142347913;
  p = p * s - 0.005855509933248249;
  return p;
}

/** erfc(x) for 1.25 <= x < ERFC_UNDERFLOWS. */
function tail(x: number): number {
  return expMinusSquare(x, 0.5625, tailExponent(x), x);
}

/**
 * exp(-x^2 - offset + correction) / divisor for 0.75 <= x < ERFC_UNDERFLOWS, an offset of few bits and a small
 * correction.
 *
 * A rounded x^2 would be off by up to 2^-44 and so would the result, relatively. Let z be x to 24 bits: then
 * -z^2 - offset is exact, and what is missing, (z - x)(z + x), is small and goes with the correction. The sum is
 * reduced by a multiple of ln 2 while it is still in two parts. The power of two comes last: a subnormal result is
 * rounded to its few bits once.
 */
function expMinusSquare(x: number, offset: number, correction: number, divisor: number): number {
  const z = Math.fround(x);
  const high = -z * z - offset;
  const low = (z - x) * (z + x) + correction;
  const k = Math.round((high + low) * -Math.LOG2E);
  const a = high + k * LN2_HIGH;
  const b = low + k * LN2_LOW;
  const sum = a + b;
  const lost = b - (sum - a);
  return INVERSE_POWER_OF_TWO[k]! * ((1 + (Math.expm1(sum) + lost)) / divisor);
}

/** g(s) = log(x erfc(x)) + x^2 + 9/16 of s = 1/x^2, from 1.25 on. Remez errors 2^-62.6 and 2^-61.5. */
function tailExponent(x: number): number {
  const s = 1 / (x * x);
  return x < 1 / 0.35 ? tailNear(s) : tailFar(s);
}

function tailNear(s: number): number {
  let p = -9.814329344169145;
  p = p * s - 81.2874355063066;
  p = p * s - 184.60509290671104;
  p = p * s - 162.39666946257347;
  p = p * s - 62.375332450326006;
  p = p * s - 10.558626225323291;
  p = p * s - 0.6938585727071818;
  p = p * s - 0.009864944034847148;
  let q = -0.0604244152148581;
  q = q * s + 6.570249770319282;
  q = q * s + 108.63500554177944;
  q = q * s + 429.00814002756783;
  q = q * s + 645.3872717332679;
  q = q * s + 434.56587747522923;
  q = q * s + 137.65775414351904;
  q = q * s + 19.651271667439257;
  q = q * s + 1;
  return p / q;
}

function tailFar(s: number): number {
  let p = -483.5191916086514;
  p = p * s - 1025.0951316110772;
  p = p * s - 637.5664433683896;
  p = p * s - 160.63638485582192;
  p = p * s - 17.757954917754752;
  p = p * s - 0.799283237680523;
  p = p * s - 0.0098649429247001;
  let q = -22.44095244658582;
  q = q * s + 474.52854120695537;
  q = q * s + 2553.0504064331644;
  q = q * s + 3199.8582195085955;
  q = q * s + 1536.729586084437;
  q = q * s + 325.7925129965739;
  q = q * s + 30.33806074348246;
  q = q * s + 1;
  return p / q;
}

function inversePowersOfTwo(): Float64Array {
  const powers = new Float64Array(1075);
  powers[0] = 1;
  for (let k = 1; k < powers.length; k++) powers[k] = powers[k - 1]! / 2;
  return powers;
}
