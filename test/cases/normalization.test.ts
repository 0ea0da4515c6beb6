/**
 * Kinds variance_cancellation, norm_backward_formula, eps_placement, batchnorm_n1, and a transposed cotangent of
 * view_layout: normalisations that lost digits, or whose backward was wrong.
 */
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../graph/errors.ts";
import type { Tensor } from "../../graph/index.ts";
import {
  add,
  batchNorm,
  batchNormInference,
  div,
  fusedBatchNorm,
  fusedLayerNorm,
  groupNorm,
  layerNorm,
  mean,
  mul,
  norm,
  sqrt,
  square,
  sum,
  transpose,
  variance,
} from "../../ops/index.ts";
import { grad, vjp } from "../../src/index.ts";
import { expectClose } from "../support/closeness.ts";
import { numbers } from "../support/elementwise.ts";
import { stored } from "../support/fixtures.ts";
import { type Entry, entryOf, expectEntry, type Loss } from "./entry.ts";

const FORMS = {
  composed: { bn: batchNorm, ln: layerNorm },
  fused: { bn: fusedBatchNorm, ln: fusedLayerNorm },
};

function epsOf({ input }: Entry): { readonly eps: number } {
  return { eps: Number(input["eps"]) };
}

function gradOf({ expected }: Entry, name: string): Tensor {
  return stored((expected["grad"] as Readonly<Record<string, unknown>>)[name]);
}

describe.each(Object.entries(FORMS))("variance_cancellation, %s", (_, { bn, ln }) => {
  test("BR-056: a batch with a mean of 100,000 times its spread", () => {
    const entry = entryOf("variance_cancellation", "BR-056");
    expectClose(bn(entry.x["x"]!, 1, 0, epsOf(entry)), stored(entry.expected["value"], "float32"), 1e-6);
    expect(variance(entry.x["x"]!).item() / Number(entry.expected["var"])).toBeCloseTo(1, 6);
  });

  test.each(["BR-060", "BR-061"])("%s: a row far from 0", (id) => {
    const entry = entryOf("variance_cancellation", id);
    expectClose(ln(entry.x["x"]!, 1, 0, epsOf(entry)), stored(entry.expected["value"], "float32"), 1e-6);
  });

  test("BR-064: over one element, gamma has no part in it", () => {
    const entry = entryOf("variance_cancellation", "BR-064");
    const { x, gamma, beta, dy } = entry.x;
    const layer = (t: Tensor, g: Tensor, b: Tensor): Tensor => ln(t, g, b, epsOf(entry));
    const [y, back] = vjp(layer, x!, gamma!, beta!);
    expect(numbers(y)).toEqual([3, 3]);
    const bars = back(dy!);
    ["x", "gamma", "beta"].forEach((name, k) => {
      expect(numbers(bars[k]!)).toEqual(numbers(gradOf(entry, name)));
    });
  });

  test("BR-066: where the batch lies makes no difference", () => {
    const entry = entryOf("variance_cancellation", "BR-066");
    const { x, shifted } = entry.x;
    const y = bn(x!, 1, 0, epsOf(entry));
    expectClose(y, stored(entry.expected["value"], "float32"), 1e-6);
    expect(numbers(bn(shifted!, 1, 0, epsOf(entry)))).toEqual(numbers(y));
  });
});

