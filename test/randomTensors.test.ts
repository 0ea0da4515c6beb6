import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  add,
  DTypeError,
  mul,
  NumPyRandom,
  numpyRandom,
  Random,
  random,
  ShapeError,
  type Tensor,
} from "../src/index.ts";

interface Call {
  name: string;
  dist: string;
  shape: number[];
  scale?: number;
  shift?: number;
}

interface Digest {
  shape: number[];
  first5: number[];
  last5: number[];
  sum: number;
  sumsq: number;
  min: number;
  max: number;
}

/** What the course's own NumPy code drew, and how it drew it. */
interface Fixture {
  recipe: { seed: number; calls: Call[] };
  inputs: Record<string, { shape: number[]; data: number[] }>;
  digests?: Record<string, Digest>;
}

function fixture(name: string): Fixture {
  return JSON.parse(
    readFileSync(new URL(`fixtures/cs231n/${name}.json`, import.meta.url), "utf8"),
  ) as Fixture;
}

/** Math.log is not the C library's to the last bit, so normal deviates are not either. */
function expectNear(actual: Iterable<number>, expected: readonly number[], relative = 1e-14): void {
  const numbers = [...actual];
  expect(numbers.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(numbers[i]! - value), `at ${i}`).toBeLessThanOrEqual(relative * Math.abs(value));
  });
}

function expectDigest({ shape, data }: Tensor, digest: Digest): void {
  const numbers = [...data];
  expect(shape).toEqual(digest.shape);
  expectNear(numbers.slice(0, 5), digest.first5);
  expectNear(numbers.slice(-5), digest.last5);
  expectNear([Math.min(...numbers), Math.max(...numbers)], [digest.min, digest.max]);
  const total = (f: (x: number) => number): number => numbers.reduce((sum, x) => sum + f(x), 0);
  // A sum in another order than NumPy's: relative to what was added up.
  const scale = total(Math.abs);
  expect(Math.abs(total((x) => x) - digest.sum)).toBeLessThanOrEqual(1e-14 * scale);
  expectNear([total((x) => x * x)], [digest.sumsq], 1e-12);
}

describe("numpyRandom", () => {
  test.each(["01_bn_forward_train", "03_bn_backward", "04_bn_backward_alt", "06_ln_forward"])(
    "draws the inputs of %s",
    (name) => {
      const { recipe, inputs, digests = {} } = fixture(name);
      const source = numpyRandom(recipe.seed);
      const checked = recipe.calls.filter(({ name: input, dist, shape, scale = 1, shift = 0 }) => {
        expect(dist).toBe("randn");
        const x = add(mul(source.randn(...shape), scale), shift);
        const known = inputs[input];
        const digest = digests[input];
        if (known !== undefined) {
          expect(x.shape).toEqual(known.shape);
          expectNear(x.data, known.data);
        }
        if (digest !== undefined) expectDigest(x, digest);
        return known !== undefined || digest !== undefined;
      });
      expect(checked.length).toBe(recipe.calls.length);
    },
  );

  // NumPy 2.4, r = RandomState(231), in this order.
  test("draws what NumPy draws", () => {
    const r = numpyRandom(231);
    expect(r.rand(2, 2).toArray()).toEqual([
      [0.78149404082882, 0.5842091160855433],
      [0.426710070189125, 0.3153446949154163],
    ]);
    const integers = r.randint(-3, 5, [2, 3]);
    expect(integers.dtype).toBe("int32");
    expect(integers.toArray()).toEqual([
      [4, 1, -1],
      [-2, -1, -1],
    ]);
    expect(r.choice(10, [4], { replace: false }).toArray()).toEqual([0, 9, 5, 6]);
    expect(r.permutation(5).toArray()).toEqual([4, 2, 0, 1, 3]);
    expect(r.uniform(-1, 2, [3]).toArray()).toEqual([
      -0.007101407641863178, 1.2260523086609991, 0.9199802477489603,
    ]);
    expectNear(r.normal(5, 2, [3]).data, [5.219400492626413, 6.495231104137135, 9.293314895382167]);
    expect(r.choice(1000, [2, 2]).toArray()).toEqual([
      [935, 13],
      [286, 380],
    ]);
    const scalar = r.randn();
    expect(scalar.shape).toEqual([]);
    expectNear(scalar.data, [-0.028049877693210233]);
  });

  test("goes on from a state that went through JSON", () => {
    const r = numpyRandom(7);
    r.randn(3);
    const again = NumPyRandom.from(JSON.parse(JSON.stringify(r.state())));
    expect(again.randn(5).toArray()).toEqual(r.randn(5).toArray());
  });

  test("refuses what is no seed, shape or range", () => {
    expect(() => numpyRandom(-1)).toThrow(ArgumentError);
    expect(() => numpyRandom(0.5)).toThrow(
      "numpyRandom: a seed that is an integer from 0 to 2^32 - 1, got 0.5",
    );
    const r = numpyRandom(0);
    const before = JSON.stringify(r.state());
    expect(() => r.randn(2, -1)).toThrow(ShapeError);
    expect(() => r.rand(Number.NaN)).toThrow(ShapeError);
    expect(() => r.randint(3, 3)).toThrow("randint: low < high, from -2^31 to 2^31, got 3 and 3");
    expect(() => r.randint(0, 1.5)).toThrow(ArgumentError);
    expect(() => r.choice(3, [2, 2], { replace: false })).toThrow(
      "choice: at most 3 of 3 without replacement, got 4",
    );
    expect(() => r.permutation(1.5)).toThrow(ShapeError);
    expect(JSON.stringify(r.state())).toBe(before);
  });
});

