/** CS231n's pieces: batch norm with its statistics, dropout, losses and sandwich layers, against its fixtures. */
import { describe, expect, test } from "vitest";
import {
  batchNorm,
  batchNormInference,
  fusedBatchNorm,
  matmul,
  mean,
  numpyRandom,
  record,
  relu,
  removeDeadNodes,
  scalar,
  sum,
  type Tensor,
  valueAndGrad,
  variance,
  vjp,
} from "../../src/index.ts";
import {
  affine,
  affineBatchNormRelu,
  affineLayerNormRelu,
  affineRelu,
  batchNormTraining,
  dropout,
  foldStatistics,
  initialStatistics,
  type RunningStatistics,
  softmaxLoss,
  svmLoss,
} from "../../src/nn/index.ts";
import { expectClose, relError } from "../support/closeness.ts";
import { courseFixture, type StoredArray, stored } from "../support/fixtures.ts";
import { expectPrinted, numericalGradient } from "./byDifferences.ts";

type Arrays = Readonly<Record<string, StoredArray>>;

const FORMS = ["tape", "fused"] as const;
const COURSE = { decay: 0.9, correction: 0 } as const;

describe.each(FORMS)("batchNormTraining, %s", (gradients) => {
  test("fixture 01: output, statistics, and the running ones after one pass from zeros", () => {
    const { inputs, expected, published } = courseFixture<{
      readonly inputs: Arrays;
      readonly expected: Arrays & {
        readonly cases: readonly (Arrays & { readonly gamma: number[]; readonly beta: number[] })[];
      };
      readonly published: { readonly a_mean: number[]; readonly a_std: number[] };
    }>("01_bn_forward_train");
    const a = stored(inputs["a"]);
    for (const { gamma, beta, out, running_mean, running_var } of expected.cases) {
      const { y, statistics } = batchNormTraining(a, stored(gamma), stored(beta), { gradients });
      expectClose(y, stored(out));
      expectClose(statistics.mean, stored(expected["batch_mean"]), 1e-14);
      expectClose(statistics.variance, stored(expected["batch_var_biased"]), 1e-13);
      expect(statistics.count).toBe(200);
      expectPrinted(statistics.mean.data, published.a_mean);
      expectPrinted(Array.from(statistics.variance.data, Math.sqrt), published.a_std);
      const running = foldStatistics(initialStatistics([3], { variance: 0 }), statistics, COURSE);
      expectClose(running.mean, stored(running_mean), 1e-14);
      expectClose(running.variance, stored(running_var), 1e-13);
    }
  });

  test("fixture 02: fifty passes, then test mode, to the published digits", () => {
    const { inputs, expected, published } = courseFixture<{
      readonly inputs: Arrays;
      readonly expected: Arrays;
      readonly published: { readonly out_mean: number[]; readonly out_std: number[] };
    }>("02_bn_forward_test");
    const numpy = numpyRandom(231);
    const W1 = numpy.randn(50, 60);
    const W2 = numpy.randn(60, 3);
    const draw = (): Tensor => matmul(relu(matmul(numpy.randn(200, 50), W1)), W2);
    let running: RunningStatistics = initialStatistics([3], { variance: 0 });
    for (let t = 0; t < 50; t++) {
      const { statistics } = batchNormTraining(draw(), 1, 0, { gradients });
      running = foldStatistics(running, statistics, COURSE);
    }
    const a = draw();
    expectClose(a, stored(inputs["a_test"]), 1e-12);
    expectClose(running.mean, stored(expected["running_mean"]), 1e-12);
    expectClose(running.variance, stored(expected["running_var"]), 1e-12);
    const out = batchNormInference(a, running, 1, 0);
    expectClose(out, stored(expected["out"]));
    expectPrinted(mean(out, 0).data, published.out_mean);
    expectPrinted(Array.from(variance(out, 0).data, Math.sqrt), published.out_std);
  });

  test("fixture 25: affine, batch norm, relu; b's gradient is 0", () => {
    const { inputs, expected } = courseFixture<{ readonly inputs: Arrays; readonly expected: Arrays }>(
      "25_affine_bn_relu_own",
    );
    const [x, w, b, gamma, beta, dout] = ["x", "w", "b", "gamma", "beta", "dout"].map((n) =>
      stored(inputs[n]),
    );
    const layer = (...t: [Tensor, Tensor, Tensor, Tensor, Tensor]): Tensor =>
      affineBatchNormRelu(...t, { gradients }).y;
    const [y, pullback] = vjp(layer, x!, w!, b!, gamma!, beta!);
    const bars = pullback(dout!);
    expectClose(y, stored(expected["out"]));
    ["dx", "dw", null, "dgamma", "dbeta"].forEach((name, k) => {
      if (name !== null) expectClose(bars[k]!, stored(expected[name]));
    });
    for (const g of bars[2].data) expect(Math.abs(g)).toBeLessThan(1e-12);
  });

  test("y is what the op gives, to the last bit, in both dtypes and any layout", () => {
    const op = gradients === "fused" ? fusedBatchNorm : batchNorm;
    const numpy = numpyRandom(5);
    const x = numpy.randn(3, 2, 4, 4);
    for (const axes of [
      [0, 2, 3],
      [0, 1, 2],
    ]) {
      const { y, statistics } = batchNormTraining(x, 2, 1, { axes, eps: 1e-3, gradients });
      expect(y.data).toEqual(op(x, 2, 1, { axes, eps: 1e-3 }).data);
      expectClose(statistics.mean, mean(x, axes), 1e-15);
      expectClose(statistics.variance, variance(x, axes), 1e-15);
    }
    const far = stored([[1e6], [1e6 + 1], [1e6 + 3]], "float32");
    const { y, statistics } = batchNormTraining(far, 1, 0, { gradients });
    expect(y.data).toEqual(op(far, 1, 0).data);
    // 14/9, though the mean itself is no float32.
    expect(statistics.variance.item()).toBeCloseTo(14 / 9, 6);
    expect(statistics.mean.item()).toBeCloseTo(1e6 + 4 / 3, 1);
    expect(statistics.mean.dtype).toBe("float32");
  });

  test("no gradient flows through the statistics, and they are no part of a tape afterwards", () => {
    const x = numpyRandom(1).randn(4, 3);
    const sums = (t: Tensor): Tensor => {
      const { statistics } = batchNormTraining(t, 1, 0, { gradients });
      return sum(statistics.mean, 0);
    };
    const [value, [xBar]] = valueAndGrad(sums)(x);
    expect(value.item()).toBeCloseTo(sum(mean(x, 0)).item(), 14);
    expect([...xBar.data]).toEqual(Array(12).fill(0));
  });
});

