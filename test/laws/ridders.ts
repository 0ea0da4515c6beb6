/**
 * C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Adv. Eng. Softw. 4 (1982) 75-76: central
 * differences at steps that halve, extrapolated to step zero; of all that the table holds, what its neighbours
 * agree with best.
 *
 * The whole table is always built. Where the first steps reach across a kink, the later ones do not.
 */
export interface Slope {
  readonly value: Float64Array;
  /** How far the best entry lies from its neighbours, or what rounding makes of it if that is more. */
  readonly error: Float64Array;
}

const ROWS = 9;
const FIRST_STEP = 1 / 16;

/** d/dh f(h) at 0, element by element. Steps are in units of f's argument, so scale that by the input's spread. */
export function ridders(f: (h: number) => Float64Array): Slope {
  const size = f(0).length;
  const value = new Float64Array(size).fill(Number.NaN);
  const error = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  let above: Float64Array[] = [];
  for (let row = 0, h = FIRST_STEP; row < ROWS; row++, h /= 2) {
    const ahead = f(h);
    const behind = f(-h);
    const current = [ahead.map((v, i) => (v - behind[i]!) / (2 * h))];
    for (let column = 1; column <= row; column++) {
      const left = current[column - 1]!;
      const diagonal = above[column - 1]!;
      const gain = 4 ** column - 1;
      const next = left.map((v, i) => v + (v - diagonal[i]!) / gain);
      current.push(next);
      for (let i = 0; i < size; i++) {
        const rounding = (Number.EPSILON * Math.max(Math.abs(ahead[i]!), Math.abs(behind[i]!))) / h;
        const distance = Math.max(Math.abs(next[i]! - left[i]!), Math.abs(next[i]! - diagonal[i]!), rounding);
        if (distance < error[i]!) {
          error[i] = distance;
          value[i] = next[i]!;
        }
      }
    }
    above = current;
  }
  return { value, error };
}
