/** CS231n's networks as models: fixtures 05, 11, 17, 24, 26 and the initial weights of 08. */
import { describe, expect, test } from "vitest";
import {
  cast,
  fromData,
  NumPyRandom,
  numpyRandom,
  scalar,
  sub,
  type Tensor,
  tensor,
} from "../../src/index.ts";
import {
  type FullyConnectedParams,
  type FullyConnectedState,
  foldStatistics,
  fullyConnectedNet,
  initialStatistics,
  type Model,
  twoLayerNet,
} from "../../src/nn/index.ts";
import { expectClose } from "../support/closeness.ts";
import { courseFixture, type StoredArray, stored } from "../support/fixtures.ts";
import { expectPrinted, numericalGradient } from "./byDifferences.ts";

type Net = Model<FullyConnectedParams, FullyConnectedState>;

interface Check {
  readonly inputs: Readonly<Record<"X" | "y", StoredArray>>;
  readonly runs: readonly {
    readonly reg: number;
    readonly keep: number;
    readonly params: Readonly<Record<string, StoredArray>>;
    readonly loss: number;
    readonly grads: Readonly<Record<string, StoredArray>>;
    readonly "fd_rel_errors_h1e-5": Readonly<Record<string, number>>;
  }[];
  readonly published: { readonly loss?: Readonly<Record<string, number>> };
}

const CHECKS = [
  ["05_bn_network_check", { normalization: "batchnorm" }],
  ["11_fc_network_check", { normalization: null }],
  ["17_dropout_network_check", { normalization: null, seed: 123, dropoutSeeding: "eachPass" }],
  ["26_ln_network_check_own", { normalization: "layernorm" }],
] as const;

/** The notebook: one stream for the data, then for each network in turn. */
function drawn(name: string, options: object): { X: Tensor; y: Tensor; nets: readonly Net[] } {
  let numpy = numpyRandom(231);
  const X = numpy.randn(2, 15);
  const y = numpy.randint(0, 10, [2]);
  const nets = courseFixture<Check>(name).runs.map(({ reg, keep }) => {
    const net = fullyConnectedNet({
      hiddenDims: [20, 30],
      inputDim: 15,
      numClasses: 10,
      reg,
      dropoutKeepRatio: keep,
      weightScale: 5e-2,
      dtype: "float64",
      random: numpy,
      ...options,
    });
    if (keep < 1) {
      // There, seeding the dropout seeds everything: weights go on behind the last layer's mask.
      numpy = numpyRandom(123);
      numpy.rand(2, 30);
    }
    return net;
  });
  return { X, y, nets };
}

describe.each(CHECKS)("fixture %s", (name, options) => {
  const { inputs, runs, published } = courseFixture<Check>(name);

  describe.each(["tape", "fused"] as const)("%s", (gradients) => {
    const { X, y, nets } = drawn(name, { ...options, gradients });

    test.each(runs.map((run, k) => [run.reg, run.keep, k] as const))("reg %s, keep %s", (reg, keep, k) => {
      const [run, net] = [runs[k]!, nets[k]!];
      expectClose(X, stored(inputs.X), 1e-14);
      expect([...y.data]).toEqual([...inputs.y.data]);
      expect(Object.keys(net.params).sort()).toEqual(Object.keys(run.params).sort());
      for (const [key, value] of Object.entries(run.params))
        expectClose(net.params[key]!, stored(value), 1e-14);

      const { loss, grads } = net.loss(net, X, y);
      expect(loss).toBeCloseTo(run.loss, 14);
      const printed = published.loss?.[String(name.startsWith("17") ? keep : reg)];
      if (printed !== undefined) expect(loss).toBeCloseTo(printed, 14);
      expect(Object.keys(grads)).toEqual(Object.keys(net.params));
      for (const [key, value] of Object.entries(run.grads)) {
        if (name.startsWith("05") && (key === "b1" || key === "b2")) {
          // Batch norm takes away what a bias adds: the true gradient is 0.
          for (const g of grads[key]!.data) expect(Math.abs(g)).toBeLessThan(1e-12);
        } else expectClose(grads[key]!, stored(value), 1e-10);
      }
    });
  });

  test("differences disagree by no more than notebooks print, but for how they round", () => {
    const { X, y, nets } = drawn(name, options);
    nets.forEach((net, k) => {
      const { grads } = net.loss(net, X, y);
      for (const [key, published] of Object.entries(runs[k]!["fd_rel_errors_h1e-5"])) {
        if (name.startsWith("05") && (key === "b1" || key === "b2")) continue;
        // A sample of the entries: the bound is on the worst of all.
        expect(differencesDisagreeBy(net, key, X, y, grads[key]!, (i) => i % 7 === 3)).toBeLessThan(
          10 * published,
        );
      }
    });
  });
});