describe("random", () => {
  test("one seed and labels, one sequence; others, others", () => {
    const draw = (...labels: (string | number)[]): unknown =>
      random(231, ...labels)
        .normal([4])
        .toArray();
    expect(draw("W1")).toEqual(draw("W1"));
    expect(draw("W1")).not.toEqual(draw("W2"));
    expect(draw()).not.toEqual(draw(0));
  });

  test("there is no hidden state: nothing else moves a source", () => {
    const a = random(1);
    const b = random(1);
    random(1).normal([100]);
    numpyRandom(1).randn(100);
    Math.random();
    expect(a.normal([3]).toArray()).toEqual(b.normal([3]).toArray());
    expect(a.normal([3]).toArray()).not.toEqual(random(1).normal([3]).toArray());
  });

  test("float32 draws are the float64 ones, rounded", () => {
    const wide = random(5).normal([50], { mean: 3, std: 0.5 });
    const narrow = random(5).normal([50], { mean: 3, std: 0.5, dtype: "float32" });
    expect(narrow.dtype).toBe("float32");
    expect(narrow.toArray()).toEqual([...wide.data].map(Math.fround));
  });

  // Five standard errors; the seeds are fixed, so this cannot flicker.
  test("moments", () => {
    const n = 100_000;
    const mean = (x: Tensor): number => [...x.data].reduce((sum, value) => sum + value, 0) / n;
    const source = random(231);
    expect(Math.abs(mean(source.normal([n], { mean: 2, std: 3 })) - 2)).toBeLessThan((5 * 3) / Math.sqrt(n));
    expect(Math.abs(mean(source.uniform([n], { low: -1, high: 3 })) - 1)).toBeLessThan(
      (5 * 4) / Math.sqrt(12 * n),
    );
    expect(Math.abs(mean(source.integers([n], { low: -2, high: 3 })))).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(mean(source.bernoulli([n], 0.9)) - 0.9)).toBeLessThan((5 * 0.3) / Math.sqrt(n));
  });

  test("ranges and dtypes", () => {
    const source = random(3);
    const u = source.uniform([1000], { low: 5, high: 6 });
    expect(Math.min(...u.data)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...u.data)).toBeLessThan(6);
    const k = source.integers([200], { high: 3 });
    expect(k.dtype).toBe("int32");
    expect(new Set(k.data)).toEqual(new Set([0, 1, 2]));
    expect(source.bernoulli([3], 1).toArray()).toEqual([true, true, true]);
    expect(source.bernoulli([3], 0).toArray()).toEqual([false, false, false]);
    const order = source.permutation(50);
    expect([...order.data].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect([...order.data]).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(source.normal([0, 2]).shape).toEqual([0, 2]);
    expect(source.permutation(0).shape).toEqual([0]);
  });

  test("goes on from a state that went through JSON", () => {
    const source = random(7, "data");
    source.normal([3]);
    const again = Random.from(JSON.parse(JSON.stringify(source.state())));
    expect(again.normal([5]).toArray()).toEqual(source.normal([5]).toArray());
  });

  test("refuses what makes no sense, and draws nothing then", () => {
    expect(() => random(0.5)).toThrow(ArgumentError);
    expect(() => random(1, 0.5)).toThrow(ArgumentError);
    const source = random(1);
    const before = source.state();
    expect(() => source.normal([2], { std: -1 })).toThrow(
      "random.normal: a std that is not negative, got -1",
    );
    expect(() => source.normal([2], { mean: Number.NaN })).toThrow(ArgumentError);
    expect(() => source.normal([2.5])).toThrow(ShapeError);
    expect(() => source.uniform([2], { dtype: "int32" })).toThrow(DTypeError);
    expect(() => source.integers([2], { low: 3, high: 3 })).toThrow(ArgumentError);
    expect(() => source.bernoulli([2], 1.5)).toThrow(ArgumentError);
    expect(() => source.permutation(-1)).toThrow(ArgumentError);
    expect(source.state()).toEqual(before);
  });
});
