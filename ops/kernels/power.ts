/** Powers of numbers. */

/**
 * a to the b, as C (IEEE 754-2019, 9.2.1) and NumPy have it: 1 to any power is 1, to NaN too, and (-1) to ±Infinity is
 * 1. ECMAScript's own `Math.pow` says NaN of both. Squares are rounded once.
 */
export function power(a: number, b: number): number {
  if (b === 2) return a * a;
  if (a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY)) return 1;
  return a ** b;
}

/**
 * a to the b among the integers modulo 2^32. A negative power is the fraction cut off towards zero: 0, but for 1 and
 * -1; it is 0 of 0 too.
 */
export function powerInt32(a: number, b: number): number {
  if (b < 0) return a === 1 ? 1 : a === -1 ? 1 - 2 * (b & 1) : 0;
  let y = 1;
  for (let n = b, square = a; n > 0; n >>= 1, square = Math.imul(square, square)) {
    if ((n & 1) === 1) y = Math.imul(y, square);
  }
  return y;
}
