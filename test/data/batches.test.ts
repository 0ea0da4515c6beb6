import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batches, sampled, shuffled, splitRows, takeRows } from "../../src/data/index.ts";
import {
  ArgumentError,
  add,
  DTypeError,
  fromData,
  grad,
  IndexError,
  numpyRandom,
  random,
  ShapeError,
  sum,
  type Tensor,
  tensor,
} from "../../src/index.ts";

interface Data {
  readonly x: Tensor;
  readonly labels: Tensor;
  readonly more: readonly [Tensor, { readonly mask: Tensor }];
}

/** Rows that know their number, in every tensor. */
function data(n: number): Data {
  const numbers = Int32Array.from({ length: n }, (_, i) => i);
  return {
    x: fromData(
      [n, 2, 1],
      "float64",
      Float64Array.from({ length: 2 * n }, (_, i) => i / 2),
    ),
    labels: fromData([n], "int32", numbers),
    more: [
      fromData([n, 0], "float32", new Float32Array(0)),
      {
        mask: fromData(
          [n, 1],
          "bool",
          Uint8Array.from(numbers, (i) => i % 2),
        ),
      },
    ],
  };
}

/** Which rows these are; each the same row in every tensor. */
function rowsIn(part: Data): number[] {
  const rows = Array.from(part.labels.data);
  expect(part.x.shape).toEqual([rows.length, 2, 1]);
  expect(part.x.dtype).toBe("float64");
  expect(Array.from(part.x.data)).toEqual(rows.flatMap((i) => [i, i + 0.5]));
  expect(part.more[0].shape).toEqual([rows.length, 0]);
  expect(part.more[0].dtype).toBe("float32");
  expect(Array.from(part.more[1].mask.data)).toEqual(rows.map((i) => i % 2));
  return rows;
}

