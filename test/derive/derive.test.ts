/** Derivations end in the closed forms that people derive by hand, and each step has the numbers of the one before. */
import { applyPatches } from "immer";
import { describe, expect, it } from "vitest";
import { ABSORBING } from "../../src/derive/derive.ts";
import { differencesOf } from "../../src/derive/differences.ts";
import * as wengert from "../../src/index.ts";
import {
  ALGEBRA_RULES,
  type AnyPrimitive,
  abs,
  add,
  batchNorm,
  bind,
  cast,
  derive,
  exp,
  FusedBatchNorm,
  fusedBatchNorm,
  fusedLayerNorm,
  greater,
  groupNorm,
  isFloat,
  layerNorm,
  log,
  matmul,
  mean,
  mul,
  NotDifferentiableError,
  named,
  random,
  record,
  relu,
  replay,
  rsqrt,
  sigmoid,
  softmax,
  sqrt,
  square,
  standardize,
  std,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  variance,
  where,
} from "../../src/index.ts";
import { affine, softmaxLoss } from "../../src/nn/index.ts";
import { drawing } from "../draw.ts";
import { owned } from "../laws/application.ts";

const source = random(3);
const given = (name: string, ...shape: number[]): Tensor => named(source.normal(shape), name);
const x = given("x", 4, 5);
const [gamma, beta] = [given("gamma", 5), given("beta", 5)];
const labels = named(tensor(Int32Array.of(0, 2, 1, 1)), "t");

type Case = readonly [
  what: string,
  f: (...x: Tensor[]) => Tensor,
  x: readonly Tensor[],
  result: readonly string[],
];

const NORM_REST = ["gammaBar = sum_i(yBar * xHat)", "betaBar = sum_i(yBar)"];

const CLOSED_FORMS: readonly Case[] = [
  [
    "batch norm",
    (t, g, b) => batchNorm(t!, g!, b!),
    [x, gamma, beta],
    ["xBar = gamma / (N * sigma) * (N * yBar - sum_i(yBar) - xHat * sum_i(yBar * xHat))", ...NORM_REST],
  ],
  [
    "batch norm, NCHW",
    (t, g, b) => batchNorm(t!, g!, b!, { axes: [0, 2, 3] }),
    [given("x", 2, 3, 2, 2), given("gamma", 3), given("beta", 3)],
    [
      "xBar = gamma / (N * sigma) * (N * yBar - sum_{i,k,l}(yBar) - xHat * sum_{i,k,l}(yBar * xHat))",
      "gammaBar = sum_{i,k,l}(yBar * xHat)",
      "betaBar = sum_{i,k,l}(yBar)",
    ],
  ],
  [
    "fused batch norm, from its reference",
    (t, g, b) => fusedBatchNorm(t!, g!, b!),
    [x, gamma, beta],
    ["xBar = gamma / (N * sigma) * (N * yBar - sum_i(yBar) - xHat * sum_i(yBar * xHat))", ...NORM_REST],
  ],
  [
    "layer norm",
    (t, g, b) => layerNorm(t!, g!, b!),
    [x, gamma, beta],
    [
      "xBar = (N * gamma * yBar - sum_j(gamma * yBar) - xHat * sum_j(gamma * yBar * xHat)) / (N * sigma)",
      ...NORM_REST,
    ],
  ],
  [
    "layer norm's form in float32, which centres otherwise",
    (t) => layerNorm(t!, 1, 0),
    [named(cast(x, "float32"), "x")],
    ["xBar = (N * yBar - sum_j(yBar) - xHat * sum_j(yBar * xHat)) / (N * sigma)"],
  ],
  [
    "softmax cross-entropy",
    (z, t) => softmaxLoss(z!, t!),
    [given("z", 4, 3), labels],
    ["zBar = (softmax_j(z) - oneHot(t)) / N"],
  ],
  [
    "affine",
    (t, W, b) => affine(t!, W!, b!),
    [x, given("W", 5, 3), given("b", 3)],
    ["xBar = yBar @ W^T", "WBar = x^T @ yBar", "bBar = sum_i(yBar)"],
  ],
  ["softmax", (z) => softmax(z!), [given("z", 4, 3)], ["zBar = y * (yBar - sum_j(yBar * y))"]],
  ["sigmoid", (z) => sigmoid(z!), [given("z", 3)], ["zBar = yBar * y * sigmoid(-z)"]],
  ["a sum of squares", (z) => sum(square(z!)), [given("z", 3)], ["zBar = 2 * z"]],
  [
    "mean squared error of a line",
    (t, w, b, y) => mean(square(sub(add(matmul(t!, w!), b!), y!))),
    [x, given("w", 5), given("b"), given("t", 4)],
    [],
  ],
  [
    "what does not depend on an input",
    (a, b) => mul(b!, add(sub(a!, a!), 2)),
    [given("a", 3), given("b", 3)],
    ["aBar = 0", "bBar = 2 * yBar"],
  ],
  ["what is not read", (_, b) => exp(b!), [given("a", 3), given("b", 3)], ["aBar = 0", "bBar = yBar * y"]],
];

