/** CS231n's affine and relu layers, forward and backward, against the course's numbers. */
import { describe, expect, test } from "vitest";
import { fromData, type Tensor } from "../graph/index.ts";
import { add, matmul, relu, reshape } from "../ops/index.ts";
import { linspace, tensor } from "../src/create/index.ts";
import { vjp } from "../src/transforms/derivatives.ts";
import { expectClose, relError } from "./support/closeness.ts";
import { courseFixture, type StoredArray, stored } from "./support/fixtures.ts";

/** x w + b, each example laid out as a row. */
function affine(x: Tensor, w: Tensor, b: Tensor): Tensor {
  return add(matmul(reshape(x, [x.shape[0]!, w.shape[0]!]), w), b);
}

function affineRelu(x: Tensor, w: Tensor, b: Tensor): Tensor {
  return relu(affine(x, w, b));
}

/** The course's numerical gradient: central differences of step 1e-5, weighted by dout. */
function numericalGradient(f: (x: Tensor) => Tensor, x: Tensor, dout: Tensor): Tensor {
  const moved = (i: number, h: number): Tensor => {
    const data = x.toTypedArray();
    data[i] = data[i]! + h;
    return f(fromData(x.shape, x.dtype, data));
  };
  const gradient = x.toTypedArray();
  for (let i = 0; i < gradient.length; i++) {
    const [above, below] = [moved(i, 1e-5), moved(i, -1e-5)];
    let change = 0;
    for (let j = 0; j < dout.size; j++) change += (above.data[j]! - below.data[j]!) * dout.data[j]!;
    gradient[i] = change / 2e-5;
  }
  return fromData(x.shape, x.dtype, gradient);
}

interface Backward {
  readonly inputs: Readonly<Record<"x" | "w" | "b" | "dout", StoredArray>>;
  readonly expected: Readonly<Record<"out" | "dx" | "dw" | "db", StoredArray>>;
  readonly published: { readonly errors: readonly [number, number, number] };
}

test("affine, forward", () => {
  const { expected, published } = courseFixture<{
    readonly expected: { readonly out: StoredArray };
    readonly published: { readonly out: StoredArray; readonly difference: number };
  }>("19_affine_forward");
  const x = reshape(linspace(-0.1, 0.5, 240), [2, 4, 5, 6]);
  const w = reshape(linspace(-0.2, 0.3, 360), [120, 3]);
  const out = affine(x, w, linspace(-0.3, 0.1, 3));
  expectClose(out, stored(expected.out));
  expect(relError(out, stored(published.out))).toBeCloseTo(published.difference, 14);
});

describe.each([
  ["20_affine_backward", affine],
  ["23_affine_relu", affineRelu],
] as const)("%s", (name, layer) => {
  const { inputs, expected, published } = courseFixture<Backward>(name);
  const [x, w, b, dout] = [stored(inputs.x), stored(inputs.w), stored(inputs.b), stored(inputs.dout)];
  const [out, pullback] = vjp(layer, x, w, b);
  const bars = pullback(dout);

  test("value", () => expectClose(out, stored(expected.out)));

  test.each([
    ["dx", 0],
    ["dw", 1],
    ["db", 2],
  ] as const)("%s", (key, k) => {
    expectClose(bars[k], stored(expected[key]));
    expect(relError(bars[k], stored(expected[key]))).toBeLessThanOrEqual(published.errors[k]);
    const along = [
      (t: Tensor) => layer(t, w, b),
      (t: Tensor) => layer(x, t, b),
      (t: Tensor) => layer(x, w, t),
    ][k]!;
    // What the course prints is how far its differences were rounded. They are here too, but products that are summed
    // in another order (plainly, not by BLAS) round otherwise: NumPy's, summed plainly, give 1.1e-10 for 5.4e-11.
    const byDifferences = numericalGradient(along, [x, w, b][k]!, dout);
    expect(relError(bars[k], byDifferences)).toBeLessThanOrEqual(3 * published.errors[k]);
  });
});

test("relu, forward", () => {
  const { inputs, expected, published } = courseFixture<{
    readonly inputs: { readonly x: StoredArray };
    readonly expected: { readonly out: StoredArray };
    readonly published: { readonly difference: number };
  }>("21_relu_forward");
  const out = relu(stored(inputs.x));
  expectClose(out, stored(expected.out));
  // What the course prints: its eight digits.
  const printed = tensor(
    Array.from(out.data, (v) => Number(v.toFixed(8))),
    { shape: [3, 4] },
  );
  expect(relError(out, printed)).toBeCloseTo(published.difference, 14);
});

test("relu, backward", () => {
  const { inputs, expected, published } = courseFixture<{
    readonly inputs: Readonly<Record<"x" | "dout", StoredArray>>;
    readonly expected: { readonly dx: StoredArray };
    readonly published: { readonly dx_error: number };
  }>("22_relu_backward");
  const [x, dout] = [stored(inputs.x), stored(inputs.dout)];
  const [dx] = vjp((t: Tensor) => relu(t), x)[1](dout);
  expectClose(dx, stored(expected.dx));
  expect(relError(dx, stored(expected.dx))).toBeLessThanOrEqual(published.dx_error);
  const byDifferences = numericalGradient((t) => relu(t), x, dout);
  expect(relError(dx, byDifferences)).toBeCloseTo(published.dx_error, 16);
});
