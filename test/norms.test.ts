/** Normalisations against the course's fixtures and published figures. */
import { describe, expect, test } from "vitest";
import { fromData, type Tensor } from "../graph/index.ts";
import {
  batchNorm,
  batchNormInference,
  fusedBatchNorm,
  fusedLayerNorm,
  layerNorm,
  mean,
  variance,
} from "../ops/index.ts";
import { vjp } from "../src/index.ts";
import { MT19937 } from "../src/random/mt19937.ts";
import { expectClose, relError } from "./support/closeness.ts";
import { courseFixture, type StoredArray, stored } from "./support/fixtures.ts";

const FORMS = {
  composed: { bn: batchNorm, ln: layerNorm },
  fused: { bn: fusedBatchNorm, ln: fusedLayerNorm },
};

/** Printed digits: agreement to half a unit of the last decimal that was printed. */
function expectPrinted(actual: Tensor, printed: readonly number[], decimals = 8): void {
  printed.forEach((p, i) => {
    expect(actual.data[i]).toBeCloseTo(p, decimals);
  });
}

function std(x: Tensor, axis: number): Tensor {
  const v = variance(x, axis);
  return fromData(v.shape, "float64", Float64Array.from(v.data, Math.sqrt));
}

interface Forward {
  readonly inputs: { readonly a: StoredArray };
  readonly expected: {
    readonly a_mean: StoredArray;
    readonly a_std: StoredArray;
    readonly cases: readonly {
      readonly gamma: number[];
      readonly beta: number[];
      readonly out: StoredArray;
    }[];
  };
  readonly published: Readonly<Record<string, readonly number[]>>;
}

interface Backward {
  readonly inputs: Readonly<Record<"x" | "gamma" | "beta" | "dout", StoredArray>>;
  readonly expected: Readonly<Record<string, StoredArray>>;
}

