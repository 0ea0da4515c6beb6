import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ArgumentError } from "../graph/index.ts";
import { MT19937 } from "../src/random/mt19937.ts";
import { Stream, stream } from "../src/random/stream.ts";

interface Draws {
  uint32: number[];
  rand: number[];
  randn: number[];
  randint10: number[];
  choice1000: number[];
  mixed: { randn_a: number[]; randint7: number[]; rand: number[]; randn_b: number[] };
}

interface Digest {
  first5: number[];
  last5: number[];
  sum: number;
  sumsq: number;
  min: number;
  max: number;
}

/** What NumPy drew: fixtures/cs231n/00_rng_legacy.json. */
const fixture: { expected: { "231": Draws; "123": Draws; randn_million_seed231: Digest } } = JSON.parse(
  readFileSync(new URL("fixtures/cs231n/00_rng_legacy.json", import.meta.url), "utf8"),
);
const { randn_million_seed231: million, ...seeds } = fixture.expected;

function times<T>(n: number, draw: () => T): T[] {
  return Array.from({ length: n }, draw);
}

/** Math.log is not the C library's to the last bit, so normal deviates are not either. */
function expectNear(actual: ArrayLike<number>, expected: readonly number[], relative: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value), `at ${i}`).toBeLessThanOrEqual(relative * Math.abs(value));
  });
}

describe.each(Object.entries(seeds))("MT19937 against NumPy, seed %s", (seed, expected) => {
  const fresh = () => new MT19937(Number(seed));

  test("words, uniform deviates and integers, bit for bit", () => {
    const words = fresh();
    expect(times(expected.uint32.length, () => words.uint32())).toEqual(expected.uint32);
    const uniform = fresh();
    expect(times(expected.rand.length, () => uniform.rand())).toEqual(expected.rand);
    const integers = fresh();
    expect(times(expected.randint10.length, () => integers.randint(10))).toEqual(expected.randint10);
    const choices = fresh();
    expect(times(expected.choice1000.length, () => choices.choice(1000))).toEqual(expected.choice1000);
  });

  test("normal deviates", () => {
    const generator = fresh();
    expectNear(
      times(expected.randn.length, () => generator.randn()),
      expected.randn,
      1e-14,
    );
  });

  test("the waiting normal deviate survives other draws", () => {
    const generator = fresh();
    const { mixed } = expected;
    expectNear(
      times(3, () => generator.randn()),
      mixed.randn_a,
      1e-14,
    );
    expect(times(3, () => generator.randint(7))).toEqual(mixed.randint7);
    expect(times(2, () => generator.rand())).toEqual(mixed.rand);
    expectNear(
      times(3, () => generator.randn()),
      mixed.randn_b,
      1e-14,
    );
  });
});

