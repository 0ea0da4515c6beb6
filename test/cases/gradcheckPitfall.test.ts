/** Kind gradcheck_pitfall: checkers that called right gradients wrong, or compared what cannot be compared. */
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../graph/index.ts";
import {
  add,
  batchNorm,
  fusedLayerNorm,
  matmul,
  mul,
  pow,
  relu,
  square,
  stopGradient,
  sub,
  sum,
  tanh,
} from "../../ops/index.ts";
import {
  certify,
  certifyWith,
  customVjp,
  fromData,
  grad,
  type Random,
  type Report,
  random,
  ridders,
  tensor,
  vjp,
} from "../../src/index.ts";
import { dropout } from "../../src/nn/index.ts";
import { expectClose } from "../support/closeness.ts";
import { numbers, vector } from "../support/elementwise.ts";
import { stored } from "../support/fixtures.ts";
import { type Entry, entryOf } from "./entry.ts";

const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);
const ofKind = (id: string): Entry => entryOf("gradcheck_pitfall", id);

/** How well the gradient of one input agreed, at order 1. */
function digitsOf({ findings }: Report, k = 0): number {
  return findings.filter(({ order }) => order === 1)[k]!.digits;
}

/** f with a gradient that is `factor` times what it should be. */
function scaled(f: (x: Tensor) => Tensor, factor: number): (x: Tensor) => Tensor {
  return (x) => customVjp(f, ({ x: [t] }, yBar) => [mul(vjp(f, t)[1](yBar)[0], factor)])(x);
}

describe("BR-210: a linear layer in float32", () => {
  const { x, input, expected } = ofKind("BR-210");
  const linear = (at: Tensor, w: Tensor): Tensor => add(sum(mul(w, at)), Number(input["b"]));
  const [at, w] = [x["x"]!, x["w"]!];

  test("differences in float32 are off by 2 percent, and by nothing to speak of with a larger step", () => {
    const moved = (i: number, by: number): number => {
      const data = numbers(at).map((v, j) => (j === i ? v + by : v));
      return linear(vector(data, "float32"), w).item();
    };
    const exact = expected["exact"] as readonly number[];
    const worst = (h: number): number =>
      Math.max(...exact.map((slope, i) => Math.abs((moved(i, h) - moved(i, -h)) / (2 * h) / slope - 1)));
    expect(worst(1e-6)).toBeGreaterThan(0.004);
    expect(worst(1e-2)).toBeLessThan(1e-4);
  });

  test("certify takes float32 in float64, says so, and agrees to more digits than float32 has", () => {
    for (const seed of SEEDS) {
      const report = certifyWith({ seed }, linear, at, w);
      expect(report.verdict, `${report}`).toBe("agrees");
      expect(report.findings.map(({ dtype }) => dtype)).toContain("float32");
      expect(digitsOf(report)).toBeGreaterThan(8);
    }
    // Of x the gradient is w.
    expectClose(grad(linear)(at, w)[0], stored(expected["exact"], "float32"), 0);
  });

  test("two percent that are real are seen, and less than float32 could show", () => {
    for (const factor of [1.02, 1 + 1e-7]) {
      const wrong = (t: Tensor, u: Tensor): Tensor => linear(scaled((v) => mul(v, 2), factor)(t), u);
      expect(certify(wrong, at, w).verdict).toBe("disagrees");
    }
  });
});

test("BR-211: the error of differences in float32 is not the checker's", () => {
  const { x, expected } = ofKind("BR-211");
  const cube = (t: Tensor): Tensor => pow(t, 3);
  expect(grad((t: Tensor) => sum(cube(t)))(x["x"]!)[0].data[0]).toBe(expected["exact"]);
  const best = Math.min(
    ...Object.values(expected["numeric"] as Record<string, number>).map((v) =>
      Math.abs(v / Number(expected["exact"]) - 1),
    ),
  );
  for (const seed of SEEDS) {
    const report = certifyWith({ seed }, cube, x["x"]!);
    expect(report.verdict, `${report}`).toBe("agrees");
    expect(10 ** -digitsOf(report)).toBeLessThan(best / 100);
  }
});