test("the statistics are nodes of the composition: mean and variance are computed once", () => {
  const program = record(
    (x: Tensor) => {
      const { y, statistics } = batchNormTraining(x, 1, 0);
      return { y, mean: statistics.mean, variance: statistics.variance };
    },
    numpyRandom(1).randn(4, 3),
  );
  const ops = Object.values(program.nodes).map(({ op }) => op?.name);
  expect(ops.filter((op) => op === "mean")).toHaveLength(2);
  expect(ops.filter((op) => op === "square")).toHaveLength(1);
  expect(removeDeadNodes(program).patches).toHaveLength(0);
  expect(Object.values(program.nodes).map(({ name }) => name)).toEqual(
    expect.arrayContaining(["mu", "centred", "variance", "sigma", "xHat"]),
  );
});

describe("dropout", () => {
  test("fixture 15: masks of NumPy's numbers, zeros exactly and means to 15 digits", () => {
    const { expected, published } = courseFixture<{
      readonly expected: readonly {
        readonly p_keep: number;
        readonly zero_count: number;
        readonly mask_first40: number[];
        readonly out_digest: { readonly first5: number[]; readonly last5: number[]; readonly sum: number };
      }[];
      readonly published: readonly { readonly mean_train: number; readonly zeros_train: number }[];
    }>("15_dropout_forward");
    const numpy = numpyRandom(231);
    const noise = numpy.randn(500, 500);
    const x = stored({ shape: [500, 500], data: Array.from(noise.data, (v) => v + 10) });
    expected.forEach(({ p_keep: keep, zero_count, mask_first40, out_digest }, k) => {
      const y = dropout(x, { keep, mode: "training", random: numpy });
      const zeros = Array.from(y.data).filter((v) => v === 0).length;
      expect(zeros).toBe(zero_count);
      expect(zeros / y.size).toBe(published[k]!.zeros_train);
      expect(Array.from(y.data.slice(0, 40), (v) => (v === 0 ? 0 : 1))).toEqual(mask_first40);
      expect(mean(y).item() / published[k]!.mean_train).toBeCloseTo(1, 14);
      expectPrinted(y.data.slice(0, 5), out_digest.first5, 12);
      expectPrinted(y.data.slice(-5), out_digest.last5, 12);
      expect(sum(y).item() / out_digest.sum).toBeCloseTo(1, 13);
      expect(dropout(x, { keep, mode: "evaluation" })).toBe(x);
    });
  });

  test("fixture 16: backward, and the published error of differences", () => {
    const { inputs, expected, published } = courseFixture<{
      readonly inputs: Readonly<Record<"x" | "dout", StoredArray>> & { readonly p_keep: number };
      readonly expected: Arrays;
      readonly published: { readonly dx_error: number };
    }>("16_dropout_backward");
    const [x, dout] = [stored(inputs.x), stored(inputs.dout)];
    const layer = (t: Tensor): Tensor =>
      dropout(t, { keep: inputs.p_keep, mode: "training", random: numpyRandom(123) });
    const [y, pullback] = vjp(layer, x);
    const [dx] = pullback(dout);
    expectClose(y, stored(expected["out"]), 1e-14);
    expectClose(dx, stored(expected["dx"]), 1e-14);
    const differences = numericalGradient(layer, x, dout);
    expect(relError(dx, differences)).toBeCloseTo(published.dx_error, 24);
  });

  test("what is dropped is 0 whatever it was, and keep 1 draws nothing", () => {
    const bad = stored(Array(64).fill("Infinity"));
    const numpy = numpyRandom(3);
    const [y, pullback] = vjp((t: Tensor) => dropout(t, { keep: 0.5, mode: "training", random: numpy }), bad);
    expect(new Set(y.data)).toEqual(new Set([0, Number.POSITIVE_INFINITY]));
    expect(new Set(pullback(stored(Array(64).fill(1)))[0].data)).toEqual(new Set([0, 2]));
    const before = numpy.state();
    expect(dropout(bad, { keep: 1, mode: "training", random: numpy })).toBe(bad);
    expect(numpy.state()).toEqual(before);
  });
});