describe("MT19937", () => {
  test("a million normal deviates", () => {
    const drawn = new MT19937(231).fillRandn(new Float64Array(1_000_000));
    expectNear(drawn.subarray(0, 5), million.first5, 1e-14);
    expectNear(drawn.subarray(-5), million.last5, 1e-14);
    let sum = 0;
    let sumOfSquares = 0;
    let min = Infinity;
    let max = -Infinity;
    for (const x of drawn) {
      sum += x;
      sumOfSquares += x * x;
      min = Math.min(min, x);
      max = Math.max(max, x);
    }
    expectNear([sum, sumOfSquares, min, max], [million.sum, million.sumsq, million.min, million.max], 1e-10);
  });

  // The expected values of the next three tests: NumPy 2.4, RandomState(seed).
  test("permutation and shuffle", () => {
    const generator = new MT19937(231);
    expect(generator.permutation(10)).toEqual(Int32Array.of(6, 5, 8, 9, 2, 3, 1, 4, 0, 7));
    expect(generator.permutation(5)).toEqual(Int32Array.of(4, 0, 3, 2, 1));
    expect(generator.rand()).toBe(0.5498098214008316);

    const items = times(20, () => "").map((_, i) => `item ${i}`);
    const other = new MT19937(123);
    other.randn();
    other.shuffle(items);
    expect(items).toEqual(
      [4, 7, 5, 19, 3, 16, 8, 13, 15, 14, 12, 0, 1, 18, 9, 11, 10, 17, 6, 2].map((i) => `item ${i}`),
    );
    expectNear([other.randn(), other.randn()], [0.9973454465835858, 1.4913896261242878], 1e-14);

    const small = new MT19937(0);
    expect([...small.permutation(10).subarray(0, 4)]).toEqual([2, 8, 4, 9]);
    expect([...small.permutation(1), ...small.permutation(0)]).toEqual([0]);
    expect(small.rand()).toBe(0.4375872112626925);
  });

  test("the largest seed, ranges up to 2^32, and a range of one that draws nothing", () => {
    const generator = new MT19937(2 ** 32 - 1);
    expect(times(3, () => generator.randint(2 ** 32))).toEqual([419326371, 479346978, 3918654476]);
    expect(times(3, () => generator.randint(1))).toEqual([0, 0, 0]);
    expect(times(10, () => generator.randint(2))).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 1, 0]);
    expect(times(2, () => generator.randint(2 ** 31))).toEqual([839661675, 627568395]);
    expect(times(4, () => generator.randint(3 * 2 ** 30))).toEqual([
      3003590858, 733371533, 2378279350, 2804808791,
    ]);
  });

  test("the state is NumPy's", () => {
    const generator = new MT19937(123);
    generator.fillRandn(new Float64Array(701));
    const { key, position, cachedNormal } = generator.state();
    expect(key.slice(0, 3)).toEqual([3514513800, 1762480501, 1157884475]);
    expect(key.slice(-3)).toEqual([3965862154, 1468907931, 1547572519]);
    expect(key.reduce((a, b) => (a ^ b) >>> 0)).toBe(3673542116);
    expect(position).toBe(520);
    expectNear([cachedNormal!], [-0.9484986261940769], 1e-14);
  });

  test.each([1, 2, 7, 1000])("%d draws in bulk are as many single draws", (n) => {
    const bulk = new MT19937(5);
    const single = new MT19937(5);
    for (let round = 0; round < 3; round++) {
      expect([...bulk.fillRandn(new Float64Array(n))]).toEqual(times(n, () => single.randn()));
      expect([...bulk.fillRand(new Float64Array(n))]).toEqual(times(n, () => single.rand()));
      expect([...bulk.fillRandint(new Int32Array(n), 10)]).toEqual(times(n, () => single.randint(10)));
    }
    expect(bulk.state()).toEqual(single.state());
  });

  test.each([0, 1, 311, 312, 623, 624, 1001])("resumes from JSON after %d words", (words) => {
    const generator = new MT19937(7);
    generator.randn();
    for (let i = 0; i < words; i++) generator.uint32();
    const saved = JSON.stringify(generator.state());
    const draw = (from: MT19937) => [
      ...times(3, () => from.randn()),
      ...times(700, () => from.uint32()),
      ...from.permutation(9),
    ];
    const expected = draw(generator);
    expect(draw(MT19937.from(JSON.parse(saved)))).toEqual(expected);
  });

  test("a state is a copy", () => {
    const generator = new MT19937(7);
    const state = generator.state();
    const text = JSON.stringify(state);
    const resumed = MT19937.from(state);
    times(1000, () => generator.randn());
    times(1000, () => resumed.randn());
    expect(JSON.stringify(state)).toBe(text);
  });

  test.each([-1, 1.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])("refuses the seed %d", (seed) => {
    expect(() => new MT19937(seed)).toThrow(
      new ArgumentError("MT19937", "a seed that is an integer from 0 to 2^32 - 1", `${seed}`),
    );
  });

  test("refuses ranges that are empty, fractional or too large", () => {
    const generator = new MT19937(0);
    const before = generator.state();
    expect(() => generator.randint(0)).toThrow(
      new ArgumentError("MT19937.randint", "n to be an integer from 1 to 4294967296", "0"),
    );
    expect(() => generator.choice(2.5)).toThrow(
      new ArgumentError("MT19937.choice", "n to be an integer from 1 to 4294967296", "2.5"),
    );
    expect(() => generator.fillRandint(new Int32Array(1), 2 ** 31 + 1)).toThrow(
      new ArgumentError("MT19937.fillRandint", "n to be an integer from 1 to 2147483648", "2147483649"),
    );
    expect(() => generator.permutation(-1)).toThrow(
      new ArgumentError("MT19937.permutation", "n to be an integer from 0 to 2^31", "-1"),
    );
    expect(generator.state()).toEqual(before);
  });

  test("refuses a state that no generator can have", () => {
    const good = new MT19937(0).state();
    const broken = (change: object) => () => MT19937.from({ ...good, ...change });
    expect(broken({ key: [1, 2] })).toThrow(
      "MT19937.from: state.key to be an array of 624 integers, got an array of length 2",
    );
    expect(broken({ key: good.key.with(3, -1) })).toThrow("from 0 to 2^32 - 1, got -1 at 3");
    expect(broken({ key: good.key.map(() => 0) })).toThrow("a state.key that is not all zeros");
    expect(broken({ position: 625 })).toThrow("state.position to be an integer from 0 to 624, got 625");
    expect(broken({ cachedNormal: Number.NaN })).toThrow("to be a finite number, or null, got NaN");
  });
});