describe.each(Object.entries(FORMS))("%s", (_, { bn, ln }) => {
  test("fixture 01: batch norm forward in training, to all published digits", () => {
    const { inputs, expected, published } = courseFixture<Forward>("01_bn_forward_train");
    const a = stored(inputs.a);
    expectPrinted(mean(a, 0), published["a_mean"]!);
    expectPrinted(std(a, 0), published["a_std"]!);
    expected.cases.forEach(({ gamma, beta, out }, k) => {
      const y = bn(a, stored(gamma), stored(beta));
      expectClose(y, stored(out));
      for (const [j, b] of beta.entries()) expect(Math.abs(mean(y, 0).data[j]! - b)).toBeLessThan(1e-13);
      expectPrinted(std(y, 0), published[`case${k}_out_std`]!);
    });
  });

  test("fixture 03: batch norm backward, and the published errors against differences", () => {
    const { inputs, expected } = courseFixture<Backward>("03_bn_backward");
    const [y, back] = vjp(bn, stored(inputs.x), stored(inputs.gamma), stored(inputs.beta));
    const [dx, dgamma, dbeta] = back(stored(inputs.dout));
    expectClose(y, stored(expected["out"]), 1e-14);
    expectClose(dx, stored(expected["dx"]), 1e-13);
    expectClose(dgamma, stored(expected["dgamma"]), 1e-14);
    expectClose(dbeta, stored(expected["dbeta"]), 1e-14);
    // What notebooks print; dx's last digits depend on the order of rounding and lie in a published band.
    const dxError = relError(dx, stored(expected["dx_numeric_h1e-5"]));
    expect(dxError).toBeGreaterThan(1.6674604875341426e-9);
    expect(dxError).toBeLessThan(1.7029289562086044e-9);
    expect(relError(dgamma, stored(expected["dgamma_numeric"]))).toBe(7.420414216247087e-13);
    expect(relError(dbeta, stored(expected["dbeta_numeric"]))).toBe(2.8795057655839487e-12);
  });

  test("fixture 04: batch norm backward at (100, 500), column by column", () => {
    const { inputs, expected } = courseFixture<{
      readonly inputs: Readonly<Record<string, StoredArray>>;
      readonly expected: Readonly<Record<string, StoredArray>>;
    }>("04_bn_backward_alt");
    const { x, gamma, beta, dout } = drawn(100, 500);
    expectClose(gamma, stored(inputs["gamma"]), 1e-14);
    const [, back] = vjp(bn, x, gamma, beta);
    const [dx, dgamma, dbeta] = back(dout);
    expectClose(dgamma, stored(expected["dgamma"]), 1e-10);
    expectClose(dbeta, stored(expected["dbeta"]), 1e-10);
    for (const j of [0, 499]) {
      const column = Float64Array.from({ length: 100 }, (_, i) => dx.data[i * 500 + j]!);
      expectClose(fromData([100], "float64", column), stored(expected[`dx_col${j}`]), 1e-10);
    }
  });

  test("fixture 06: layer norm forward, to all published digits", () => {
    const { inputs, expected, published } = courseFixture<Forward>("06_ln_forward");
    const a = stored(inputs.a);
    expectPrinted(mean(a, 1), published["a_mean"]!);
    expectPrinted(std(a, 1), published["a_std"]!);
    expected.cases.forEach(({ gamma, beta, out }, k) => {
      const y = ln(a, stored(gamma), stored(beta));
      expectClose(y, stored(out));
      expectPrinted(std(y, 1), published[`case${k}_std`]!);
    });
  });

  test("fixture 07: layer norm backward", () => {
    const { inputs, expected } = courseFixture<Backward>("07_ln_backward");
    const [y, back] = vjp(ln, stored(inputs.x), stored(inputs.gamma), stored(inputs.beta));
    const [dx, dgamma, dbeta] = back(stored(inputs.dout));
    expectClose(y, stored(expected["out"]), 1e-14);
    expectClose(dx, stored(expected["dx"]), 1e-13);
    expectClose(dgamma, stored(expected["dgamma"]), 1e-14);
    expectClose(dbeta, stored(expected["dbeta"]), 1e-14);
    expect(relError(dx, stored(expected["dx_numeric_h1e-5"]))).toBeLessThan(2.107279147162234e-9);
    expect(relError(dgamma, stored(expected["dgamma_numeric"]))).toBe(4.519489546032799e-12);
    expect(relError(dbeta, stored(expected["dbeta_numeric"]))).toBe(2.276445013433725e-12);
  });

  test("layer norm is batch norm of the transpose", () => {
    const { inputs } = courseFixture<Backward>("07_ln_backward");
    const x = stored(inputs.x);
    const turned = fromData(
      [5, 4],
      "float64",
      Float64Array.from({ length: 20 }, (_, k) => x.data[(k % 4) * 5 + (k >> 2)]!),
    );
    const a = ln(x, 1, 0);
    const b = bn(turned, 1, 0);
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 5; j++) expect(a.data[i * 5 + j]).toBeCloseTo(b.data[j * 4 + i]!, 14);
  });
});

test("fixture 02: batch norm in evaluation mode, with running statistics", () => {
  const { inputs, expected, published } = courseFixture<{
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly expected: Readonly<Record<string, StoredArray>>;
    readonly published: { readonly out_mean: number[]; readonly out_std: number[] };
  }>("02_bn_forward_test");
  const statistics = {
    mean: stored(expected["running_mean"]),
    variance: stored(expected["running_var"]),
  };
  const y = batchNormInference(
    stored(inputs["a_test"]),
    statistics,
    stored(inputs["gamma"]),
    stored(inputs["beta"]),
  );
  expectClose(y, stored(expected["out"]));
  expectPrinted(mean(y, 0), published.out_mean);
  expectPrinted(std(y, 0), published.out_std);
});

/** The recipe of fixtures 03, 04 and 07. */
function drawn(n: number, d: number): Readonly<Record<"x" | "gamma" | "beta" | "dout", Tensor>> {
  const rng = new MT19937(231);
  const normal = (...shape: number[]): Tensor => {
    const data = new Float64Array(shape.reduce((a, b) => a * b));
    rng.fillRandn(data);
    return fromData(shape, "float64", data);
  };
  const x = normal(n, d);
  return {
    x: fromData(
      [n, d],
      "float64",
      Float64Array.from(x.data, (v) => 5 * v + 12),
    ),
    gamma: normal(d),
    beta: normal(d),
    dout: normal(n, d),
  };
}
