import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allocate, DTYPES, type DType, isFloat } from "../graph/dtype.ts";
import { DTypeError, ShapeError } from "../graph/errors.ts";
import { abs, matmul, transpose } from "../ops/index.ts";
import { tensor, zeros } from "../src/create/index.ts";
import { fromData, record, type Tensor, vjp } from "../src/index.ts";
import { stream } from "../src/random/stream.ts";
import { type StoredArray, stored } from "./support/fixtures.ts";

/** Small integers, so that every sum is exact; the file says how NumPy made them. */
interface Product {
  readonly x: StoredArray;
  readonly w: StoredArray;
  readonly yBar: StoredArray;
  readonly y: StoredArray;
  readonly xBar: StoredArray;
  readonly wBar: StoredArray;
}

const { products }: { products: readonly Product[] } = JSON.parse(
  readFileSync(new URL("fixtures/movement.json", import.meta.url), "utf8"),
);

function expectSame(actual: Tensor, expected: Tensor): void {
  expect(actual.dtype).toBe(expected.dtype);
  expect([...actual.shape]).toEqual([...expected.shape]);
  expect(Array.from(actual.data, (v) => v + 0)).toEqual(Array.from(expected.data, (v) => v + 0));
}

test.each(products.map((p) => [`[${p.x.shape}]`, `[${p.w.shape}]`, p] as const))(
  "%s by %s, as NumPy's",
  (_x, _w, { x, w, yBar, y, xBar, wBar }) => {
    for (const dtype of ["float64", "float32", "int32"] as const) {
      expectSame(matmul(stored(x, dtype), stored(w, dtype)), stored(y, dtype));
      if (!isFloat(dtype)) continue;
      const [, pullback] = vjp(multiply, stored(x, dtype), stored(w, dtype));
      const bars = pullback(stored(yBar, dtype));
      expectSame(bars[0], stored(xBar, dtype));
      expectSame(bars[1], stored(wBar, dtype));
    }
  },
);

function multiply(x: Tensor, w: Tensor): Tensor {
  return matmul(x, w);
}

function random(shape: readonly [number, number], dtype: DType, ...labels: string[]): Tensor {
  const from = stream(11, "data", ...labels, ...shape);
  const data = allocate(dtype, shape[0] * shape[1]);
  for (let i = 0; i < data.length; i++) data[i] = dtype === "int32" ? from.integer(2 ** 31) : from.gaussian();
  return fromData(shape, dtype, data);
}

/** The definition. */
function byDefinition(x: Tensor, w: Tensor, dtype: DType): Tensor {
  const [m, k] = x.shape as [number, number];
  const n = w.shape[1]!;
  const data = allocate(dtype, m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += x.data[i * k + p]! * w.data[p * n + j]!;
      data[i * n + j] = sum;
    }
  }
  return fromData([m, n], dtype, data);
}

// Sizes around those of tiles (4), panels (64), and the step from one loop to the other.
const SIZES: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [3, 300, 3],
  [4, 256, 4],
  [5, 257, 7],
  [16, 16, 16],
  [17, 31, 66],
  [33, 20, 64],
  [9, 50, 129],
  [130, 7, 5],
  [1, 500, 70],
  [70, 500, 1],
];

describe.each(SIZES)("%d x %d by %d", (m, k, n) => {
  test("float64 is the sum of products in their order, to the bit", () => {
    const [x, w] = [random([m, k], "float64", "x"), random([k, n], "float64", "w")];
    expectSame(matmul(x, w), byDefinition(x, w, "float64"));
  });

  test("float32 is as near as sums of 128 are, or rounded once", () => {
    const [x, w] = [random([m, k], "float32", "x"), random([k, n], "float32", "w")];
    const y = matmul(x, w);
    if (m === 1 || m * k * n < 1000) {
      expectSame(y, byDefinition(x, w, "float32"));
      return;
    }
    expect(y.dtype).toBe("float32");
    const expected = byDefinition(x, w, "float64");
    const sizes = byDefinition(abs(x), abs(w), "float64");
    expected.data.slice().forEach((e, i) => {
      const bound = 2 ** -24 * (Math.abs(e) + (Math.min(k, 128) + 0.01) * sizes.data[i]!);
      expect(Math.abs(y.data[i]! - e)).toBeLessThanOrEqual(bound);
    });
  });

  test("a product that is not finite stays in its row and column", () => {
    const [x, w] = [zeros([m, k]).toTypedArray(), random([k, n], "float64", "w")];
    x[x.length - 1] = Number.POSITIVE_INFINITY;
    const y = matmul(fromData([m, k], "float64", x), w);
    y.data.slice(0, (m - 1) * n).forEach((v) => {
      expect(v + 0).toBe(0);
    });
    y.data.slice((m - 1) * n).forEach((v, j) => {
      expect(v).toBe(w.data[(k - 1) * n + j]! * Number.POSITIVE_INFINITY);
    });
  });
});