describe("BR-213: beside a minimum, where rounding of the value is most of a difference", () => {
  const { input, expected } = ofKind("BR-213");
  const at = Number(input["x"]);
  const f = (x: Tensor): Tensor => add(mul(square(sub(x, 1)), 1e3), 5);

  test("the gradient is exact, and never called wrong", () => {
    expectClose(grad(f)(at)[0], tensor(Number(expected["exact"])), 1e-12);
    for (const seed of SEEDS) {
      const report = certifyWith({ seed }, f, tensor(at));
      // It is so small that it may be said to show nothing.
      expect(["agrees", "vacuous"], `${report}`).toContain(report.verdict);
    }
    expect(certify(f, tensor(1)).verdict).not.toBe("disagrees");
  });

  test("nor is one called right there that is wrong", () => {
    for (const seed of SEEDS) {
      expect(certifyWith({ seed }, scaled(f, 1.3), tensor(at)).verdict).not.toBe("agrees");
    }
    expect(certify(scaled(f, 1.3), tensor(2)).verdict).toBe("disagrees");
  });
});

describe("BR-214: a kink of relu nearer than the step", () => {
  const { x, expected } = ofKind("BR-214");
  const f = (t: Tensor): Tensor => sum(relu(t));

  test("the gradient is one, and what is said of the point is that there is a kink", () => {
    expect(numbers(grad(f)(x["x"]!)[0])).toEqual(expected["analytic"]);
    for (const seed of SEEDS) {
      const report = certifyWith({ seed }, f, x["x"]!);
      expect(["agrees", "not differentiable here"], `${report}`).toContain(report.verdict);
    }
  });

  test("wherever the kink is, no right gradient is wrong", () => {
    for (const distance of [0, 1e-12, 1e-9, 1e-8, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2, 0.1]) {
      for (const seed of SEEDS) {
        const report = certifyWith({ seed }, f, vector([distance, 2]));
        expect(report.verdict, `${distance}: ${report}`).not.toBe("disagrees");
        if (distance >= 1e-5) expect(report.verdict, `${distance}: ${report}`).toBe("agrees");
      }
    }
  });

  // Between the reach of the nearest table and that of the next: whoever mends it takes `.fails` away.
  test("not yet: nor where it is 2e-6 of the spread away", () => {
    for (const seed of SEEDS) {
      const report = certifyWith({ seed }, f, vector([2e-6, 2]));
      expect(report.verdict, `${report}`).not.toBe("disagrees");
    }
  });

  test("and a kink is no excuse for an element that has none", () => {
    const wrong = (t: Tensor): Tensor => add(sum(relu(t)), sum(scaled(square, 1.5)(t)));
    for (const seed of SEEDS) expect(certifyWith({ seed }, wrong, x["x"]!).verdict).toBe("disagrees");
  });
});

describe("BR-215: inputs are as they were, whatever was tried", () => {
  const { x, input, expected } = ofKind("BR-215");
  const f = (t: Tensor): Tensor => square(sum(t));

  test("every entry's difference is taken from the same point", () => {
    const at = x["x"]!;
    const value = expected["value"] as readonly number[];
    const found = value.map(
      (_, i) =>
        ridders(
          (h) => f(vector(numbers(at).map((v, j) => (j === i ? v + h : v)))).item(),
          Number(input["eps"]),
        ).value,
    );
    expectClose(vector(found), vector(value), 1e-12);
    expectClose(grad(f)(at)[0], vector(value), 0);
    expect(numbers(at)).toEqual(expected["x_after"]);
  });

  test("certify moves copies: neither numbers nor memory of what it is given change", () => {
    const data = Float64Array.from(expected["x_after"] as readonly number[]);
    const at = fromData([3], "float64", data);
    for (const subject of [f, scaled(f, 1.1), (t: Tensor) => sum(relu(sub(t, 2)))]) certify(subject, at);
    expect(at.data).toBe(data);
    expect([...data]).toEqual(expected["x_after"]);
  });

  test("a function that writes to its input is told so", () => {
    const leaving = (t: Tensor): Tensor => {
      const y = square(sum(t));
      if (ArrayBuffer.isView(t.data)) new Float64Array(t.data.buffer, t.data.byteOffset, 1)[0]! -= 0.1;
      return y;
    };
    const report = certify(leaving, vector([1, 2, 3]));
    expect(report.verdict).toBe("impure");
    expect(`${report}`).toContain("inputs are left as they were");
  });
});