const OTHERS: readonly (readonly [string, (...x: Tensor[]) => Tensor, readonly Tensor[]])[] = [
  ["fused layer norm", (t, g, b) => fusedLayerNorm(t!, g!, b!), [x, gamma, beta]],
  [
    "group norm",
    (t, g, b) => groupNorm(t!, 2, g!, b!),
    [given("x", 3, 4, 2), given("gamma", 4), given("beta", 4)],
  ],
  ["variance, unbiased", (t) => variance(t!, 0, { correction: 1 }), [x]],
  ["standard deviation", (t) => std(t!, 0), [x]],
  ["by rsqrt", (t) => mul(sub(t!, mean(t!, 0)), rsqrt(add(variance(t!, 0), 1e-5))), [x]],
  ["a dead branch", (t) => where(greater(t!, 0), sqrt(t!), t!), [tensor([4, -1, 9])]],
  [
    "two layers",
    (t, W, b, V) => softmaxLoss(matmul(relu(batchNorm(affine(t!, W!, b!), 1, 0)), V!), labels),
    [x, given("W", 5, 6), given("b", 6), given("V", 6, 3)],
  ],
  ["twice normalised", (t) => standardize(tanh(standardize(t!, 0)), 1), [x]],
  ["a loss of a loss", (t) => log(add(mean(abs(exp(t!))), sum(mul(t!, t!)))), [x]],
];

describe("closed forms", () => {
  it.each(CLOSED_FORMS)("%s", (_, f, inputs, result) => {
    const derivation = derive(f, ...inputs);
    if (result.length > 0) expect(derivation.result.map(({ text }) => text)).toEqual(result);
    const isSingle = inputs.some(({ dtype }) => dtype === "float32");
    expect(Math.max(...derivation.differences())).toBeLessThan(isSingle ? 1e-5 : 1e-12);
  });

  it.each(OTHERS)("%s has the same numbers at each step", (_, f, inputs) => {
    const derivation = derive(f, ...inputs);
    expect(Math.max(...derivation.differences())).toBeLessThan(1e-12);
  });

  it("batch norm's last program gives what the formula gives, elsewhere too", () => {
    const { program, differences } = derive(
      (t: Tensor, g: Tensor, b: Tensor) => batchNorm(t, g, b),
      x,
      gamma,
      beta,
    );
    const other = [given("x", 4, 5), given("gamma", 5), given("beta", 5), given("yBar", 4, 5)] as const;
    expect(Math.max(...differences(other))).toBeLessThan(1e-12);
    const [t, g, , bar] = other;
    const at = (a: Tensor, i: number, j: number): number => a.data[i * 5 + j]!;
    const N = 4;
    const [xBar] = replay(program, other);
    for (let j = 0; j < 5; j++) {
      const rows = [0, 1, 2, 3];
      const mu = rows.reduce((s, i) => s + at(t, i, j), 0) / N;
      const sigma = Math.sqrt(rows.reduce((s, i) => s + (at(t, i, j) - mu) ** 2, 0) / N + 1e-5);
      const hat = (i: number): number => (at(t, i, j) - mu) / sigma;
      const sum1 = rows.reduce((s, i) => s + at(bar, i, j), 0);
      const sum2 = rows.reduce((s, i) => s + at(bar, i, j) * hat(i), 0);
      for (const i of rows) {
        const byHand = (g.data[j]! / (N * sigma)) * (N * at(bar, i, j) - sum1 - hat(i) * sum2);
        expect(at(xBar!, i, j)).toBeCloseTo(byHand, 12);
      }
    }
  });
});