test.each([
  // Where differences are cut short rather than rounded: at one entry of a unit with next to no spread, each.
  [0, "W1", 57, "1.10e-4"],
  [1, "W1", 32, "1.98e-6"],
  [1, "W2", 39, "2.28e-6"],
] as const)(
  "fixture 05, run %s: the error that the course prints for %s is its differences'",
  (k, key, worst, printed) => {
    const { X, y, nets } = drawn("05_bn_network_check", { normalization: "batchnorm" });
    const { runs } = courseFixture<Check>("05_bn_network_check");
    const net = nets[k]!;
    const { grads } = net.loss(net, X, y);
    const error = differencesDisagreeBy(net, key, X, y, grads[key]!, (i) => i === worst);
    expect(error.toExponential(2)).toBe(printed);
    expectClose(grads[key]!, stored(runs[k]!.grads[key]), 1e-12);
  },
);

/** The course's relative error, over some entries. */
function differencesDisagreeBy(
  net: Net,
  key: string,
  X: Tensor,
  y: Tensor,
  gradient: Tensor,
  isWanted: (i: number) => boolean,
): number {
  const along = (t: Tensor): Tensor =>
    scalar(net.loss({ params: { ...net.params, [key]: t }, state: net.state }, X, y).loss);
  const differences = numericalGradient(along, net.params[key]!, scalar(1), isWanted);
  let worst = 0;
  gradient.data.slice().forEach((g, i) => {
    const d = differences.data[i]!;
    if (!Number.isNaN(d))
      worst = Math.max(worst, Math.abs(g - d) / Math.max(1e-8, Math.abs(g) + Math.abs(d)));
  });
  return worst;
}

test("fixture 24: the two-layer network's scores, losses and gradients", () => {
  const { inputs, expected, published } = courseFixture<{
    readonly inputs: Readonly<Record<"X" | "W1" | "b1" | "W2" | "b2", StoredArray>>;
    readonly expected: {
      readonly scores: StoredArray;
      readonly loss_reg0: number;
      readonly loss_reg1: number;
      readonly "grads_reg0.7": Readonly<Record<"W1" | "b1" | "W2" | "b2", StoredArray>>;
    };
    readonly published: {
      readonly scores: StoredArray;
      readonly loss_reg0: number;
      readonly loss_reg1: number;
    };
  }>("24_two_layer_net");
  const { X, ...params } = inputs;
  const [W1, b1, W2, b2] = [params.W1, params.b1, params.W2, params.b2].map((v) => stored(v));
  const at = { W1: W1!, b1: b1!, W2: W2!, b2: b2! };
  const [x, y] = [stored(X), tensor([0, 5, 1], { dtype: "int32" })];
  const net = (reg: number) => twoLayerNet({ inputDim: 5, hiddenDim: 50, numClasses: 7, reg });
  const { state } = net(0);
  const scores = net(0).loss({ params: at, state }, x);
  expectClose(scores, stored(expected.scores), 1e-12);
  expectPrinted(scores.data, [...stored(published.scores).data]);
  expect(net(0).loss({ params: at, state }, x, y).loss).toBeCloseTo(expected.loss_reg0, 13);
  expect(net(0).loss({ params: at, state }, x, y).loss).toBeCloseTo(published.loss_reg0, 10);
  expect(net(1).loss({ params: at, state }, x, y).loss).toBeCloseTo(published.loss_reg1, 10);
  const { grads } = net(0.7).loss({ params: at, state }, x, y);
  for (const key of ["W1", "b1", "W2", "b2"] as const) {
    expectClose(grads[key], stored(expected["grads_reg0.7"][key]), 1e-12);
  }
});

test("the two-layer network begins as the course's: 1e-3 randn, W1 before W2, biases 0", () => {
  const net = twoLayerNet({ inputDim: 4, hiddenDim: 3, numClasses: 2, random: 7 });
  const numpy = numpyRandom(7);
  for (const [W, b, shape] of [
    [net.params.W1, net.params.b1, [4, 3]],
    [net.params.W2, net.params.b2, [3, 2]],
  ] as const) {
    expectClose(
      W,
      tensor(
        Array.from(numpy.randn(...shape).data, (v) => 1e-3 * v),
        { shape },
      ),
      1e-15,
    );
    expect([...b.data]).toEqual(Array(shape[1]).fill(0));
  }
  expect(net.params.W1.dtype).toBe("float64");
});

