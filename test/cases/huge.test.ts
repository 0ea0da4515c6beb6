/**
 * Kind overflow_huge_values, and float32 data of all sizes: what is squared, or summed, on the way to a number that is
 * itself quite ordinary.
 */
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../graph/index.ts";
import {
  batchNorm,
  cast,
  concat,
  divOrZero,
  fusedBatchNorm,
  fusedLayerNorm,
  layerNorm,
  maximum,
  mul,
  norm,
  std,
  sum,
  transpose,
  variance,
} from "../../ops/index.ts";
import { grad, jvp, random, vjp } from "../../src/index.ts";
import { expectClose } from "../support/closeness.ts";
import { numbers, vector } from "../support/elementwise.ts";
import { stored } from "../support/fixtures.ts";
import { normalizedByHand } from "./byHand.ts";
import { entryOf } from "./entry.ts";

const EPS = 1e-5;

test("BR-067: a layer of 1e30s", () => {
  const entry = entryOf("overflow_huge_values", "BR-067");
  const x = entry.x["x"]!;
  const eps = Number(entry.input["eps"]);
  const expected = stored(entry.expected["value"], "float32");
  expectClose(fusedLayerNorm(x, 1, 0, { eps }), expected, 1e-6);
  expectClose(
    transpose(fusedBatchNorm(transpose(stored([[...x.data]], "float32")), 1, 0, { eps })),
    stored([[...expected.data]], "float32"),
    1e-6,
  );
  // The composition squares in float32: its documented limit. Widened, it has none.
  expect(numbers(layerNorm(x, 1, 0.5, { eps }))).toEqual([0.5, 0.5, 0.5, 0.5]);
  expectClose(cast(layerNorm(cast(x, "float64"), 1, 0, { eps }), "float32"), expected, 1e-6);
});

describe("clipping by the norm of everything", () => {
  /** g scaled down to a length of at most `most`: 0 / 0 is 0 here, as a gradient of 0 needs no clipping. */
  function clipped(gradients: readonly Tensor[], most: number): readonly Tensor[] {
    const length = norm(concat(gradients.map((g) => norm(g, undefined, { keepDims: true }))));
    const factor = divOrZero(most, maximum(length, most));
    return gradients.map((g) => mul(g, factor));
  }

  test("BR-071: of 1e30s in float32", () => {
    const { input, expected } = entryOf("overflow_huge_values", "BR-071");
    const gradients = (input["g"] as number[][]).map((g) => vector(g, "float32"));
    const found = clipped(gradients, Number(input["clip"]));
    (expected["true"] as number[][]).forEach((g, k) => {
      expectClose(found[k]!, vector(g, "float32"), 1e-6);
    });
  });

  test("BR-072: of nothing to nothing", () => {
    const { input, x, expected } = entryOf("overflow_huge_values", "BR-072");
    const [found] = clipped([x["g"]!], Number(input["max_norm"]));
    expect(numbers(found!)).toEqual(expected["value"]);
    expect(numbers(clipped([vector([3, 4])], 0)[0]!)).toEqual([0, 0]);
    expect(numbers(clipped([vector([3, 4])], 10)[0]!)).toEqual([3, 4]);
  });
});

/** Rows of float32 data: where they lie, and how far apart. */
const DATA: readonly (readonly [mean: number, spread: number])[] = [
  [0, 1],
  [1, 1e-5],
  [1e4, 1],
  [-1e5, 1],
  [1e6, 10],
  [1e6, 0.1],
  [0, 1e-4],
  [0, 1e-12],
  [0, 1e-20],
  [1e19, 1e19],
  [0, 1e25],
  [1e30, 1e28],
  [0, 1e30],
  [0, 5e37],
];
const [ROWS, COLUMNS] = [5, 4];

/** Numbers that float32 has. */
function rowsOf(seed: string, mean: number, spread: number): readonly (readonly number[])[] {
  const { data } = random(1, seed).normal([ROWS, COLUMNS]);
  return Array.from({ length: ROWS }, (_, i) =>
    Array.from({ length: COLUMNS }, (__, j) => Math.fround(mean + spread * data[i * COLUMNS + j]!)),
  );
}

const GAMMA = [1, -2, 0.5, 1.5];
const BETA = [0.25, -0.5, 1, 2];

type Layer = (x: Tensor, gamma: Tensor, beta: Tensor) => Tensor;

/** Both normalise rows; of the batch, gamma and beta are the same for all. */
const LAYERS: Readonly<Record<string, Readonly<Record<"layer" | "batch", Layer>>>> = {
  composed: { layer: layerNorm, batch: (x, g, b) => transpose(batchNorm(transpose(x), g, b)) },
  fused: { layer: fusedLayerNorm, batch: (x, g, b) => transpose(fusedBatchNorm(transpose(x), g, b)) },
};