describe("every op", () => {
  const ops = Object.values<unknown>(wengert).filter(
    (op): op is AnyPrimitive =>
      typeof op === "object" && op !== null && "kernel" in op && op !== FusedBatchNorm,
  );

  it("is derived with the same numbers at each step, at its samples", () => {
    const wrong: string[] = [];
    let count = 0;
    for (const op of ops) {
      const samples = op
        .samples(drawing(5, op.name))
        .filter(({ x: t }) => t.every(({ data }) => data.length > 1));
      samples.slice(0, 2).forEach((sample, k) => {
        const inputs = sample.x.map((t) => owned(t, t.dtype));
        const f = (...t: Tensor[]): Tensor => bind(op, t, sample.params);
        if (!inputs.some((t) => isFloat(t.dtype)) || !isFloat(f(...inputs).dtype)) return;
        count++;
        const isSingle = inputs.some(({ dtype }) => dtype === "float32") || f(...inputs).dtype === "float32";
        const most = Math.max(...derive(f, ...inputs).differences());
        if (!(most < (isSingle ? 1e-5 : 1e-12))) wrong.push(`${op.name} #${k}: ${most}`);
      });
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(80);
  }, 300_000);
});

describe("a derivation", () => {
  const derivation = derive((t: Tensor, g: Tensor, b: Tensor) => batchNorm(t, g, b), x, gamma, beta);

  it("keeps its patches: each leads from the program before to the one after", () => {
    for (const { before, after, patches, inverse } of derivation.steps) {
      expect(applyPatches(before, [...patches])).toEqual(after);
      expect(applyPatches(after, [...inverse])).toEqual(before);
    }
    for (let k = 3; k < derivation.steps.length; k++) {
      expect(derivation.steps[k]!.before).toBe(derivation.steps[k - 1]!.after);
    }
    expect(derivation.steps.filter(({ patches }) => patches.length > 0).length).toBeGreaterThan(5);
  });

  it("begins with the tape, and has the cotangent of each of its nodes", () => {
    const [tape, , walk] = derivation.steps;
    const recorded = record((t: Tensor, g: Tensor, b: Tensor) => batchNorm(t, g, b), x, gamma, beta);
    const ops = Object.values(recorded.nodes).filter(({ op }) => op !== null);
    expect(tape!.equations).toHaveLength(ops.length);
    for (const { label } of tape!.equations.filter(({ label: l }) => l !== "y")) {
      expect(walk!.equations.map((equation) => equation.label)).toContain(`${label}Bar`);
    }
    expect(walk!.equations.map(({ text }) => text)).toContain("sigmaBar = -sum_i(xHatBar * xHat) / sigma");
  });

  it("shows where a step's numbers are others", () => {
    const last = derivation.steps.length - 1;
    const inputs = derivation.program.inputs.map((id) => derivation.program.nodes[id]!.value);
    const recorded = record((t: Tensor, g: Tensor, b: Tensor) => batchNorm(t, g, b), x, gamma, beta);
    const planted = derivation.steps.map((step, k) => {
      const [xBar, gammaBar, betaBar] = step.after.outputs;
      return k < last ? step : { ...step, after: { ...step.after, outputs: [xBar!, betaBar!, gammaBar!] } };
    });
    const differences = differencesOf(recorded, planted, inputs);
    expect(Math.max(...differences.slice(0, last))).toBeLessThan(1e-12);
    expect(differences[last]).toBeGreaterThan(0.01);
    // The walk back is held against vjp's.
    const wrongWalk = derivation.steps.map((step) =>
      step.title === "Back along the tape" ? planted[last]! : step,
    );
    expect(differencesOf(recorded, wrongWalk, inputs)[2]).toBeGreaterThan(0.01);
  });

  it("leaves out rules that there are", () => {
    const names = ALGEBRA_RULES.map(({ name }) => name);
    expect(ABSORBING.filter((name) => !names.includes(name))).toEqual([]);
  });

  it("refuses what has no derivative", () => {
    expect(() => derive((t: Tensor) => t, labels)).toThrow(NotDifferentiableError);
    expect(() => derive((t: Tensor) => greater(t, 0), x)).toThrow(NotDifferentiableError);
  });
});
