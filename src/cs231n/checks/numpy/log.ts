import { type DoubleDouble, exactProduct, exactSum } from "./doubleDouble.ts";

const LN2: DoubleDouble = { high: Math.LN2, low: 2.3190468138462996e-17 };
const THIRD: DoubleDouble = { high: 1 / 3, low: 1.850371707708594e-17 };
const FIFTH: DoubleDouble = { high: 1 / 5, low: -1.1102230246251566e-17 };

/**
 * The natural logarithm of a number > 0, rounded correctly (but for one in 100,000). An engine's `Math.log` is a bit
 * off now and then, and in other places than the C library's, which is nearly always rounded correctly.
 *
 * With x = 2^k m, m near 1, and s = (m - 1) / (m + 1):  log x = k log 2 + 2 s (1 + s²/3 + s⁴/5 + ...)
 */
export function log(x: number): number {
  const k = Math.round(Math.log2(x));
  const m = x / 2 ** k;
  const s = quotient(m - 1, exactSum(m, 1));
  const z = product(s, s);
  // What is left of the series adds less than a part in 100,000.
  let rest = 0;
  for (let n = 41; n >= 7; n -= 2) rest = rest * z.high + 1 / n;
  const series = sum(THIRD, product(z, sum(FIFTH, product(z, { high: rest, low: 0 }))));
  const one = sum({ high: 1, low: 0 }, product(z, series));
  const ofM = product(s, one);
  const { high, low } = sum(product({ high: k, low: 0 }, LN2), { high: 2 * ofM.high, low: 2 * ofM.low });
  return high + low;
}

function sum(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const { high, low } = exactSum(a.high, b.high);
  return exactSum(high, low + (a.low + b.low));
}

function product(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const { high, low } = exactProduct(a.high, b.high);
  return exactSum(high, low + (a.high * b.low + a.low * b.high));
}

function quotient(a: number, b: DoubleDouble): DoubleDouble {
  const high = a / b.high;
  const back = exactProduct(high, b.high);
  return exactSum(high, (a - back.high - back.low - high * b.low) / b.high);
}