const narrow = (value: unknown): Tensor => stored(value, "float32");

describe.each(Object.entries(LAYERS))("float32 normalisations, %s", (form, { layer, batch }) => {
  // Beyond 1e19 the composition's squares overflow, as its docs say.
  const data = form === "fused" ? DATA : DATA.filter(([mean, spread]) => mean + spread < 1e18);

  test.each(data)("value and gradients of numbers about %d, %d apart", (mean, spread) => {
    const x = rowsOf("x", mean, spread);
    const yBar = rowsOf("yBar", 0, 1);
    const expected = normalizedByHand(x, GAMMA, BETA, yBar, EPS);
    const [y, back] = vjp(layer, narrow(x), narrow(GAMMA), narrow(BETA));
    const [xBar, gammaBar, betaBar] = back(narrow(yBar));
    expectClose(y, narrow(expected.y), 1e-6);
    expectClose(xBar, narrow(expected.xBar), 2e-6);
    expectClose(gammaBar, narrow(expected.gammaBar), 2e-6);
    expectClose(betaBar, narrow(expected.betaBar), 1e-6);

    const ones = x[0]!.map(() => 1);
    const plain = normalizedByHand(x, ones, ones, yBar, EPS);
    const [byBatch, backBatch] = vjp((t: Tensor) => batch(t, narrow([1]), narrow([1])), narrow(x));
    expectClose(byBatch, narrow(plain.y), 1e-6);
    expectClose(backBatch(narrow(yBar))[0], narrow(plain.xBar), 2e-6);
  });

  test.each(data)("tangents and second derivatives of numbers about %d, %d apart", (mean, spread) => {
    const x = rowsOf("x", mean, spread);
    const w = rowsOf("yBar", 0, 1);
    const v = rowsOf("v", 0, spread);
    const at = (dtype: "float32" | "float64", by: Layer): readonly [Tensor, Tensor] => {
      const [gamma, beta] = [stored(GAMMA, dtype), stored(BETA, dtype)];
      const f = (t: Tensor): Tensor => by(t, gamma, beta);
      const gradient = (t: Tensor): Tensor => grad((u: Tensor) => sum(mul(stored(w, dtype), f(u))))(t)[0];
      const direction = [stored(v, dtype)] as const;
      const input = [stored(x, dtype)] as const;
      return [jvp(f, input, direction)[1], jvp(gradient, input, direction)[1]];
    };
    const exact = at("float64", layerNorm);
    at("float32", layer).forEach((found, k) => {
      expect(found.dtype).toBe("float32");
      expectClose(found, cast(exact[k]!, "float32"), 5e-6);
    });
  });

  test("constant rows of any size are β, with the gradient (γ ȳ - mean γ ȳ) / √eps", () => {
    for (const constant of [0, 1e-30, 0.1, -12345.678, 1e6 / 3, 1e19, -3e38]) {
      const x = [1, 2, 3].map(() => GAMMA.map(() => Math.fround(constant)));
      const yBar = rowsOf("yBar", 0, 1).slice(0, 3);
      const expected = yBar.map((row) => {
        const g = row.map((v, j) => GAMMA[j]! * v);
        const middle = g.reduce((s, v) => s + v) / g.length;
        return g.map((v) => (v - middle) / Math.sqrt(EPS));
      });
      const [y, back] = vjp(layer, narrow(x), narrow(GAMMA), narrow(BETA));
      expect(numbers(y)).toEqual([...BETA, ...BETA, ...BETA]);
      const [xBar, gammaBar] = back(narrow(yBar));
      expectClose(xBar, narrow(expected), 1e-6);
      expect(numbers(gammaBar)).toEqual([0, 0, 0, 0]);
    }
  });
});

test("std and variance of float32 numbers far from 0, or far apart", () => {
  for (const [mean, spread] of DATA) {
    const x = rowsOf("x", mean, spread).flat();
    const middle = x.reduce((s, v) => s + v, 0) / x.length;
    const exact = Math.hypot(...x.map((v) => v - middle)) / Math.sqrt(x.length);
    expect(std(narrow(x)).item() / exact).toBeCloseTo(1, 6);
    if (exact < 1e18 && exact > 1e-18) expect(variance(narrow(x)).item() / exact ** 2).toBeCloseTo(1, 5);
  }
});

test("int32 numbers at both ends of their range are no further apart than they are", () => {
  const x = vector([-(2 ** 31), 2 ** 31 - 1], "int32");
  expect(std(x).item()).toBe(2 ** 31 - 0.5);
  expect(variance(x).item()).toBe((2 ** 31 - 0.5) ** 2);
});