test("int32 wraps, which a sum of rounded products would not", () => {
  const [x, w] = [random([9, 30], "int32", "x"), random([30, 9], "int32", "w")];
  const y = matmul(x, w);
  for (const [i, j] of [
    [0, 0],
    [3, 8],
    [8, 5],
  ] as const) {
    let sum = 0n;
    for (let p = 0; p < 30; p++) sum += BigInt(x.data[i * 30 + p]!) * BigInt(w.data[p * 9 + j]!);
    expect(y.data[i * 9 + j]).toBe(Number(BigInt.asIntN(32, sum)));
  }
});

test("a long float32 sum loses nothing", () => {
  const n = 2 ** 20;
  const tenths = tensor(new Float32Array(n).fill(0.1), { shape: [1, n] });
  const y = matmul(tenths, transpose(tenths)).item();
  expect(y).toBe(Math.fround(n * Math.fround(0.1) ** 2));
});

test("0 times infinity is NaN, in the derivatives too", () => {
  const x = tensor([[0, 1]]);
  const w = tensor([[Number.POSITIVE_INFINITY], [2]]);
  expect(matmul(x, w).item()).toBeNaN();
  expect(vjp(multiply, x, w)[1](tensor([[0]]))[0].data[0]).toBeNaN();
});

test("dtypes meet as they do everywhere", () => {
  const of = (dtype: DType): Tensor => zeros([1, 1], { dtype });
  for (const [a, b] of DTYPES.flatMap((a) => DTYPES.map((b) => [a, b] as const))) {
    if (isFloat(a) && isFloat(b) && a !== b) {
      expect(() => matmul(of(a), of(b))).toThrow(DTypeError);
      continue;
    }
    const float = [a, b].find(isFloat);
    expect(matmul(of(a), of(b)).dtype).toBe(float ?? "int32");
  }
  expect(matmul(tensor([[true, true]]), tensor([[true], [true]])).item()).toBe(2);
});

test("only what is wanted is computed", () => {
  const w = tensor([
    [1, 2],
    [3, 4],
  ]);
  const counted = record(
    (x: Tensor, yBar: Tensor) => vjp((t: Tensor) => matmul(t, w), x)[1](yBar)[0],
    zeros([1, 2]),
    zeros([1, 2]),
  );
  const products = Object.values(counted.nodes).filter(({ op }) => op?.name === "matmul");
  expect(products).toHaveLength(2);
});

test("a batch by one matrix is one tall product", () => {
  const tape = record(multiply, zeros([2, 3, 4]), zeros([4, 5]));
  const product = Object.values(tape.nodes).find(({ op }) => op?.name === "matmul");
  expect([...product!.shape]).toEqual([6, 5]);
});

test.each<[string, () => unknown]>([
  ["inner sizes", () => matmul(zeros([2, 3]), zeros([2, 3]))],
  ["vectors of two lengths", () => matmul(zeros([2]), zeros([3]))],
  ["a vector that does not fit", () => matmul(zeros([2]), zeros([3, 2]))],
  ["a scalar", () => matmul(2, zeros([2, 2]))],
  ["batches that do not broadcast", () => matmul(zeros([2, 1, 3]), zeros([3, 3, 1]))],
  ["a batch that does not fit its matrix", () => matmul(zeros([2, 2, 3]), zeros([2, 3]))],
])("refused: %s", (_, call) => {
  expect(call).toThrow(ShapeError);
});
