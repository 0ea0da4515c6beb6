import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate, type Data } from "../../graph/dtype.ts";
import { FLOAT32_TERMS } from "../../ops/kernels/wasm/product/format.ts";
import { type Matrices, type Sizes, simdProducts } from "../../ops/kernels/wasm/product/product.ts";
import { stream } from "../../src/random/stream.ts";

type FloatType = "float64" | "float32";
const FLOATS = ["float64", "float32"] as const;
const ROUNDING = { float64: 2 ** -53, float32: 2 ** -24 } as const;

function gaussian(dtype: FloatType, size: number, ...labels: (string | number)[]): Data {
  const from = stream(5, "data", ...labels, size);
  const data = allocate(dtype, size);
  for (let i = 0; i < size; i++) data[i] = from.gaussian();
  return data;
}

/** The matrix with its axes exchanged. */
function transposed(x: Data, rows: number, columns: number, dtype: FloatType): Data {
  const y = allocate(dtype, x.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) y[j * rows + i] = x[i * columns + j]!;
  return y;
}

function only(data: Data, isTransposed = false): Matrices {
  return { data, starts: new Int32Array(1), transposed: isTransposed };
}

/** By the kernels, the operands lying as is said. */
function product(dtype: FloatType, a: Data, b: Data, sizes: Sizes, lies = [false, false]): Data {
  const { m, k, n } = sizes;
  const x = lies[0] ? only(transposed(a, m, k, dtype), true) : only(a);
  const w = lies[1] ? only(transposed(b, k, n, dtype), true) : only(b);
  const y = allocate(dtype, m * n);
  expect(simdProducts(dtype, x, w, y, sizes)).toBe(true);
  return y;
}

/** The definition: a sum in the order of the inner axis, in float64. */
function defined(a: Data, b: Data, { m, k, n }: Sizes): Float64Array {
  const y = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p]!;
      for (let j = 0; j < n; j++) y[i * n + j] = y[i * n + j]! + factor * b[p * n + j]!;
    }
  }
  return y;
}

/**
 * A check of a product: float64 to the bit; float32 within the roundings of a product, of a run's additions, and of the
 * result. What the reference rounds is 2^-29 of that.
 */
function checking(dtype: FloatType, a: Data, b: Data, sizes: Sizes): (y: Data) => void {
  const expected = defined(a, b, sizes);
  const bounds = new Float64Array(expected.length);
  if (dtype === "float32") {
    const magnitudes = defined(a.map(Math.abs), b.map(Math.abs), sizes);
    const terms = Math.min(sizes.k, FLOAT32_TERMS) + 0.01;
    expected.forEach((e, i) => {
      bounds[i] = ROUNDING.float32 * (Math.abs(e) + terms * magnitudes[i]!);
    });
  }
  return (y) => {
    for (let i = 0; i < expected.length; i++) {
      const e = expected[i]!;
      if (Object.is(y[i], e) || Math.abs(y[i]! - e) <= bounds[i]!) continue;
      expect.fail(`${sizes.m} x ${sizes.k} by ${sizes.n}, ${dtype}: entry ${i} is ${y[i]}, expected ${e}`);
    }
  };
}

const LIES = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
];