describe("norm_backward_formula", () => {
  test("BR-078: group norm of images", () => {
    const entry = entryOf("norm_backward_formula", "BR-078");
    const { x, gamma, beta, dy } = entry.x;
    const layer = (t: Tensor, g: Tensor, b: Tensor): Tensor => groupNorm(t, 2, g, b, epsOf(entry));
    const [y, back] = vjp(layer, x!, gamma!, beta!);
    expectClose(y, stored(entry.expected["value"]), 1e-12);
    const bars = back(dy!);
    ["x", "gamma", "beta"].forEach((name, k) => {
      expectClose(bars[k]!, gradOf(entry, name), 1e-12);
    });
  });

  test("BR-079: neighbouring channels make a group", () => {
    const entry = entryOf("norm_backward_formula", "BR-079");
    const { x, gamma, beta, dy } = entry.x;
    const layer = (g: Tensor, b: Tensor): Tensor => groupNorm(x!, 2, g, b, epsOf(entry));
    const [y, back] = vjp(layer, gamma!, beta!);
    expectClose(y, stored(entry.expected["value"]), 1e-12);
    const [gammaBar, betaBar] = back(dy!);
    expectClose(gammaBar, gradOf(entry, "gamma"), 1e-12);
    expectClose(betaBar, gradOf(entry, "beta"), 1e-12);
  });

  test("BR-080: eps in a denominator is there in the backward, too", () => {
    const loss: Loss = ({ x, w, eps }) => sum(div(mul(w!, x!), add(norm(x!), eps!)));
    expectEntry(entryOf("norm_backward_formula", "BR-080"), loss);
  });

  test.each(Object.entries(FORMS))("BR-081, %s: a gradient that nearly vanishes", (_, { ln }) => {
    const entry = entryOf("norm_backward_formula", "BR-081");
    const loss = (x: Tensor): Tensor => mul(0.5, sum(square(ln(x, 1, 0, epsOf(entry)))));
    const { x } = entry.x;
    expect(loss(x!).item()).toBeCloseTo(Number(entry.expected["value"]), 5);
    const found = grad(loss)(x!)[0];
    const expected = gradOf(entry, "x");
    const tolerance = Number(entry.expected["abs_tol_float32"]);
    numbers(found).forEach((v, i) => {
      expect(Math.abs(v - expected.data[i]!)).toBeLessThan(tolerance);
    });
    // In float64 there are digits to compare.
    expectClose(grad(loss)(stored(entry.input["x"]))[0], expected, 1e-9);
  });

  test.each(Object.entries(FORMS))("BR-082, %s: the backward is linear", (_, { bn }) => {
    const entry = entryOf("norm_backward_formula", "BR-082");
    const { x, gamma, beta, dy, scale } = entry.x;
    const [, back] = vjp((t: Tensor, g: Tensor, b: Tensor) => bn(t, g, b, epsOf(entry)), x!, gamma!, beta!);
    const [xBar, gammaBar, betaBar] = back(dy!);
    expectClose(gammaBar, gradOf(entry, "gamma"), 1e-12);
    const scaled = back(mul(dy!, scale!));
    expectClose(scaled[1], stored((entry.expected["grad_scaled"] as { gamma: unknown }).gamma), 1e-12);
    [xBar, gammaBar, betaBar].forEach((bar, k) => {
      expectClose(scaled[k]!, mul(bar, scale!), 1e-12);
    });
  });

  test("BR-083: statistics have gradients like anything else", () => {
    const loss: Loss = ({ x, a, b }) => add(mul(a!, mean(x!)), mul(b!, variance(x!)));
    expectEntry(entryOf("norm_backward_formula", "BR-083"), loss);
  });
});

describe.each(Object.entries(FORMS))("eps_placement, %s", (_, { bn, ln }) => {
  test("BR-085: a constant row has a large gradient, and a finite one", () => {
    const entry = entryOf("eps_placement", "BR-085");
    expectEntry(entry, ({ x, w }) => sum(mul(w!, ln(x!, 1, 0, epsOf(entry)))));
  });

  test("a constant row, by batch and by layer, wherever it lies: (γ ȳ - mean γ ȳ) / √eps", () => {
    const w = stored([1, -2, 3, 0.5]);
    const mu = (1 - 2 + 3 + 0.5) / 4;
    const expected = [1, -2, 3, 0.5].map((v) => (2 * (v - mu)) / Math.sqrt(1e-5));
    for (const constant of [0, 0.1, -3.7, 12345.678, 1e9]) {
      const row = stored([constant, constant, constant, constant]);
      const column = stored([[constant], [constant], [constant], [constant]]);
      const byLayer = (x: Tensor): Tensor => sum(mul(w, ln(x, 2, 0)));
      const byBatch = (x: Tensor): Tensor => sum(mul(w, transpose(bn(x, 2, 0))));
      expectClose(grad(byLayer)(row)[0], stored(expected), 1e-12);
      expectClose(grad(byBatch)(column)[0], stored(expected.map((v) => [v])), 1e-12);
    }
  });

  test("BR-086: inside the root, as the docs say", () => {
    const { expected, x, input } = entryOf("eps_placement", "BR-086");
    const eps = Number(input["eps"]);
    const inside = div(x["x"]!, sqrt(add(sum(square(x["x"]!)), eps)));
    const outside = div(x["x"]!, add(norm(x["x"]!), eps));
    expect(inside.item()).toBeCloseTo(Number(expected["inside"]), 14);
    expect(outside.item()).toBeCloseTo(Number(expected["outside"]), 14);
    // Two samples, ±3e-5 about their mean: σ² = 9e-10, less than a tenth of eps.
    const y = bn(stored([[3e-5], [-3e-5]]), 1, 0, { eps });
    expectClose(y, stored([[Number(expected["inside"])], [-Number(expected["inside"])]]), 1e-12);
    expectClose(ln(stored([3e-5, -3e-5]), 1, 0, { eps }), stored([y.data[0], y.data[1]]), 1e-12);
  });

  test("BR-087: eps reaches the kernel", () => {
    const entry = entryOf("eps_placement", "BR-087");
    expectClose(ln(entry.x["x"]!, 1, 0, epsOf(entry)), stored(entry.expected["value"], "float32"), 1e-6);
    expectClose(
      bn(transpose(entry.x["x"]!), 1, 0, epsOf(entry)),
      transpose(stored(entry.expected["value"], "float32")),
      1e-6,
    );
  });
});

