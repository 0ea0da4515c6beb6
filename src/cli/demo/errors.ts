import { fromData, type Tensor } from "../../../graph/index.ts";
import { digitsOf } from "../../certify/report.ts";
import { ridders } from "../../certify/ridders.ts";

/** The course's measure: the largest |a - b| / max(1e-8, |a| + |b|) of all elements. */
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

/** How many decimal digits two tensors share in the worst element, counted from the largest element. */
export function digitsOfAgreement(a: Tensor, b: Tensor): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < a.size; i++) {
    const [p, q] = [a.data[i]!, b.data[i]!];
    if (!Number.isFinite(p) || !Number.isFinite(q)) return 0;
    difference = Math.max(difference, Math.abs(p - q));
    size = Math.max(size, Math.abs(p), Math.abs(q));
  }
  return difference === 0 ? 16 : digitsOf(difference / size);
}

/** What a gradient by differences needs: a layer, its inputs, which of them to move, and the loss's cotangent. */
export interface Question {
  readonly f: (...x: Tensor[]) => Tensor;
  readonly x: readonly Tensor[];
  readonly which: number;
  readonly yBar: Tensor;
}

/** The course's numeric gradient: central differences with h = 1e-5. */
export function byCentralDifferences(question: Question): Tensor {
  const h = 1e-5;
  return elementByElement(question, (moved) => moved(h, -h) / (2 * h));
}

/** The same to the limit h -> 0, as far as the numbers carry. The first step is a fifth of the input's spread. */
export function byRidders(question: Question): Tensor {
  const { data, size } = question.x[question.which]!;
  let mean = 0;
  for (const value of data) mean += value / size;
  let variance = 0;
  for (const value of data) variance += (value - mean) ** 2 / size;
  return elementByElement(question, (moved) => ridders((t) => moved(t, 0), Math.sqrt(variance) / 5).value);
}

/**
 * A slope for each element of the input, made from `moved(t, s)`: the sum of yBar * (f(x + t) - f(x + s)), where t and s
 * are added to that element alone. The outputs are subtracted before they are summed, as the course does it: that
 * loses fewer digits.
 */
function elementByElement(
  { f, x, which, yBar }: Question,
  slope: (moved: (t: number, s: number) => number) => number,
): Tensor {
  const { shape, dtype, size, data } = x[which]!;
  const gradient = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const at = (step: number): Tensor => {
      const changed = data.slice();
      changed[i] = data[i]! + step;
      return f(...x.map((t, k) => (k === which ? fromData(shape, dtype, changed) : t)));
    };
    gradient[i] = slope((t, s) => {
      const [right, left] = [at(t), at(s)];
      let total = 0;
      for (let j = 0; j < yBar.size; j++) total += (right.data[j]! - left.data[j]!) * yBar.data[j]!;
      return total;
    });
  }
  return fromData(shape, dtype, gradient);
}
