/**
 * Error-free transformations: what rounding takes away from a sum or a product is a number too (T. J. Dekker,
 * "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971) 224-242).
 */

/** The number high + low, of which high is the rounded one. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** a + b, exactly. */
export function exactSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const fromB = high - a;
  return { high, low: a - (high - fromB) + (b - fromB) };
}

/** a b, exactly, unless it overflows or underflows. */
export function exactProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  // Halves of 26 bits: their products are exact.
  const wideA = 134217729 * a;
  const a1 = wideA - (wideA - a);
  const a0 = a - a1;
  const wideB = 134217729 * b;
  const b1 = wideB - (wideB - b);
  const b0 = b - b1;
  return { high, low: a0 * b0 - (high - a1 * b1 - a0 * b1 - a1 * b0) };
}
