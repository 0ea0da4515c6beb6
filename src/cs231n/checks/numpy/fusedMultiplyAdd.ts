import { exactProduct, exactSum } from "./doubleDouble.ts";

/**
 * a b + c, rounded once: what the processor's instruction gives, of which the matrix products under NumPy are made.
 *
 * The exact sum is s + v + w, each part less than a unit in the last place of the one before it. s + v, rounded, is
 * right unless it lies halfway between two numbers and w says which of them is nearer.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = exactProduct(a, b);
  const { high: s, low: d } = exactSum(product.high, c);
  const { high: v, low: w } = exactSum(product.low, d);
  const rounded = s + v;
  if (w === 0) return rounded;
  const missing = v - (rounded - s);
  const other = rounded + 2 * missing;
  const isHalfway = missing !== 0 && other - rounded === 2 * missing;
  return isHalfway && missing > 0 === w > 0 ? other : rounded;
}
