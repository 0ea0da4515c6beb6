import { describe, expect, test } from "vitest";
import {
  abs,
  add,
  batchNorm,
  bind,
  cast,
  certify,
  certifyWith,
  clamp,
  DTypeError,
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
  named,
  type Random,
  random,
  relu,
  ridders,
  Square,
  scale,
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
    expect(layers).toEqual("0BHHHH 1ABCE 1ABCE 1ABCE 2ACD 2ACD 2ACD".split(" "));
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

  test("what is held fixed is said: integers, booleans, generators, empty tensors", () => {
    const f = (
      { x, i }: Readonly<Record<"x" | "i", Tensor>>,
      mask: Tensor,
      _: unknown,
      none: Tensor,
    ): Tensor => add(mul(take(x, i, 0), mask), sum(none));
    const report = certify(
      f,
      { x: like(5), i: tensor([0, 3], { dtype: "int32" }) },
      named(tensor([true, false]), "mask"),
      random(3),
      tensor([]),
    );
    expect(report.verdict).toBe("agrees");
    const held = [
      { input: "input 0 i", dtype: "int32", because: "no tangent space" },
      { input: "mask", dtype: "bool", because: "no tangent space" },
      { input: "input 3", dtype: "float64", because: "it is empty" },
      { input: "input 2", dtype: null, because: "generator: the same stream at every evaluation" },
    ];
    expect(report.held).toEqual(held);
    expect(JSON.parse(JSON.stringify(report)).held).toEqual(held);
    expect(String(report)).toContain(
      "\nheld fixed: input 0 i (int32: no tangent space), mask (bool: no tangent space), " +
        "input 3 (float64: it is empty), input 2 (generator: the same stream at every evaluation)",
    );
    expect(certify(square, like(2)).held).toEqual([]);
    expect(String(certify(square, like(2)))).not.toContain("held");
  });

  test.each([1e3, 1e6, 1e9])("columns of which one has the mean %d, and the others 0", (centre) => {
    for (let seed = 1; seed <= 5; seed++) {
      const x = add(like(6, 3), tensor([centre, 0, 0]));
      const report = certifyWith({ seed }, fusedBatchNorm, x, like(3), like(3));
      expect(report.verdict, String(report)).toBe("agrees");
    }
  });
});

describe("the worst entry", () => {
  /** x², with another number for 2 at one place of its vjp. */
  const dented = (at: number, two: number): typeof Square => ({
    ...Square,
    name: "dented",
    vjp: ({ x: [x] }, yBar) => [
      scale(yBar, mul(x, tensor(Array.from(x.data, (_, i) => (i === at ? two : 2))))),
    ],
  });

  test("is of the Jacobian where that is small, for every input and order", () => {
    const report = certify(batchNorm, like(6, 3), like(3), like(3));
    expect(
      report.findings.map(({ order, worst }) => [order, worst === null ? null : worst.index.length]),
    ).toEqual([
      [0, null],
      [1, 2],
      [1, null],
      [1, null],
      [2, 2],
      [2, 2],
      [2, null],
    ]);
    expect(report.findings[5]?.worst?.of).toBe("input 0");
    const { worst } = report.findings[1]!;
    expect(worst?.result?.name).toBe("the result");
    expect(worst?.result?.index).toHaveLength(2);
    expect(worst?.value).not.toBe(worst?.expected);
    expect(worst!.value / worst!.expected).toBeCloseTo(1, 10);
  });

  test("tells an error that no projection sees", () => {
    const report = certify(dented(17, 2 * (1 + 3e-9)), like(30));
    const [, gradient] = report.findings;
    expect(gradient?.checks.map(({ layer, passes }) => [layer, passes])).toEqual([
      ["A", true],
      ["C", true],
      ["E", false],
    ]);
    expect(gradient?.worst).toMatchObject({ index: [17], result: { name: "the result", index: [17] } });
    expect(String(report)).toMatch(
      /Jacobian, .* worst at \[17\] for \[17\] of the result: \S+ by vjp, \S+ by jvp/,
    );
  });

  test("is named by differences when anything objects: an entry that can be worked out by hand", () => {
    const x = tensor([1, 2, 3]);
    const f = (t: Tensor): Tensor[] => [sum(t), mul(tensor([[1], [4]]), bind(dented(2, 5), [t], undefined))];
    const [, gradient] = certify(f, x).findings;
    expect(gradient?.worst).toMatchObject({
      index: [2],
      value: 60,
      result: { name: "result 1", index: [1, 2] },
    });
    expect(gradient?.worst?.expected).toBeCloseTo(24, 7);
  });

  test("of a Jacobian that is large: of the gradient for the cotangent that was drawn", () => {
    const big = like(70);
    const cut = (t: Tensor): Tensor => mul(t, bind(dented(5, -2), [t], undefined));
    const [, gradient] = certify(cut, big).findings;
    expect(gradient?.checks.map(({ layer }) => layer)).toEqual(["A", "C"]);
    expect(gradient?.worst?.index).toEqual([5]);
    expect(gradient?.worst).not.toHaveProperty("result");
    expect(certify((t: Tensor) => mul(t, t), big).findings[1]?.worst).toBeNull();
  });

  test("of a second derivative: an entry of the Hessian and its mirror image", () => {
    const saved = BATCH_NORM_PLANTS.find(({ what }) => what.endsWith("statistics saved as constants"))!.op;
    const params = { axes: [0], eps: 1e-5 };
    const report = certifyWith<Inputs, unknown>({ params }, saved, like(6, 3), like(3), like(3));
    const second = report.findings.filter(({ order }) => order === 2);
    expect(second[0]?.checks.find(({ layer }) => layer === "D")?.passes).toBe(false);
    expect(second[0]?.worst?.result?.name).toMatch(/^the gradient of input \d$/);
    expect(String(report)).toMatch(/order 2, along input 0: Hessian .* which should be one number/);
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

  test("0 / 0 is not differentiable, though there are values on both sides", () => {
    const bare = (x: Tensor): Tensor => batchNorm(x, 1, 0, { eps: 0 });
    const constant = tensor([
      [1, 5],
      [2, 5],
      [4, 5],
    ]);
    expect(certify(bare, constant).verdict).toBe("not differentiable here");
    expect(certify((x: Tensor) => batchNorm(x, 1, 0), constant).verdict).toBe("agrees");
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
    expect(wrong?.worst?.expected).toBeCloseTo(2 * wrong!.worst!.value, 6);
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
    expect(ridders(() => Number.NaN, 0.1)).toEqual({
      value: Number.NaN,
      error: Number.POSITIVE_INFINITY,
      step: 0.1,
    });
  });
});

test("a float32 tensor that the function closes over is asked for as an input", () => {
  const [x, c] = [tensor([1, 2], { dtype: "float32" }), tensor([3, 4], { dtype: "float32" })];
  expect(certify((t: Tensor, by: Tensor) => mul(t, by), x, c).verdict).toBe("agrees");
  expect(() => certify((t: Tensor) => mul(t, c), x)).toThrow(DTypeError);
  expect(() => certify((t: Tensor) => mul(t, c), x)).toThrow("pass what f closes over as an input too");
});
