/**
 * Division that rounds down, and what it leaves. As NumPy's (`npy_divmod`): the remainder comes from `fmod`, which is
 * exact, and the quotient from the remainder, so that the two fit each other: floor(1 / 0.1) would be 10, though
 * 0.1 as float64 has it goes into 1 only 9 times.
 */

/** The largest integer q with q b at most a (at least a, for negative b); a / b where b = 0. */
export function floorDivide(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0 && rest < 0 !== b < 0) quotient -= 1;
  // Of nothing, the sign is left.
  if (quotient === 0) return a / b < 0 ? -0 : Object.is(a / b, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  // The division above may have rounded down past an integer.
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** a - b floor(a / b): it has b's sign, that of a zero included; NaN where b = 0. */
export function remainder(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}