describe("batchnorm_n1", () => {
  /** Running statistics, `rate` of the new and the rest of the old, with the unbiased variance. */
  function updated(old: Tensor, batch: Tensor, rate: number): Tensor {
    return add(mul(1 - rate, old), mul(rate, batch));
  }

  test.each(Object.entries(FORMS))(
    "BR-093, %s: one value a channel is refused, with the remedy",
    (_, { bn }) => {
      const { x } = entryOf("batchnorm_n1", "BR-093");
      const batch = x["x"]!;
      expect(() => bn(batch, 1, 0)).toThrow(ShapeError);
      expect(() => bn(batch, 1, 0)).toThrow(/more than one value a channel.*running statistics/);
      expect(() => bn(stored([[[[3]], [[4]]]]), 1, 0, { axes: [0, 2, 3] })).toThrow(ShapeError);
      // Nor is there an unbiased variance of one value; what was running is untouched.
      expect(() => variance(batch, 0, { correction: 1 })).toThrow(ShapeError);
      const statistics = { mean: x["running_mean"]!, variance: x["running_var"]! };
      expectClose(batchNormInference(batch, statistics, 1, 0, { eps: 0 }), batch, 1e-15);
      expect(numbers(statistics.variance)).toEqual([1, 1]);
    },
  );

  test.each(Object.entries(FORMS))("BR-094, %s: pixels count", (_, { bn }) => {
    const entry = entryOf("batchnorm_n1", "BR-094");
    const { x, running_mean: runningMean, running_var: runningVar } = entry.x;
    const axes = [0, 2, 3];
    expectClose(bn(x!, 1, 0, { axes, ...epsOf(entry) }), stored(entry.expected["value"]), 1e-12);
    const rate = Number(entry.input["momentum"]);
    expectClose(updated(runningMean!, mean(x!, axes), rate), stored(entry.expected["running_mean"]), 1e-12);
    expectClose(
      updated(runningVar!, variance(x!, axes, { correction: 1 }), rate),
      stored(entry.expected["running_var"]),
      1e-12,
    );
  });

  test("BR-096: with running statistics one value is enough", () => {
    const entry = entryOf("batchnorm_n1", "BR-096");
    const layer: Loss = ({ x, gamma, beta, running_mean: mu, running_var: v }) =>
      batchNormInference(x!, { mean: mu!, variance: v! }, gamma!, beta!, epsOf(entry));
    expectClose(layer(entry.x), stored(entry.expected["value"]), 1e-15);
    expectEntry(entry, (x) => sum(layer(x)));
  });
});

test.each(Object.entries(FORMS))("view_layout BR-192, %s: a transposed cotangent", (_, { bn }) => {
  const entry = entryOf("view_layout", "BR-192");
  const w = entry.x["w"]!;
  // The entry gives gamma, beta and eps in its formula.
  const x = { x: entry.x["x"]!, gamma: stored([2, 0.5]), beta: stored([0.1, 0.2]), w };
  const loss: Loss = (t) => sum(mul(t["w"]!, transpose(bn(t["x"]!, t["gamma"]!, t["beta"]!))));
  expectEntry({ ...entry, x }, loss);
});