describe.each(FLOATS)("%s", (dtype) => {
  test("any sizes, lying either way", () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 150 }));
    fc.assert(
      fc.property(
        size,
        fc.oneof(size, fc.constantFrom(127, 128, 129, 256, 300)),
        size,
        fc.constantFrom(...LIES),
        (m, k, n, lies) => {
          const [a, b] = [gaussian(dtype, m * k, "a", m), gaussian(dtype, k * n, "b", n)];
          checking(dtype, a, b, { m, k, n })(product(dtype, a, b, { m, k, n }, lies));
        },
      ),
      { numRuns: 150 },
    );
  });

  // Wider than what is packed at a time, taller than what is copied at a time, a chunk of b shorter than it is.
  test.each([
    [21, 2100, 1100],
    [300, 1000, 9],
    [7, 20000, 130],
    [2, 1, 40000],
    [5000, 1, 300],
    [5000, 3, 2],
  ])("%d x %d by %d, in several parts", (m, k, n) => {
    const [a, b] = [gaussian(dtype, m * k, "a"), gaussian(dtype, k * n, "b")];
    const check = checking(dtype, a, b, { m, k, n });
    for (const lies of LIES) check(product(dtype, a, b, { m, k, n }, lies));
  });

  test("small integers make exact sums", () => {
    const [m, k, n] = [13, 517, 23];
    const from = stream(3, "data", "integers");
    const [a, b] = [allocate(dtype, m * k), allocate(dtype, k * n)];
    for (const x of [a, b]) for (let i = 0; i < x.length; i++) x[i] = from.integer(21) - 10;
    for (const lies of LIES) {
      const y = product(dtype, a, b, { m, k, n }, lies);
      for (const [i, j] of [
        [0, 0],
        [12, 22],
        [7, 11],
      ] as const) {
        let sum = 0n;
        for (let p = 0; p < k; p++) sum += BigInt(a[i * k + p]!) * BigInt(b[p * n + j]!);
        expect(y[i * n + j]).toBe(Number(sum));
      }
    }
  });

  test("the error is at most that of k roundings, against exact arithmetic", () => {
    const [m, k, n] = [4, 700, 6];
    const [a, b] = [gaussian(dtype, m * k, "a"), gaussian(dtype, k * n, "b")];
    const y = product(dtype, a, b, { m, k, n });
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let [sum, size] = [-exact(y[i * n + j]!), 0n];
        for (let p = 0; p < k; p++) {
          const term = exact(a[i * k + p]!) * exact(b[p * n + j]!);
          sum += term / SCALE;
          size += (term < 0n ? -term : term) / SCALE;
        }
        const terms = dtype === "float64" ? k : FLOAT32_TERMS + 1;
        expect(Math.abs(Number(sum))).toBeLessThanOrEqual(terms * ROUNDING[dtype] * Number(size));
      }
    }
  });

  test("places within larger arrays, and what lies around them is left alone", () => {
    const sizes = { m: 6, k: 9, n: 10 };
    const [a, b] = [gaussian(dtype, 500, "a"), gaussian(dtype, 500, "b")];
    const y = allocate(dtype, 150).fill(7);
    const starts = [Int32Array.of(3, 100), Int32Array.of(211, 17)] as const;
    simdProducts(dtype, { data: a, starts: starts[0] }, { data: b, starts: starts[1] }, y, sizes);
    for (const i of [0, 1]) {
      const [x, w] = [a.slice(starts[0][i]!), b.slice(starts[1][i]!)];
      checking(dtype, x, w, sizes)(y.slice(60 * i, 60 * i + 60));
    }
    expect([...y.slice(120)]).toEqual(new Array(30).fill(7));
  });

  test("twice the same, and what was given out is not written to again", () => {
    const sizes = { m: 30, k: 200, n: 40 };
    const [a, b] = [gaussian(dtype, 6000, "a"), gaussian(dtype, 8000, "b")];
    const first = product(dtype, a, b, sizes);
    const kept = first.slice();
    product(dtype, gaussian(dtype, 9e5, "large"), gaussian(dtype, 9e5, "large"), { m: 300, k: 3000, n: 300 });
    expect(first).toEqual(kept);
    expect(product(dtype, a, b, sizes)).toEqual(first);
  });

  describe("special values", () => {
    const SPECIAL = [0, -0, 1, -1, Infinity, -Infinity, Number.NaN];
    const tiny = dtype === "float64" ? 5e-324 : 2 ** -149;
    const huge = dtype === "float64" ? Number.MAX_VALUE : 3.4028234663852886e38;
    const values = fc.constantFrom(...SPECIAL, tiny, -tiny, huge, -huge);

    test("one product each: as JavaScript's", () => {
      const all = [...SPECIAL, tiny, -tiny, huge, -huge];
      const [a, b] = [allocate(dtype, all.length), allocate(dtype, all.length)];
      a.set(all);
      b.set(all);
      const y = product(dtype, a, b, { m: all.length, k: 1, n: all.length });
      const round = dtype === "float64" ? (x: number) => x : Math.fround;
      all.forEach((p, i) => {
        // A sum begins with 0, and 0 + -0 is 0.
        all.forEach((q, j) => {
          expect(y[i * all.length + j]).toBe(0 + round(p * q));
        });
      });
    });

    test("sums of them: float64 to the bit; float32 infinite or NaN where an exact sum is", () => {
      fc.assert(
        fc.property(
          fc.array(values, { minLength: 60, maxLength: 60 }),
          fc.constantFrom(...LIES),
          (drawn, lies) => {
            const sizes = { m: 5, k: 6, n: 5 };
            const [a, b] = [allocate(dtype, 30), allocate(dtype, 30)];
            // Finite numbers that overflow on the way are float64's affair.
            const fit = (x: number): number =>
              dtype === "float32" && Math.abs(x) === huge ? Math.sign(x) : x;
            a.set(drawn.slice(0, 30).map(fit));
            b.set(drawn.slice(30).map(fit));
            const expected = defined(a, b, sizes);
            const y = product(dtype, a, b, sizes, lies);
            if (dtype === "float64") expect([...y]).toEqual([...expected]);
            // The sign of what float32 is too coarse for depends on when it is rounded.
            else expect(Array.from(y, (v) => v + 0)).toEqual(Array.from(expected, (v) => Math.fround(v) + 0));
          },
        ),
      );
    });

    test("what is not finite stays in its row and its column", () => {
      const sizes = { m: 9, k: 50, n: 11 };
      const [a, b] = [gaussian(dtype, 450, "a"), gaussian(dtype, 550, "b")];
      a[8 * 50 + 49] = Infinity;
      b[10] = Number.NaN;
      const y = product(dtype, a, b, sizes);
      y.forEach((v, i) => {
        const isHit = i >= 8 * 11 || i % 11 === 10;
        expect(Number.isFinite(v)).toBe(!isHit);
      });
    });
  });
});

