import { describe, expect, test } from "vitest";
import {
  abs,
  add,
  batchNorm,
  cast,
  certify,
  certifyWith,
  clamp,
  fused,
  fusedBatchNorm,
  fusedLayerNorm,
  type Inputs,
  layerNorm,
  matmul,
  max,
  mean,
  mul,
  NotDifferentiableError,
  type Random,
  random,
  relu,
  ridders,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  take,
  tensor,
} from "../src/index.ts";
import { directions } from "./draw.ts";
import { registration } from "./outside/rmsNorm.ts";
import { BATCH_NORM_PLANTS } from "./planted/batchNorm.ts";

const draw = directions(11, "certify");
const like = (...shape: number[]): Tensor => draw({ shape, dtype: "float64" });

describe("right derivatives agree", () => {
  test.each<[string, Tensor, Tensor, readonly number[]]>([
    ["(N, D)", like(6, 3), like(3), [0]],
    ["NCHW", like(4, 2, 3, 3), like(2), [0, 2, 3]],
    ["NHWC", like(4, 3, 3, 2), like(2), [0, 1, 2]],
    ["mean a million times the spread", tensor(Array.from(like(8).data, (v) => [1e6 + v])), like(1), [0]],
    ["spread of 1e-4", mul(like(8, 2), 1e-4), like(2), [0]],
  ])("batch norm, %s", (_, x, gamma, axes) => {
    for (let seed = 1; seed <= 5; seed++) {
      const f = (a: Tensor, b: Tensor, c: Tensor): Tensor => batchNorm(a, b, c, { axes });
      const g = (a: Tensor, b: Tensor, c: Tensor): Tensor => fusedBatchNorm(a, b, c, { axes });
      expect(String(certifyWith({ seed }, f, x, gamma, gamma))).toContain("agrees");
      expect(certifyWith({ seed }, g, x, gamma, gamma).verdict).toBe("agrees");
    }
  });

  test("layer norm, composed and fused", () => {
    expect(certify(layerNorm, like(4, 5), like(5), like(5)).verdict).toBe("agrees");
    const report = certify(fusedLayerNorm, like(4, 5), like(5), like(5));
    expect(report.verdict).toBe("agrees");
    const layers = report.findings.map((f) => `${f.order}${f.checks.map((c) => c.layer).join("")}`);
    expect(layers).toEqual("0BHHHH 1ABC 1ABC 1ABC 2AC 2AC 2AC".split(" "));
  });

  test("a network whose hidden bias batch norm makes irrelevant", () => {
    const net = ({ W, b, gamma }: Readonly<Record<"W" | "b" | "gamma", Tensor>>, x: Tensor): Tensor =>
      mean(square(relu(batchNorm(matmul(x, W), gamma, b))));
    const hidden = ({ W, b }: Readonly<Record<"W" | "b", Tensor>>, x: Tensor): Tensor =>
      batchNorm(sub(matmul(x, W), b), 1, 0);
    expect(certify(net, { W: like(3, 4), b: like(4), gamma: like(4) }, like(8, 3)).verdict).toBe("agrees");
    expect(certify(hidden, { W: like(3, 4), b: like(4) }, like(8, 3)).verdict).toBe("agrees");
  });

  test("integer inputs are held fixed, float32 ones taken in float64", () => {
    const f = (x: Tensor, i: Tensor): Tensor => square(take(x, i, 0));
    const report = certify(f, cast(like(5), "float32"), tensor([0, 3], { dtype: "int32" }));
    expect(report.verdict).toBe("agrees");
    expect(report.findings.map(({ input, dtype, order }) => [input, dtype, order])).toEqual([
      ["value", "float64", 0],
      ["input 0", "float32", 1],
      ["input 0", "float32", 2],
    ]);
  });
});

describe("a wrong backward of batch norm is reported, on ten seeds of ten", () => {
  // Right at first order, and found out by the order 2 checks.
  const SECOND_ORDER = ["statistics saved as constants", "the mean saved as a constant"];

  test.each(BATCH_NORM_PLANTS.map(({ what, op }) => [what, op] as const))("%s", (what, op) => {
    const expected = what.endsWith("nothing is wrong") ? "agrees" : "disagrees";
    const order = SECOND_ORDER.some((hidden) => what.endsWith(hidden)) ? 2 : 1;
    for (const [shape, channel, axes] of [
      [[8, 4, 6, 6], [4], [0, 2, 3]],
      [[6, 3], [3], [0]],
    ] as const) {
      for (let seed = 1; seed <= 10; seed++) {
        const params = { axes, eps: 1e-5 };
        const report = certifyWith<Inputs, unknown>(
          { seed, params },
          op,
          like(...shape),
          like(...channel),
          like(...channel),
        );
        expect(report.verdict).toBe(expected);
        if (expected === "agrees") continue;
        const faulty = report.findings.filter(({ verdict }) => verdict === "disagrees");
        expect(new Set(faulty.map((finding) => finding.order))).toEqual(new Set([order]));
      }
    }
  });
});

