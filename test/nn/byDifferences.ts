/** What the course checks gradients against, and how its prints are compared. */
import { expect } from "vitest";
import { fromData, type Tensor } from "../../src/index.ts";

/** Central differences with the course's step, weighted by dout, at all entries or at some. */
export function numericalGradient(
  f: (x: Tensor) => Tensor,
  x: Tensor,
  dout: Tensor,
  isWanted: (i: number) => boolean = () => true,
): Tensor {
  const moved = (i: number, h: number): Tensor => {
    const data = x.toTypedArray();
    data[i] = data[i]! + h;
    return f(fromData(x.shape, x.dtype, data));
  };
  const gradient = new Float64Array(x.size).fill(Number.NaN);
  for (let i = 0; i < x.size; i++) {
    if (!isWanted(i)) continue;
    const [above, below] = [moved(i, 1e-5), moved(i, -1e-5)];
    let change = 0;
    for (let j = 0; j < dout.size; j++) change += (above.data[j]! - below.data[j]!) * dout.data[j]!;
    gradient[i] = change / 2e-5;
  }
  return fromData(x.shape, "float64", gradient);
}

/** Printed digits: agreement to half a unit of the last decimal that was printed. */
export function expectPrinted(actual: ArrayLike<number>, printed: readonly number[], decimals = 8): void {
  expect(actual.length).toBe(printed.length);
  printed.forEach((p, i) => {
    expect(actual[i]).toBeCloseTo(p, decimals);
  });
}