test("fixture 08: two networks draw their weights from one stream, in float32", () => {
  const { rng } = courseFixture<{
    readonly rng: Readonly<Record<"bn_W1" | "bn_W6" | "base_W1" | "base_W6", Digest>> & {
      readonly first_three_batches: number[][];
    };
  }>("08_train_bn_cifar");
  const numpy = numpyRandom(231);
  const make = (normalization: "batchnorm" | null): Net =>
    fullyConnectedNet({
      hiddenDims: [100, 100, 100, 100, 100],
      weightScale: 2e-2,
      normalization,
      random: numpy,
    });
  const [normed, plain] = [make("batchnorm"), make(null)];
  expectDigest(normed.params["W1"]!, rng.bn_W1);
  expectDigest(normed.params["W6"]!, rng.bn_W6);
  expectDigest(plain.params["W1"]!, rng.base_W1);
  expectDigest(plain.params["W6"]!, rng.base_W6);
  for (const batch of rng.first_three_batches) {
    expect([...numpy.choice(1000, [50]).data].slice(0, batch.length)).toEqual(batch);
  }
});

interface Digest {
  readonly shape: number[];
  readonly first3: number[];
  readonly last3: number[];
  readonly sum: number;
}

function expectDigest(W: Tensor, { shape, first3, last3, sum }: Digest): void {
  expect([W.dtype, ...W.shape]).toEqual(["float32", ...shape]);
  expectPrinted(W.data.slice(0, 3), first3);
  expectPrinted(W.data.slice(-3), last3);
  expect(Array.from(W.data).reduce((s, v) => s + v, 0)).toBeCloseTo(sum, 4);
}

