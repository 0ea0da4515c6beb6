import { fromData, type Tensor } from "../../../graph/index.ts";
import { digitsOf } from "../../certify/report.ts";
import { ridders } from "../../certify/ridders.ts";
import { centralDifferences } from "../../cs231n/checks/differences.ts";

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
export function byCentralDifferences({ f, x, which, yBar }: Question): Tensor {
  const { shape, dtype } = x[which]!;
  const along = (moved: Float64Array): Tensor =>
    f(...x.map((t, k) => (k === which ? fromData(shape, dtype, moved.slice()) : t)));
  return centralDifferences(x[which]!, (moved) => along(moved).data, yBar);
}

/**
 * The same to the limit h -> 0, as far as the numbers carry. The first step is a fifth of the input's spread. The
 * outputs are subtracted before they are summed: that loses fewer digits.
 */
export function byRidders({ f, x, which, yBar }: Question): Tensor {
  const { data, size, shape, dtype } = x[which]!;
  let mean = 0;
  for (const value of data) mean += value / size;
  let variance = 0;
  for (const value of data) variance += (value - mean) ** 2 / size;
  const here = f(...x);
  const change = (i: number, step: number): number => {
    const changed = data.slice();
    changed[i] = data[i]! + step;
    const there = f(...x.map((t, k) => (k === which ? fromData(shape, dtype, changed) : t)));
    let total = 0;
    for (let j = 0; j < yBar.size; j++) total += (there.data[j]! - here.data[j]!) * yBar.data[j]!;
    return total;
  };
  const slope = (i: number): number => ridders((t) => change(i, t), Math.sqrt(variance) / 5).value;
  return fromData(
    shape,
    dtype,
    Float64Array.from(data, (_, i) => slope(i)),
  );
}