describe("stream", () => {
  test("xoshiro128** gives the published sequence from the state 1, 2, 3, 4", () => {
    const generator = Stream.from({ words: [1, 2, 3, 4], cachedGaussian: null });
    expect(times(10, () => generator.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  // np.random.SeedSequence(words).generate_state(4), NumPy 2.4; words: the seed in two halves, low first, then for a
  // string 2, its length and its UTF-16 units, for an integer 1 and its two halves.
  test("starts where NumPy's SeedSequence says", () => {
    const start = (seed: number, ...labels: (string | number)[]) => stream(seed, ...labels).state().words;
    expect(start(0)).toEqual([2968811710, 3677149159, 745650761, 2884920346]);
    expect(start(231)).toEqual([1037939113, 810117925, 3235965582, 2804218747]);
    expect(start(231, "data")).toEqual([3090257931, 1548523669, 363499166, 713521797]);
    expect(start(231, "directions", 3)).toEqual([745527114, 3984735419, 920467632, 2627745613]);
    expect(start(231, "directions", -3)).toEqual([2735540692, 844295887, 2824464082, 3544159555]);
    expect(start(-1, "", 2 ** 40 + 7)).toEqual([4003679514, 1561071692, 386649758, 112194575]);
    expect(start(2 ** 53 - 1, "ζ🎲")).toEqual([3105096357, 3545899057, 464335999, 2476314015]);
  });

  test("names that look alike are different streams; the same name is the same stream", () => {
    const names: (string | number)[][] = [
      [],
      [0],
      [0, 0],
      [""],
      ["", ""],
      ["0"],
      ["ab", "c"],
      ["a", "bc"],
      ["abc"],
      [3],
      ["3"],
      [-3],
      [3 + 2 ** 32],
      ["a", 3],
      [3, "a"],
    ];
    const starts = names.map((name) =>
      stream(1, ...name)
        .state()
        .words.join(),
    );
    expect(new Set(starts).size).toBe(names.length);
    expect(stream(1, "a", 3).state()).toEqual(stream(1, "a", 3).state());
  });

  // Bounds of five standard errors; the seeds are fixed, so the tests cannot flicker.
  const N = 200_000;
  const bound = 5 / Math.sqrt(N);

  test("uniform deviates have the moments of the uniform distribution", () => {
    const generator = stream(231, "uniform");
    const x = times(N, () => generator.uniform());
    expect(x.every((u) => u >= 0 && u < 1)).toBe(true);
    expect(Math.abs(mean(x) - 1 / 2)).toBeLessThan(bound / Math.sqrt(12));
    expect(Math.abs(mean(x.map((u) => u * u)) - 1 / 3)).toBeLessThan(bound * Math.sqrt(4 / 45));
    expect(new Set(x).size).toBe(N);
  });

  test("Gaussian deviates have the moments of the normal distribution", () => {
    const generator = stream(231, "gaussian");
    const x = times(N, () => generator.gaussian());
    expect(Math.abs(mean(x))).toBeLessThan(bound);
    expect(Math.abs(mean(x.map((g) => g ** 2)) - 1)).toBeLessThan(bound * Math.sqrt(2));
    expect(Math.abs(mean(x.map((g) => g ** 3)))).toBeLessThan(bound * Math.sqrt(15));
    expect(Math.abs(mean(x.map((g) => g ** 4)) - 3)).toBeLessThan(bound * Math.sqrt(96));
    // Both members of a pair, which share a radius and an angle.
    expect(Math.abs(mean(x.slice(1).map((g, i) => g * x[i]!)))).toBeLessThan(bound);
  });

  test("integers are evenly spread, also where rejection is needed", () => {
    const generator = stream(231, "integer");
    const counts = new Float64Array(5);
    for (let i = 0; i < N; i++) counts[generator.integer(5)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - N / 5) ** 2 / (N / 5), 0);
    expect(chiSquare).toBeLessThan(18.5); // 4 degrees of freedom: exceeded once in a thousand
    expect(times(50, () => generator.integer(2 ** 32)).some((i) => i >= 2 ** 31)).toBe(true);
    const before = generator.state();
    expect(generator.integer(1)).toBe(0);
    expect(generator.state()).toEqual(before);
  });

  test.each([
    ["seeds", stream(1, "data"), stream(2, "data")],
    ["names", stream(1, "data"), stream(1, "directions")],
    ["numbers", stream(1, "directions", 3), stream(1, "directions", 4)],
    ["a stream and its part", stream(1, "directions"), stream(1, "directions", 0)],
  ])("streams of different %s are uncorrelated", (_, a, b) => {
    const x = times(N, () => a.gaussian());
    const y = times(N, () => b.gaussian());
    expect(Math.abs(mean(x.map((g, i) => g * y[i]!)))).toBeLessThan(bound);
    expect(Math.abs(mean(x.map((g, i) => (g * g - 1) * (y[i]! ** 2 - 1))))).toBeLessThan(2 * bound);
  });

  test("first draws of numbered streams are a sample too", () => {
    const x = Array.from({ length: N }, (_, i) => stream(231, "directions", i).uniform());
    expect(Math.abs(mean(x) - 1 / 2)).toBeLessThan(bound / Math.sqrt(12));
    expect(Math.abs(mean(x.slice(1).map((u, i) => (u - 0.5) * (x[i]! - 0.5))))).toBeLessThan(bound / 12);
  });

  test("resumes from JSON", () => {
    const generator = stream(7, "data");
    generator.gaussian();
    const saved = JSON.stringify(generator.state());
    const draw = (from: Stream) => times(5, () => [from.gaussian(), from.uniform(), from.integer(10)]);
    const expected = draw(generator);
    expect(draw(Stream.from(JSON.parse(saved)))).toEqual(expected);
  });

  test("refuses what is not an integer, naming it", () => {
    expect(() => stream(0.5)).toThrow(
      new ArgumentError("stream", "a seed that is an integer within ±(2^53 - 1)", "0.5"),
    );
    expect(() => stream(1, "data", 2 ** 53)).toThrow(
      new ArgumentError(
        "stream",
        "labels that are strings, or an integer within ±(2^53 - 1)",
        "9007199254740992",
      ),
    );
    expect(() => stream(1).integer(0)).toThrow(
      new ArgumentError("Stream.integer", "n to be an integer from 1 to 2^32", "0"),
    );
    expect(() => Stream.from({ words: [0, 0, 0, 0], cachedGaussian: null })).toThrow(
      "not all 0, got [0,0,0,0]",
    );
    expect(() => Stream.from({ words: [1, 2, 3, 0.5], cachedGaussian: null })).toThrow("got [1,2,3,0.5]");
    expect(() => Stream.from({ words: [1, 2, 3, 4], cachedGaussian: Number.NaN })).toThrow(
      "or null, got NaN",
    );
  });
});

function mean(x: readonly number[]): number {
  return x.reduce((sum, value) => sum + value, 0) / x.length;
}
