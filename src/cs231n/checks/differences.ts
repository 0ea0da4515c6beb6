/** The course's two instruments: a numeric gradient, and a measure of how far two gradients are apart. */
import { fromData, type Tensor } from "../../../graph/index.ts";
import { sum } from "./numpy/sum.ts";

/** The largest |a - b| / max(1e-8, |a| + |b|) of all elements. */
export function relError(a: Tensor, b: Tensor): number {
  let worst = 0;
  for (let i = 0; i < a.size; i++) {
    const [p, q] = [a.data[i]!, b.data[i]!];
    const error = Math.abs(p - q) / Math.max(1e-8, Math.abs(p) + Math.abs(q));
    // Not Math.max alone: a NaN has to come through.
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

/**
 * Central differences with h = 1e-5: for each element of x the sum of yBar (f(x + h) - f(x - h)) / 2h, h being added to
 * that element alone.
 *
 * @param f of x's numbers, which it must not keep: it is given the same array again, with other numbers in it
 */
export function centralDifferences(
  x: Tensor,
  f: (moved: Float64Array) => ArrayLike<number>,
  yBar: Tensor,
): Tensor {
  const h = 1e-5;
  const moved = Float64Array.from(x.data);
  const gradient = new Float64Array(x.size);
  for (let i = 0; i < x.size; i++) {
    const value = moved[i]!;
    moved[i] = value + h;
    const right = f(moved);
    moved[i] = value - h;
    const left = f(moved);
    moved[i] = value;
    // Subtracted before they are summed: that loses fewer digits.
    gradient[i] = sum(Float64Array.from(yBar.data, (bar, j) => (right[j]! - left[j]!) * bar)) / (2 * h);
  }
  return fromData(x.shape, x.dtype, gradient);
}