describe("where there is nothing to agree on", () => {
  test.each<[string, (x: Tensor) => Tensor, number]>([
    ["relu at 0", relu, 0],
    ["abs at 0", abs, 0],
    ["sqrt at 0", sqrt, 0],
    ["clamp at a bound", (x) => clamp(x, { min: 0 }), 0],
    ["the largest of two that tie", (x) => max(x), 2],
  ])("%s is not differentiable", (_, f, at) => {
    expect(certify(f, tensor([1, at, 2])).verdict).toBe("not differentiable here");
  });

  test("a kink is shown with its slopes on both sides", () => {
    const [, finding] = certify((x: Tensor) => relu(x), tensor(0)).findings;
    const { left, right, derivative } = finding!.slopes!;
    expect(Math.min(Math.abs(left), Math.abs(right))).toBe(0);
    expect(Math.max(Math.abs(left), Math.abs(right))).toBeGreaterThan(0.1);
    expect(derivative).toBe(0);
  });

  test("a kink nearby is no kink here", () => {
    expect(certify(relu, tensor([1e-3, -1e-3, 2])).verdict).toBe("agrees");
  });

  test("a loss that sums a batch norm's output shows nothing", () => {
    const report = certify((x: Tensor) => sum(batchNorm(x, 1, 0)), like(6, 3));
    expect(report.verdict).toBe("vacuous");
    expect(String(report)).toContain("nothing was shown");
  });

  test("a gradient that is cut on purpose disagrees with the function", () => {
    const report = certify((x: Tensor) => mul(x, stopGradient(x)), like(4));
    expect(report.verdict).toBe("disagrees");
    const wrong = report.findings.find(({ verdict }) => verdict === "disagrees");
    expect(wrong?.limitedBy).toContain("differences");
    const worst = wrong?.checks.find(({ layer }) => layer === "C")?.worst;
    expect(worst?.expected).toBeCloseTo(2 * worst!.value, 6);
  });

  test("no float input, or no float result, is an error", () => {
    expect(() => certify((i: Tensor) => mul(i, 2), tensor([1], { dtype: "int32" }))).toThrow(
      NotDifferentiableError,
    );
    expect(() => certify((x: Tensor) => cast(x, "int32"), like(3))).toThrow("float result");
  });
});

describe("purity", () => {
  test("a function that draws from a source of its own is impure, not wrong", () => {
    let calls = 0;
    const report = certify((x: Tensor) => mul(x, ++calls), like(3));
    expect(report.verdict).toBe("impure");
    expect(String(report)).toContain("pass generators as inputs");
  });

  test("a generator among the inputs gives every call the same numbers, and is not drawn from", () => {
    const dropout = (x: Tensor, source: Random): Tensor =>
      mul(x, cast(source.bernoulli([4], 0.5), "float64"));
    const source = random(3);
    const before = source.state();
    expect(certify(dropout as (x: Tensor, s: unknown) => Tensor, like(4), source).verdict).toBe("agrees");
    expect(source.state()).toEqual(before);
  });

  test("a backward that gives something for nothing is wrong", () => {
    const op = fused({ ...registration, closedForm: (at, g) => registration.closedForm(at, add(g, 1)) });
    const { verdict, findings } = certifyWith({ params: { eps: 1e-5 } }, op, like(4, 3), like(3));
    expect(verdict).toBe("disagrees");
    expect(findings[0]?.checks.find((c) => c.method.startsWith("a zero"))?.passes).toBe(false);
  });
});

test("third order, as one more directional derivative", () => {
  const report = certifyWith({ order: 3 }, fusedBatchNorm, like(6, 3), like(3), like(3));
  expect(report.verdict).toBe("agrees");
  expect(report.findings.filter(({ order }) => order === 3)).toHaveLength(3);
});

test("float32 gradients of a fused op are held to what its reference loses", () => {
  const narrow = [like(6, 3), like(3), like(3)].map((t) => cast(t, "float32")) as [Tensor, Tensor, Tensor];
  const report = certify(fusedBatchNorm, ...narrow);
  expect(report.verdict).toBe("agrees");
  expect(report.findings[1]?.checks.map((c) => c.method)).toContain(
    "fused in float32, as near as its reference",
  );
});

test("a report is plain data, the same for the same seed, and prints", () => {
  const x = [like(6, 3), like(3), like(3)] as const;
  const report = certifyWith({ seed: 5 }, fusedBatchNorm, ...x);
  const again = certifyWith({ seed: 5 }, fusedBatchNorm, ...x);
  expect(JSON.parse(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(again)));
  expect(certifyWith({ seed: 6 }, fusedBatchNorm, ...x).findings[1]?.checks[0]?.error).not.toBe(
    report.findings[1]?.checks[0]?.error,
  );
  expect(String(report)).toMatch(/fusedBatchNorm: agrees \(seed 5\)[\s\S]*gradient of input 0 +1\d\.\d/);
});

describe("Ridders' method", () => {
  test.each<[string, (t: number) => number, number]>([
    ["exp", (t) => Math.exp(1 + t), Math.E],
    ["sin", (t) => Math.sin(2 + t), Math.cos(2)],
    ["a cube", (t) => (3 + t) ** 3, 27],
  ])("%s", (_, f, slope) => {
    const { value, error } = ridders(f, 0.5);
    expect(Math.abs(value - slope)).toBeLessThan(1e-11 * Math.abs(slope));
    expect(error).toBeLessThan(1e-8);
  });

  test("says that it does not know", () => {
    expect(ridders(() => Number.NaN, 0.1)).toEqual({ value: Number.NaN, error: Number.POSITIVE_INFINITY });
  });
});
