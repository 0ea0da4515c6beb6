/**
 * Kinds running_stats_convention, eval_mode_gradient, affine_shape_layout, rng_dropout and batchnorm_n1, as far as they
 * concern layers and their state.
 */
import { describe, expect, test } from "vitest";
import { batchNormInference, random, ShapeError, sum, type Tensor, tensor, vjp } from "../../src/index.ts";
import {
  batchNormLayer,
  batchNormTraining,
  dropout,
  dropoutLayer,
  foldStatistics,
  type RunningStatistics,
} from "../../src/nn/index.ts";
import { type Entry, entryOf, expectEntry } from "../cases/entry.ts";
import { expectClose } from "../support/closeness.ts";
import { stored } from "../support/fixtures.ts";

const FORMS = ["tape", "fused"] as const;

function expected({ expected: all }: Entry, name: string): Tensor {
  return stored(all[name]);
}

function running({ x }: Entry): RunningStatistics {
  return { mean: x["running_mean"]!, variance: x["running_var"]! };
}

describe.each(FORMS)("running_stats_convention, %s", (gradients) => {
  test("BR-103: biased to normalise with, biased or unbiased in what is kept, as it is said", () => {
    const entry = entryOf("running_stats_convention", "BR-103");
    const { y, statistics } = batchNormTraining(entry.x["x"]!, 1, 0, { eps: 1e-5, gradients });
    expectClose(y, expected(entry, "y"), 1e-12);
    const unbiased = foldStatistics(running(entry), statistics, { rate: 0.1, correction: 1 });
    expectClose(unbiased.mean, expected(entry, "running_mean"), 1e-12);
    expectClose(unbiased.variance, expected(entry, "running_var"), 1e-12);
    const biased = foldStatistics(running(entry), statistics, { rate: 0.1, correction: 0 });
    expectClose(biased.variance, expected(entry, "if_biased_running_var"), 1e-12);
  });

  test("BR-104: of images, the unbiased factor counts N·H·W", () => {
    const entry = entryOf("running_stats_convention", "BR-104");
    const { statistics } = batchNormTraining(entry.x["x"]!, 1, 0, { axes: [0, 2, 3], gradients });
    expect(statistics.count).toBe(4);
    const next = foldStatistics(running(entry), statistics, { rate: 0.1, correction: 1 });
    expectClose(next.mean, expected(entry, "running_mean"), 1e-12);
    expectClose(next.variance, expected(entry, "running_var"), 1e-12);
  });

  test("BR-106: the weight of the new is a rate, that of the old a decay; momentum is refused", () => {
    const entry = entryOf("running_stats_convention", "BR-106");
    const { statistics } = batchNormTraining(entry.x["x"]!, 1, 0, { gradients });
    const before = { mean: entry.x["running_mean"]!, variance: stored([1]) };
    const fresh = foldStatistics(before, statistics, { rate: 0.1, correction: 0 });
    expect(fresh.mean.item()).toBeCloseTo(Number(entry.expected["new_weight_convention"]), 14);
    const old = foldStatistics(before, statistics, { decay: 0.1, correction: 0 });
    expect(old.mean.item()).toBeCloseTo(Number(entry.expected["old_weight_convention"]), 14);
    const bare = { momentum: 0.1, correction: 0 } as never;
    expect(() => foldStatistics(before, statistics, bare)).toThrow(/decay is the weight of the old.*rate/);
    expect(() => batchNormLayer({ momentum: 0.1 } as never)).toThrow(/decay is the weight of the old.*rate/);
  });
});

describe("eval_mode_gradient", () => {
  const layer = batchNormLayer({ eps: 1e-3, rate: 0.1, correction: 1 });

  test("BR-098: with running statistics the gradient is not that of training", () => {
    const entry = entryOf("eval_mode_gradient", "BR-098");
    const { gamma, beta } = entry.x;
    const own = batchNormLayer();
    const at = { params: { gamma: gamma!, beta: beta! }, state: running(entry) };
    expectEntry(entry, ({ x }) => sum(own.apply(at, x!, { mode: "evaluation" }).y));
  });

  test("BR-099: the mode in force at the forward decides, whatever is run in between", () => {
    const entry = entryOf("eval_mode_gradient", "BR-099");
    const { x, gamma, beta, dy } = entry.x;
    const at = { params: { gamma: gamma!, beta: beta! }, state: running(entry) };
    const [, pullback] = vjp((t: Tensor) => layer.apply(at, t, { mode: "evaluation" }).y, x!);
    layer.apply(at, x!, { mode: "training" });
    expectClose(pullback(dy!)[0], stored((entry.expected["grad"] as { x: unknown }).x), 1e-12);
    const [, inTraining] = vjp((t: Tensor) => layer.apply(at, t, { mode: "training" }).y, x!);
    const train = stored((entry.expected["reject_train_formula"] as { x: unknown }).x);
    expectClose(inTraining(dy!)[0], train, 1e-12);
  });

  test("BR-101: a teacher in evaluation beside a student in training keeps its statistics", () => {
    const entry = entryOf("eval_mode_gradient", "BR-101");
    const params = { gamma: stored([1]), beta: stored([0]) };
    const before = { params, state: running(entry) };
    const teacher = layer.apply(before, entry.x["x"]!, { mode: "evaluation" });
    const student = layer.apply(before, entry.x["x"]!, { mode: "training" });
    expectClose(teacher.state.mean, expected(entry, "teacher_running_mean"), 1e-15);
    expectClose(teacher.state.variance, expected(entry, "teacher_running_var"), 1e-15);
    expectClose(student.state.mean, expected(entry, "student_running_mean"), 1e-14);
    expectClose(student.state.variance, expected(entry, "student_running_var"), 1e-14);
  });

  test("BR-102: in training, the moving statistics have no part in the value", () => {
    const entry = entryOf("eval_mode_gradient", "BR-102");
    const { gamma, beta, moving_mean: mean, moving_var: variance } = entry.x;
    const images = batchNormLayer({ axes: [0, 1, 2], eps: 1e-3 });
    const zeros = tensor(new Float32Array(12), { shape: [1, 2, 2, 3] });
    const at = { params: { gamma: gamma!, beta: beta! }, state: { mean: mean!, variance: variance! } };
    const { y } = images.apply(at, zeros, { mode: "training" });
    for (let i = 0; i < 12; i++) expect(y.data[i]).toBe(beta!.data[i % 3]);
  });
});