function ascending(rows: readonly number[]): number[] {
  return [...rows].sort((a, b) => a - b);
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

const PERMUTATION = [6, 5, 8, 9, 2, 3, 1, 4, 0, 7];
const CHOICES = [
  [7, 0, 4],
  [9, 6, 2],
  [7, 4, 1],
];

const N = fc.integer({ min: 0, max: 40 });
const SIZE = fc.integer({ min: 1, max: 12 });
const SEED = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const SOURCE = fc.constantFrom(random, numpyRandom);

describe("batches", () => {
  test("in order: all rows, once, in batches of one size but the last", () => {
    fc.assert(
      fc.property(N, SIZE, fc.boolean(), (n, size, dropLast) => {
        fc.pre(!dropLast || n === 0 || n >= size);
        const parts = [...batches(data(n), size, { dropLast })].map(rowsIn);
        expect(parts.flat()).toEqual(upTo(dropLast ? n - (n % size) : n));
        parts.slice(0, -1).forEach((part) => {
          expect(part).toHaveLength(size);
        });
        if (n > 0) expect(parts.at(-1)).toHaveLength(dropLast || n % size === 0 ? size : n % size);
      }),
    );
  });

  test("in random order: every row exactly once, and again for the same seed", () => {
    fc.assert(
      fc.property(N, SIZE, SEED, SOURCE, (n, size, seed, source) => {
        const drawn = (): number[] => [...batches(data(n), size, { random: source(seed) })].flatMap(rowsIn);
        expect(ascending(drawn())).toEqual(upTo(n));
        expect(drawn()).toEqual(drawn());
      }),
    );
  });

  test("with replacement: as many full batches as fit, one at least", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), SIZE, SEED, SOURCE, (n, size, seed, source) => {
        const parts = [...batches(data(n), size, { random: source(seed), replace: true })].map(rowsIn);
        expect(parts).toHaveLength(Math.max(1, Math.floor(n / size)));
        for (const part of parts) expect(part).toHaveLength(size);
        expect(parts.flat().every((row) => row >= 0 && row < n)).toBe(true);
      }),
    );
  });

  test("a source that goes on gives another order", () => {
    const source = random(231);
    const first = [...batches(data(30), 7, { random: source })].flatMap(rowsIn);
    const second = [...batches(data(30), 7, { random: source })].flatMap(rowsIn);
    expect(first).not.toEqual(second);
  });

  test("draws what NumPy draws", () => {
    // np.random.RandomState(231).permutation(10), and three draws of choice(10, 3) of the same seed.
    const order = [...batches(data(10), 4, { random: numpyRandom(231) })].flatMap(rowsIn);
    expect(order).toEqual(PERMUTATION);
    const drawn = [...batches(data(10), 3, { random: numpyRandom(231), replace: true })].map(rowsIn);
    expect(drawn).toEqual(CHOICES);
  });

  test("draws each batch when it is asked for", () => {
    const source = numpyRandom(231);
    const parts = batches(data(10), 3, { random: source, replace: true });
    expect(source.state()).toEqual(numpyRandom(231).state());
    parts.next();
    const reference = numpyRandom(231);
    reference.choice(10, [3]);
    expect(source.state()).toEqual(reference.state());
  });

  test("a lone tensor is data too", () => {
    expect([...batches(tensor([1, 2, 3]), 2)].map((x) => x.toArray())).toEqual([[1, 2], [3]]);
  });

  test("refuses before the first batch is asked for", () => {
    for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "2", null, undefined]) {
      expect(() => batches(data(4), size as never)).toThrow(ArgumentError);
    }
    for (const options of [
      { shuffle: true },
      { random: 231 },
      { random: Math.random },
      { dropLast: 1 },
      { replace: true },
      { replace: "no" },
      null,
    ]) {
      expect(() => batches(data(4), 2, options as never)).toThrow(ArgumentError);
    }
    expect(() => batches(data(4), 5, { dropLast: true })).toThrow("size to be at most 4");
    expect(() => batches(data(0), 5, { random: random(1), replace: true })).toThrow(ArgumentError);
    const uneven = { x: tensor([[1], [2]]), labels: { y: tensor([1, 2, 3]) } };
    expect(() => batches(uneven, 1)).toThrow(ShapeError);
    expect(() => batches(uneven, 1)).toThrow("batches: 2 rows in data.labels.y, as in data.x, got 3");
    expect(() => batches({ x: tensor([1]), rate: tensor(0.1) }, 1)).toThrow(ShapeError);
    expect(() => batches({ x: tensor([1]), rate: 0.1 }, 1)).toThrow(ShapeError);
    for (const nothing of [{}, [], null, "data", { name: "cifar" }, new Map()]) {
      expect(() => batches(nothing as never, 1)).toThrow(ArgumentError);
    }
  });
});

describe("shuffled", () => {
  test("has every row once, and the same order for the same seed", () => {
    fc.assert(
      fc.property(N, SEED, SOURCE, (n, seed, source) => {
        const rows = rowsIn(shuffled(data(n), source(seed)));
        expect(ascending(rows)).toEqual(upTo(n));
        expect(rowsIn(shuffled(data(n), source(seed)))).toEqual(rows);
      }),
    );
    expect(rowsIn(shuffled(data(10), numpyRandom(231)))).toEqual(PERMUTATION);
  });

  test("leaves what it was given alone", () => {
    const whole = data(9);
    shuffled(whole, random(1));
    expect(rowsIn(whole)).toEqual(upTo(9));
  });

  test("needs a source", () => {
    for (const source of [undefined, null, 231, Math.random, {}]) {
      expect(() => shuffled(data(3), source as never)).toThrow(ArgumentError);
    }
    expect(() => shuffled(tensor(1), random(1))).toThrow(ShapeError);
  });
});