describe("fixture 18: losses and their gradients", () => {
  const { inputs, expected, published } = courseFixture<{
    readonly inputs: Arrays;
    readonly expected: Arrays & { readonly svm_loss: number; readonly softmax_loss: number };
    readonly published: Readonly<Record<string, number>>;
  }>("18_losses");
  const [x, y] = [stored(inputs["x"]), stored(inputs["y"], "int32")];

  test.each([
    ["svm", svmLoss],
    ["softmax", softmaxLoss],
  ] as const)("%s", (name, loss) => {
    const [value, [dx]] = valueAndGrad((t: Tensor) => loss(t, y))(x);
    expect(value.item()).toBeCloseTo(published[`${name}_loss`]!, 14);
    expectClose(dx, stored(expected[`${name}_dx`]), 1e-12);
    const differences = numericalGradient((t) => loss(t, y), x, scalar(1));
    expect(relError(dx, differences)).toBeCloseTo(published[`${name}_dx_error`]!, 15);
  });

  test("the hinge is flat where the margin is met, and counts wrong classes alone", () => {
    const scores = stored([
      [3, 2, 1],
      [0, 5, 4.5],
    ]);
    const [value, [bar]] = valueAndGrad((t: Tensor) => svmLoss(t, [0, 2]))(scores);
    // Row 0: 2 meets its margin exactly, 1 is beyond it. Row 1: 0 is beyond it, 5 - 4.5 + 1 counts.
    expect(value.item()).toBe(0.75);
    expect([...bar.data].map((v) => v + 0)).toEqual([0, 0, 0, 0, 0.5, -0.5]);
  });

  test("scores of any size", () => {
    expect(softmaxLoss(stored([[1000, 0]]), [1]).item()).toBe(1000);
    expect(softmaxLoss(stored([[-1e4, -1e4]]), [0]).item()).toBeCloseTo(Math.LN2, 15);
    expect(svmLoss(stored([["-Infinity", 2]]), [1]).item()).toBe(0);
  });
});

describe("affine and its sandwiches", () => {
  test.each([
    ["20_affine_backward", affine],
    ["23_affine_relu", affineRelu],
  ] as const)("fixture %s", (name, layer) => {
    const { inputs, expected } = courseFixture<{ readonly inputs: Arrays; readonly expected: Arrays }>(name);
    const [x, w, b, dout] = ["x", "w", "b", "dout"].map((n) => stored(inputs[n]));
    const [y, pullback] = vjp(layer, x!, w!, b!);
    const bars = pullback(dout!);
    expectClose(y, stored(expected["out"]));
    ["dx", "dw", "db"].forEach((n, k) => {
      expectClose(bars[k]!, stored(expected[n]));
    });
  });

  test("layer norm's sandwich is its parts, in both forms", () => {
    const numpy = numpyRandom(4);
    const [x, w, b, gamma, beta, dout] = [
      numpy.randn(4, 2, 3),
      numpy.randn(6, 5),
      numpy.randn(5),
      numpy.randn(5),
      numpy.randn(5),
      numpy.randn(4, 5),
    ] as const;
    const [tape, fused] = FORMS.map((gradients) => {
      const layer = (...t: [Tensor, Tensor, Tensor, Tensor, Tensor]): Tensor =>
        affineLayerNormRelu(...t, { gradients });
      const [y, pullback] = vjp(layer, x, w, b, gamma, beta);
      return [y, ...pullback(dout)];
    });
    tape!.forEach((t, k) => {
      expectClose(fused![k]!, t, 1e-12);
    });
    // A row of a layer norm, by hand.
    const h = affine(x, w, b);
    const row = Array.from(h.data.slice(0, 5));
    const mu = row.reduce((s, v) => s + v, 0) / 5;
    const sigma = Math.sqrt(row.reduce((s, v) => s + (v - mu) ** 2, 0) / 5 + 1e-5);
    const expected = row.map((v, j) => Math.max(0, (gamma.data[j]! * (v - mu)) / sigma + beta.data[j]!));
    expectPrinted(tape![0]!.data.slice(0, 5), expected, 13);
  });
});
