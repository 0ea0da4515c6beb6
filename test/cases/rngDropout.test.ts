/** Kind rng_dropout, under the checker: where a mask comes from decides whether there is a function to differentiate. */
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Tensor } from "../../graph/index.ts";
import { cast, less, mul, square, sum } from "../../ops/index.ts";
import { certifyWith, grad, numpyRandom, ones, Random, random, tensor } from "../../src/index.ts";
import { dropout } from "../../src/nn/index.ts";
import { numbers } from "../support/elementwise.ts";
import { entryOf } from "./entry.ts";

const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);

afterEach(() => {
  vi.restoreAllMocks();
});

type Judged = (x: Tensor, source: unknown) => Tensor;
const training = (x: Tensor, source: Random): Tensor =>
  dropout(x, { keep: 0.5, mode: "training", random: source });

describe("BR-223: seeded, whatever Math.random does", () => {
  const { input } = entryOf("rng_dropout", "BR-223");
  const seed = Number(input["seed"]);
  // NumPy: np.random.seed(7); (np.random.rand(16) < 0.5).astype(int)
  const NUMPY = [1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0];

  test("the mask is NumPy's for NumPy's generator", () => {
    const y = dropout(ones([16]), { keep: 0.5, mode: "training", random: numpyRandom(seed) });
    expect(numbers(y)).toEqual(NUMPY.map((m) => 2 * m));
  });

  test("it is the same after unrelated draws, and draws none of those", () => {
    const spy = vi.spyOn(Math, "random");
    const first = numbers(training(ones([64]), random(seed)));
    expect(spy).not.toHaveBeenCalled();
    for (let k = 0; k < 17; k++) Math.random();
    expect(numbers(training(ones([64]), random(seed)))).toEqual(first);
    vi.restoreAllMocks();
    for (const constant of [0, 0.999]) {
      vi.spyOn(Math, "random").mockReturnValue(constant);
      expect(numbers(training(ones([64]), random(seed)))).toEqual(first);
    }
  });
});

describe("BR-224: twins with one key", () => {
  const { input } = entryOf("rng_dropout", "BR-224");

  test("equal within a step, different across steps; each gradient is its own call's mask", () => {
    const x = ones([32]);
    const masks = Array.from({ length: Number(input["steps"]) }, (_, step) => {
      const branch = (): Random => random(Number(input["seed"]), "twins", step);
      const [a, b] = [training(x, branch()), training(x, branch())];
      expect(numbers(a)).toEqual(numbers(b));
      const both = grad((s: Tensor, t: Tensor) => sum(mul(training(s, branch()), training(t, branch()))))(
        x,
        mul(x, 3),
      );
      // d/ds Σ m s m t = m² t, where both are at 2 or at 0.
      expect(numbers(both[0])).toEqual(numbers(a).map((m) => 3 * m * m));
      expect(numbers(both[1])).toEqual(numbers(b).map((m) => m * m));
      return numbers(a).join();
    });
    expect(new Set(masks).size).toBe(masks.length);
  });

  test("certified as one function of both branches, at every step", () => {
    const twins = (x: Tensor, source: Random): Tensor => {
      const twin = Random.from(source.state());
      return mul(training(square(x), source), training(x, twin));
    };
    for (const seed of SEEDS.slice(0, Number(input["steps"]))) {
      const report = certifyWith({ seed }, twins as Judged, tensor([1, -2, 3, 0.5, 4]), random(seed));
      expect(report.verdict, `${report}`).toBe("agrees");
    }
  });
});

describe("certify", () => {
  const x = random(1).normal([16]);
  const loss = (t: Tensor, source: Random): Tensor => square(training(t, source));

  test("judges a generator among the inputs on the same stream at each evaluation, and leaves it there", () => {
    for (const seed of SEEDS) {
      const source = random(seed);
      for (let drawn = 0; drawn < seed; drawn++) source.uniform([3]);
      const before = source.state();
      const report = certifyWith({ seed, order: 3 }, loss as Judged, x, source);
      expect(report.verdict, `${report}`).toBe("agrees");
      expect(source.state()).toEqual(before);
    }
  });

  test("NumPy's generator likewise", () => {
    const masked = (t: Tensor, source: ReturnType<typeof numpyRandom>): Tensor =>
      square(mul(t, cast(less(source.rand(16), 0.5), "float64")));
    const source = numpyRandom(231);
    const before = source.state();
    expect(certifyWith({}, masked as Judged, x, source).verdict).toBe("agrees");
    expect(source.state()).toEqual(before);
  });

  test("every evaluation sees one mask: the first", () => {
    const seen = new Set<string>();
    const watched = (t: Tensor, source: Random): Tensor => {
      const mask = cast(source.bernoulli([16], 0.5), "float64");
      seen.add(numbers(mask).join());
      return square(mul(t, mask));
    };
    expect(certifyWith({}, watched as Judged, x, random(9)).verdict).toBe("agrees");
    expect([...seen]).toEqual([numbers(cast(random(9).bernoulli([16], 0.5), "float64")).join()]);
  });

  test("a wrong gradient is not excused by a mask", () => {
    const wrong = (t: Tensor, source: Random): Tensor => {
      const detached = tensor(numbers(t));
      return mul(training(t, source), detached);
    };
    for (const seed of SEEDS) {
      expect(certifyWith({ seed }, wrong as Judged, x, random(seed)).verdict).toBe("disagrees");
    }
  });

  test.each<readonly [string, () => (t: Tensor) => Tensor]>([
    [
      "Math.random",
      () => (t) =>
        mul(
          t,
          tensor(
            Array.from(t.data, () => Number(Math.random() < 0.5)),
            { dtype: "float64" },
          ),
        ),
    ],
    [
      "a generator that it closes over",
      () => {
        const source = random(4);
        return (t) => training(t, source);
      },
    ],
    [
      "a clock",
      () => {
        let ticks = 0;
        return (t) => mul(t, ++ticks);
      },
    ],
  ])("a source that is not among the inputs, %s, is impure and not wrong", (_, make) => {
    // Of 64 elements no two masks are alike.
    const wide = random(2).normal([64]);
    for (const seed of SEEDS) {
      const report = certifyWith({ seed }, make(), wide);
      expect(report.verdict, `${report}`).toBe("impure");
      expect(report.findings.map(({ input }) => input)).toEqual(["value"]);
      expect(`${report}`).not.toContain("is wrong");
    }
  });
});