describe("a network", () => {
  const numpy = numpyRandom(1);
  const X = numpy.randn(6, 2, 4);
  const y = numpy.randint(0, 3, [6]);
  const options = {
    hiddenDims: [5, 4],
    inputDim: 8,
    numClasses: 3,
    weightScale: 0.5,
    dtype: "float64",
  } as const;

  test.each(["batchnorm", "layernorm"] as const)(
    "%s: tape and fused agree to 1e-12, dropout or not",
    (norm) => {
      for (const dropoutKeepRatio of [1, 0.6]) {
        const [tape, fused] = (["tape", "fused"] as const).map((gradients) => {
          const net = fullyConnectedNet({
            ...options,
            normalization: norm,
            dropoutKeepRatio,
            reg: 0.1,
            gradients,
          });
          return { net, step: net.loss(net, X, y) };
        });
        expect(fused!.step.loss).toBeCloseTo(tape!.step.loss, 13);
        for (const [key, g] of Object.entries(tape!.step.grads)) {
          if (key === "b1" || key === "b2") {
            // Both are rounding where batch norm follows.
            expectSmall(sub(g, fused!.step.grads[key]!), 1e-12);
          } else expectClose(fused!.step.grads[key]!, g, 1e-12);
        }
        tape!.step.state.statistics.forEach((s, k) => {
          expectClose(fused!.step.state.statistics[k]!.mean, s.mean, 1e-12);
          expectClose(fused!.step.state.statistics[k]!.variance, s.variance, 1e-12);
        });
        const at = { params: tape!.net.params, state: tape!.step.state };
        expectClose(fused!.net.loss(at, X), tape!.net.loss(at, X), 1e-12);
      }
    },
  );

  test("folds its statistics step by step, and evaluates with them", () => {
    const net = fullyConnectedNet({ ...options, hiddenDims: [5], normalization: "batchnorm" });
    const first = net.loss(net, X, y);
    const second = net.loss({ params: net.params, state: first.state }, X, y);
    // The same batch twice: 0.1 and then 0.19 of its statistics, by NumPy's arithmetic on plain numbers.
    const rows = Array.from({ length: 6 }, (_, n) => Array.from(X.data.slice(8 * n, 8 * n + 8)));
    const W = net.params["W1"]!;
    const h = rows.map((row) =>
      Array.from({ length: 5 }, (_, j) => row.reduce((s, v, i) => s + v * W.data[5 * i + j]!, 0)),
    );
    const mu = Array.from({ length: 5 }, (_, j) => h.reduce((s, r) => s + r[j]!, 0) / 6);
    const sigma2 = mu.map((m, j) => h.reduce((s, r) => s + (r[j]! - m) ** 2, 0) / 6);
    expectPrinted(
      first.state.statistics[0]!.mean.data,
      mu.map((v) => 0.1 * v),
      13,
    );
    expectPrinted(
      second.state.statistics[0]!.mean.data,
      mu.map((v) => 0.19 * v),
      13,
    );
    expectPrinted(
      second.state.statistics[0]!.variance.data,
      sigma2.map((v) => 0.19 * v),
      13,
    );
    // What it began with is what it was.
    expect([...net.state.statistics[0]!.mean.data, ...net.state.statistics[0]!.variance.data]).toEqual(
      Array(10).fill(0),
    );
    const scores = net.loss({ params: net.params, state: second.state }, X);
    const of = (name: string): ArrayLike<number> => net.params[name]!.data;
    const expected = h.flatMap((row) => {
      const a = row.map((v, j) => Math.max(0, (v - 0.19 * mu[j]!) / Math.sqrt(0.19 * sigma2[j]! + 1e-5)));
      return [0, 1, 2].map((c) => a.reduce((s, v, j) => s + v * of("W2")[3 * j + c]!, 0));
    });
    expectPrinted(scores.data, expected, 12);
  });

  test("evaluation is each example by itself; with the batch's own statistics it is what training computed", () => {
    const net = fullyConnectedNet({ ...options, hiddenDims: [5], normalization: "batchnorm" });
    const { state, loss } = net.loss(net, X, y);
    const batch = state.statistics[0]!;
    // 0.1 of the batch's statistics, from zeros: all of them.
    const whole = foldStatistics(
      initialStatistics([5], { variance: 0 }),
      { mean: scaled(batch.mean, 10), variance: scaled(batch.variance, 10), count: 6 },
      { rate: 1, correction: 0 },
    );
    const at = { params: net.params, state: { ...state, statistics: [whole] } };
    const scores = net.loss(at, X);
    const rows = Array.from({ length: 6 }, (_, n) => Array.from(scores.data.slice(3 * n, 3 * n + 3)));
    const losses = rows.map((s, n) => Math.log(s.reduce((t, v) => t + Math.exp(v), 0)) - s[y.data[n]!]!);
    expect(losses.reduce((s, v) => s + v, 0) / 6).toBeCloseTo(loss, 12);
    const one = tensor([...X.data.slice(16, 24)], { shape: [1, 8] });
    expectPrinted(net.loss(at, one).data, rows[2]!, 13);
  });

  test("dropout moves on by default, is off in evaluation, and resumes bit for bit from JSON", () => {
    const net = fullyConnectedNet({ ...options, dropoutKeepRatio: 0.5, normalization: "batchnorm" });
    const first = net.loss(net, X, y);
    const again = net.loss(net, X, y);
    expect(again).toEqual(first);
    const second = net.loss({ params: net.params, state: first.state }, X, y);
    expect(second.loss).not.toBe(first.loss);
    expect(net.loss(net, X).data).toEqual(net.loss(net, X).data);
    const dropout = JSON.parse(JSON.stringify(first.state.dropout)) as FullyConnectedState["dropout"];
    const resumed = net.loss({ params: net.params, state: { ...first.state, dropout } }, X, y);
    expect(resumed.loss).toBe(second.loss);
    expect(resumed.grads["W1"]!.data).toEqual(second.grads["W1"]!.data);
    expect(resumed.state.dropout).toEqual(second.state.dropout);
    // 6 × 5 and 6 × 4 numbers a step.
    const numpy = numpyRandom(123);
    numpy.rand(54);
    expect(NumPyRandom.from(first.state.dropout!).state()).toEqual(numpy.state());
  });

  test("examples are cast to its dtype; gradients and statistics have it", () => {
    const net = fullyConnectedNet({ ...options, dtype: "float32", normalization: "batchnorm" });
    const wide = net.loss(net, X, y);
    const narrow = net.loss(net, cast(X, "float32"), y);
    expect(wide).toEqual(narrow);
    for (const g of [...Object.values(wide.grads), wide.state.statistics[0]!.mean])
      expect(g.dtype).toBe("float32");
  });

  test("in a step, b before batch norm has gradient 0, and W's is orthogonal to it", () => {
    const net = fullyConnectedNet({ ...options, normalization: "batchnorm" });
    const { grads } = net.loss(net, X, y);
    expectSmall(grads["b1"]!, 1e-12);
    expectSmall(grads["b2"]!, 1e-12);
    // Scaling a unit's weights changes next to nothing (eps alone): column by column <W, dW> ~ 0.
    const [W, dW] = [net.params["W1"]!, grads["W1"]!];
    for (let j = 0; j < 5; j++) {
      let along = 0;
      let size = 0;
      for (let i = 0; i < 8; i++) {
        along += W.data[5 * i + j]! * dW.data[5 * i + j]!;
        size += Math.abs(W.data[5 * i + j]! * dW.data[5 * i + j]!);
      }
      expect(Math.abs(along)).toBeLessThan(1e-3 * size);
    }
  });

  test("with no hidden layer it is a linear classifier", () => {
    const net = fullyConnectedNet({
      hiddenDims: [],
      inputDim: 8,
      numClasses: 3,
      dtype: "float64",
      weightScale: 0,
    });
    expect(Object.keys(net.params)).toEqual(["W1", "b1"]);
    expect(net.loss(net, X, y).loss).toBeCloseTo(Math.log(3), 15);
  });
});

function scaled(x: Tensor, by: number): Tensor {
  return fromData(
    x.shape,
    "float64",
    Float64Array.from(x.data, (v) => by * v),
  );
}

function expectSmall(x: Tensor, bound: number): void {
  for (const v of x.data) expect(Math.abs(v)).toBeLessThan(bound);
}