describe("affine_shape_layout", () => {
  test("BR-091: gamma counts without a beta, too", () => {
    const entry = entryOf("affine_shape_layout", "BR-091");
    const { x, gamma, moving_mean: mean, moving_var: variance } = entry.x;
    const y = batchNormInference(x!, { mean: mean!, variance: variance! }, gamma!, 0, { eps: 0 });
    expectClose(y, expected(entry, "value"), 1e-15);
  });

  test.each(FORMS)("BR-092, %s: gamma and beta of either shape, and gradients like them", (gradients) => {
    const entry = entryOf("affine_shape_layout", "BR-092");
    const x = entry.x["x"]!;
    for (const shape of [[2], [1, 2, 1, 1]]) {
      const [gamma, beta] = ["gamma", "beta"].map((n) => tensor([...entry.x[n]!.data], { shape }));
      const layer = (g: Tensor, b: Tensor): Tensor =>
        batchNormTraining(x, g, b, { axes: [0, 2, 3], gradients }).y;
      const [y, pullback] = vjp(layer, gamma!, beta!);
      expectClose(y, expected(entry, "value"), 1e-12);
      for (const bar of pullback(y)) expect(bar.shape).toEqual(shape);
    }
  });
});

describe("rng_dropout", () => {
  const ones = tensor(Array(100).fill(1));

  test("BR-223: masks come of the source that is handed in, and of nothing else", () => {
    const seed = Number(entryOf("rng_dropout", "BR-223").input["seed"]);
    const mask = (): Tensor => dropout(ones, { keep: 0.5, mode: "training", random: random(seed) });
    const first = mask();
    for (let i = 0; i < 10; i++) Math.random();
    expect(mask().data).toEqual(first.data);
    // The same in Node and in a browser: integers and one comparison. These are the first sixteen.
    expect([...first.data.slice(0, 16)].map((v) => v / 2).join("")).toBe(
      [...random(seed).uniform([16]).data].map((u) => Number(u < 0.5)).join(""),
    );
  });

  test("BR-224: twins share a mask within a step, another one at each; gradients use their own call's", () => {
    const { seed, steps } = entryOf("rng_dropout", "BR-224").input;
    const layer = dropoutLayer({ keep: 0.5, seed: Number(seed) });
    let { state } = layer.init(random(1), [100]);
    const masks: string[] = [];
    for (let t = 0; t < Number(steps); t++) {
      const at = { params: {}, state };
      const twin = (x: Tensor): Tensor => layer.apply(at, x, { mode: "training" }).y;
      const [[a, one], [b, two]] = [vjp(twin, ones), vjp(twin, ones)];
      expect(a.data).toEqual(b.data);
      expect(one(ones)[0].data).toEqual(a.data);
      expect(two(ones)[0].data).toEqual(a.data);
      masks.push(String(a.data));
      state = layer.apply(at, ones, { mode: "training" }).state;
    }
    expect(new Set(masks).size).toBe(Number(steps));
  });
});

test.each(FORMS)(
  "batchnorm_n1 BR-093, %s: one value a channel is refused, and what runs stays as it was",
  (gradients) => {
    const entry = entryOf("batchnorm_n1", "BR-093");
    const layer = batchNormLayer({ rate: 0.1, correction: 1, gradients });
    const state = running(entry);
    const at = { params: { gamma: stored([1, 1]), beta: stored([0, 0]) }, state };
    expect(() => layer.apply(at, entry.x["x"]!, { mode: "training" })).toThrow(ShapeError);
    expect([...state.variance.data]).toEqual([1, 1]);
    expectClose(layer.apply(at, entry.x["x"]!, { mode: "evaluation" }).y, entry.x["x"]!, 1e-5);
    // Nor can a variance of one value be made unbiased by hand.
    const alone = { mean: stored([3, -1]), variance: stored([0, 0]), count: 1 };
    expect(() => foldStatistics(state, alone, { rate: 0.1, correction: 1 })).toThrow(/count of at least 2/);
    // An empty batch has no statistics at all.
    expect(() => batchNormTraining(stored({ shape: [0, 2], data: [] }), 1, 0, { gradients })).toThrow(
      ShapeError,
    );
  },
);

test.each(FORMS)("batchnorm_n1 BR-094, %s: a single image has as many values as pixels", (gradients) => {
  const entry = entryOf("batchnorm_n1", "BR-094");
  const { y, statistics } = batchNormTraining(entry.x["x"]!, 1, 0, { axes: [0, 2, 3], gradients });
  expectClose(y, expected(entry, "value"), 1e-12);
  const next = foldStatistics(running(entry), statistics, { rate: 0.1, correction: 1 });
  expectClose(next.mean, expected(entry, "running_mean"), 1e-12);
  expectClose(next.variance, expected(entry, "running_var"), 1e-12);
});