/** In units of 2^-300, without rounding: Gaussian numbers are above 2^-40 or so, and have 53 bits. */
const SCALE = 2n ** 300n;

function exact(x: number): bigint {
  return BigInt(x * 2 ** 100) * 2n ** 200n;
}

test("a float32 sum of a hundred thousand tenths is right to the last bit but one", () => {
  const k = 100_000;
  const [a, b] = [new Float32Array(4 * k).fill(0.1), new Float32Array(4 * k).fill(0.1)];
  const y = product("float32", a, b, { m: 4, k, n: 4 });
  const expected = k * Math.fround(0.1) ** 2;
  for (const v of y) expect(Math.abs(v - expected) / expected).toBeLessThan(4e-6);
});

test("a long float32 sum of either sign is as good as a short one", () => {
  const [m, k, n] = [5, 100_000, 8];
  const [a, b] = [gaussian("float32", m * k, "a"), gaussian("float32", k * n, "b")];
  const y = product("float32", a, b, { m, k, n });
  const expected = defined(a, b, { m, k, n });
  // The spread of a sum of k products is sqrt(k), and so is that of errors of runs. Summed in float32 throughout, ten
  // times this would be usual.
  for (let i = 0; i < y.length; i++) expect(Math.abs(y[i]! - expected[i]!)).toBeLessThan(6e-7 * Math.sqrt(k));
});

test("other kinds of number are left to others", () => {
  const y = allocate("int32", 1);
  expect(simdProducts("int32", only(y), only(y), y, { m: 1, k: 1, n: 1 })).toBe(false);
});