describe("sampled", () => {
  test("draws rows that there are, several times or once", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        SEED,
        SOURCE,
        (n, count, seed, source) => {
          const rows = rowsIn(sampled(data(n), count, source(seed)));
          expect(rows).toHaveLength(count);
          expect(rows.every((row) => row >= 0 && row < n)).toBe(true);
          expect(rowsIn(sampled(data(n), count, source(seed)))).toEqual(rows);
          if (count > n) return;
          const once = rowsIn(sampled(data(n), count, source(seed), { replace: false }));
          expect(new Set(once).size).toBe(count);
        },
      ),
    );
  });

  test("draws what NumPy draws", () => {
    expect(rowsIn(sampled(data(10), 3, numpyRandom(231)))).toEqual(CHOICES[0]);
    const once = sampled(data(10), 4, numpyRandom(231), { replace: false });
    expect(rowsIn(once)).toEqual(PERMUTATION.slice(0, 4));
  });

  test("refuses more rows than there are", () => {
    expect(() => sampled(data(3), 4, random(1), { replace: false })).toThrow(ArgumentError);
    expect(() => sampled(data(0), 1, random(1))).toThrow(ArgumentError);
    expect(rowsIn(sampled(data(0), 0, random(1)))).toEqual([]);
    for (const count of [-1, 0.5, Number.NaN, "1"]) {
      expect(() => sampled(data(3), count as never, random(1))).toThrow(ArgumentError);
    }
    expect(() => sampled(data(3), 1, random(1), { replacement: false } as never)).toThrow(ArgumentError);
    expect(() => sampled(data(3), 1, 231 as never)).toThrow(ArgumentError);
  });
});

describe("splitRows and takeRows", () => {
  test("cut and pick", () => {
    const [train, none, rest] = splitRows(data(10), [7, 0, 3]);
    expect([train, none, rest].map((part) => rowsIn(part!))).toEqual([upTo(7), [], [7, 8, 9]]);
    expect(rowsIn(takeRows(data(5), [4, -5, 4]))).toEqual([4, 0, 4]);
    expect(rowsIn(takeRows(data(5), tensor(Int32Array.of(1))))).toEqual([1]);
    expect(rowsIn(takeRows(data(5), []))).toEqual([]);
  });

  test("put together again give the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 6 }), (sizes) => {
        const n = sizes.reduce((a, b) => a + b, 0);
        expect(splitRows(data(n), sizes).flatMap(rowsIn)).toEqual(upTo(n));
      }),
    );
  });

  test("do not break a tape", () => {
    // d/dx of the sum of rows 1 and 2, and of row 0 twice: ones where they are.
    const x = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(grad((t: Tensor) => sum(splitRows(t, [1, 2])[1]!))(x)[0].toArray()).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
    ]);
    expect(grad((t: Tensor) => sum(takeRows(t, [0, 0])))(x)[0].toArray()).toEqual([
      [2, 2],
      [0, 0],
      [0, 0],
    ]);
  });

  test("nor do random rows", () => {
    // Ones, as every row comes once; of six rows, as often as each was drawn.
    const x = tensor([1, 2, 3, 4]);
    expect(grad((t: Tensor) => sum(shuffled(t, random(1))))(x)[0].toArray()).toEqual([1, 1, 1, 1]);
    const total = (t: Tensor): Tensor => {
      const [first, second] = [...batches(t, 2, { random: random(1) })];
      return add(sum(first!), sum(second!));
    };
    expect(grad(total)(x)[0].toArray()).toEqual([1, 1, 1, 1]);
    const drawn = grad((t: Tensor) => sum(sampled(t, 6, random(1))))(x)[0];
    expect(sum(drawn).item()).toBe(6);
  });

  test("refuse sizes and rows that are none", () => {
    for (const sizes of [[1], [3, 3], []]) expect(() => splitRows(data(5), sizes)).toThrow(ShapeError);
    for (const sizes of [5, null, [2.5, 2.5], [6, -1], ["5"]]) {
      expect(() => splitRows(data(5), sizes as never)).toThrow(ArgumentError);
    }
    expect(() => takeRows(data(5), [5])).toThrow(IndexError);
    expect(() => takeRows(data(5), [[1]] as never)).toThrow(ShapeError);
    expect(() => takeRows(data(5), tensor([1]))).toThrow(DTypeError);
    expect(() => takeRows(data(5), [0.5])).toThrow(ArgumentError);
    expect(() => takeRows(data(5), [0.5])).toThrow(/^takeRows: /);
    expect(() => takeRows(data(5), [5])).toThrow(/^takeRows: /);
  });
});