describe("BR-216: dropout under the checker", () => {
  const { x, input, expected } = ofKind("BR-216");
  const keep = 1 - Number(input["p"]);
  const { mask, grad: xBar } = expected["grad_example"] as Readonly<Record<"mask" | "grad", number[]>>;
  const dropped = (t: Tensor, source: Random): Tensor =>
    sum(dropout(t, { keep, mode: "training", random: source }));

  test("with a mask of each call's own it is impure, and told what to do", () => {
    // Sixteen elements: of four, every sixteenth pair of masks is one mask.
    const wide = vector(Array.from({ length: 16 }, (_, k) => k + 1));
    for (const seed of SEEDS) {
      const source = random(seed, "global");
      const report = certify((t: Tensor) => dropped(t, source), wide);
      expect(report.verdict, `${report}`).toBe("impure");
      expect(`${report}`).toContain("pass generators as inputs");
    }
  });

  // Two calls that happen to agree are taken for a function: whoever mends it takes `.fails` away.
  test("not yet: of few elements too", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const source = random(seed, "global");
      expect(certify((t: Tensor) => dropped(t, source), x["x"]!).verdict).toBe("impure");
    }
  });

  test("with a mask that stays it agrees", () => {
    const fixed = (t: Tensor): Tensor => sum(mul(t, vector(mask.map((m) => m / keep))));
    expect(numbers(grad(fixed)(x["x"]!)[0])).toEqual(xBar);
    for (const seed of SEEDS) expect(certifyWith({ seed }, fixed, x["x"]!).verdict).toBe("agrees");
  });

  test("with the source among the inputs, too", () => {
    for (const seed of SEEDS) {
      const report = certifyWith(
        { seed },
        dropped as (t: Tensor, s: unknown) => Tensor,
        x["x"]!,
        random(seed),
      );
      expect(["agrees", "vacuous"], `${report}`).toContain(report.verdict);
    }
  });
});

test("BR-218: a layer that keeps its mask on itself goes back through the mask of the call", () => {
  const { x, input, expected } = ofKind("BR-218");
  const keep = 1 - Number(input["p"]);
  const layer = {
    mask: vector([]),
    dropout(t: Tensor): Tensor {
      return mul(t, mul(layer.mask, 1 / keep));
    },
  };
  const calls = (input["masks"] as readonly number[][]).map((mask) => {
    layer.mask = vector(mask);
    return vjp((t: Tensor) => sum(layer.dropout(t)), x["x"]!)[1];
  });
  const { x: xBar } = expected["grad"] as { x: number[] };
  expect(numbers(calls[0]!(1)[0])).toEqual(xBar);
  expect(numbers(calls[0]!(1)[0])).not.toEqual(expected["reject"]);
  expect(numbers(calls[1]!(1)[0])).toEqual(expected["reject"]);
  // What is pulled back late, after others, is what it would have been at once.
  expect(numbers(calls[0]!(1)[0])).toEqual(xBar);
});

describe("BR-220: the same seed gives the same numbers, and another seed no failure", () => {
  const runs = Number(ofKind("BR-220").input["runs"]);
  const dense = (x: Tensor, w: Tensor): Tensor => tanh(batchNorm(matmul(x, w), 1, 0));
  const suite: readonly (readonly [name: string, f: (x: Tensor, w: Tensor) => Tensor])[] = [
    ["a loss", (x, w) => sum(square(dense(x, w)))],
    ["fused layer norm", (x, w) => fusedLayerNorm(matmul(x, w), 1, 0)],
  ];

  test.each(suite)("%s", { timeout: 300_000 }, (_, f) => {
    for (let seed = 1; seed <= runs; seed++) {
      const from = random(seed, "data");
      const [x, w] = [from.normal([5, 3]), from.normal([3, 4])];
      const report = certifyWith({ seed }, f, x, w);
      expect(report.verdict, `${report}`).toBe("agrees");
      if (seed % 20 !== 0) continue;
      expect(JSON.stringify(certifyWith({ seed }, f, x, w))).toBe(JSON.stringify(report));
    }
  });

  test("the data need no seed of the checker's: nothing that it draws moves a generator of the user's", () => {
    const mine = random(5);
    const before = mine.state();
    const global = Math.random;
    let draws = 0;
    Math.random = () => {
      draws++;
      return global();
    };
    try {
      certify((x: Tensor) => square(sub(x, stopGradient(mul(x, 0)))), vector([1, 2, 3]));
    } finally {
      Math.random = global;
    }
    expect(draws).toBe(0);
    expect(mine.state()).toEqual(before);
  });
});
