/** Layers of pure functions: what they compute, the shapes that they infer, and the types that follow. */
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  add,
  certify,
  fromJson,
  grad,
  layerNorm,
  matmul,
  mul,
  numpyRandom,
  Random,
  random,
  relu,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
} from "../../src/index.ts";
import {
  activation,
  batchNormLayer,
  batchNormTraining,
  type DenseParams,
  dense,
  dropoutLayer,
  flatten,
  foldStatistics,
  fullyConnectedNet,
  glorotNormal,
  glorotUniform,
  type Initializer,
  initialStatistics,
  kaimingNormal,
  kaimingUniform,
  type Layer,
  layerNormLayer,
  modelOf,
  type Nothing,
  type RandomState,
  type RunningStatistics,
  type ScaleAndShift,
  scaledNormal,
  sequential,
  softmaxLoss,
} from "../../src/nn/index.ts";
import { expectClose } from "../support/closeness.ts";

const training = { mode: "training" } as const;
const evaluation = { mode: "evaluation" } as const;

const net = sequential(
  flatten(),
  dense(7),
  batchNormLayer(),
  activation(relu),
  dropoutLayer({ keep: 0.5 }),
  dense(3),
);
const start = net.init(random(7), [2, 5]);
const x = random(3).normal([6, 2, 5]);
const labels = tensor([0, 1, 2, 0, 1, 2], { dtype: "int32" });

describe("sequential", () => {
  test("infers shapes, and its types are tuples of its layers'", () => {
    expect(start.shape).toEqual([3]);
    expect(start.params.map((p) => Object.values(p).map(({ shape }) => shape))).toEqual([
      [],
      [[10, 7], [7]],
      [[7], [7]],
      [],
      [],
      [[7, 3], [3]],
    ]);
    expectTypeOf(start.params).toEqualTypeOf<
      readonly [Nothing, DenseParams, ScaleAndShift, Nothing, Nothing, DenseParams]
    >();
    expectTypeOf(start.state).toEqualTypeOf<
      readonly [null, null, RunningStatistics, null, RandomState, null]
    >();
  });

  test("does what its layers do, one after the other", () => {
    const { params, state } = start;
    const { y, state: next } = net.apply({ params, state }, x, { mode: "training", random: random(1) });
    const [, first, norm, , , last] = params;
    const rows = tensor([...x.data], { shape: [6, 10] });
    const h = batchNormTraining(add(matmul(rows, first.W), first.b), norm.gamma, norm.beta);
    const isKept = random(1).bernoulli([6, 7], 0.5);
    const thinned = mul(relu(h.y), mul(2, isKept));
    expectClose(y, add(matmul(thinned, last.W), last.b), 1e-14);
    const folded = foldStatistics(initialStatistics([7]), h.statistics, { decay: 0.9, correction: 0 });
    expect(next[2]).toEqual(folded);
    // A source that is handed in takes the place of the state's own.
    expect(next[4]).toBe(state[4]);
  });

  test("is a pure function of its state: the same gives the same, the next another mask", () => {
    const one = net.apply(start, x, training);
    expect(net.apply(start, x, training)).toEqual(one);
    const two = net.apply({ params: start.params, state: one.state }, x, training);
    expect(two.y.data).not.toEqual(one.y.data);
  });

  test("in evaluation each example is by itself, and the state stays", () => {
    const { state } = net.apply(start, x, training);
    const at = { params: start.params, state };
    const whole = net.apply(at, x, evaluation);
    expect(whole.state).toEqual(state);
    for (let n = 0; n < 6; n++) {
      const one = tensor([...x.data.slice(10 * n, 10 * n + 10)], { shape: [1, 2, 5] });
      expectClose(
        net.apply(at, one, evaluation).y,
        tensor([...whole.y.data.slice(3 * n, 3 * n + 3)], { shape: [1, 3] }),
        1e-14,
      );
    }
  });

  test("networks are layers, and so are pairs of one's own", () => {
    const doubled: Layer<{ readonly factor: Tensor }, { readonly calls: number }> = {
      init: (_, shape) => ({ params: { factor: tensor(2) }, state: { calls: 0 }, shape }),
      apply: ({ params, state }, t) => ({ y: mul(params.factor, t), state: { calls: state.calls + 1 } }),
    };
    const inner = sequential(dense(4, { bias: false }), activation(tanh));
    const outer = sequential(inner, doubled, dense(2));
    const { params, state, shape } = outer.init(random(1), [3]);
    expect(shape).toEqual([2]);
    expectTypeOf(params[0][0].W).toEqualTypeOf<Tensor>();
    expectTypeOf(state[1].calls).toEqualTypeOf<number>();
    const t = random(2).normal([5, 3]);
    const { y, state: next } = outer.apply({ params, state }, t, training);
    const h = mul(2, tanh(matmul(t, params[0][0].W)));
    expectClose(y, add(matmul(h, params[2].W), params[2].b), 1e-14);
    expect(next[1].calls).toBe(1);
    const model = modelOf(outer, (z) => sum(square(z)), { params, state });
    const step = model.loss(model, t, labels);
    expect(step.grads[1].factor.shape).toEqual([]);
    expect(step.state[1].calls).toBe(1);
  });

  test("without layers it is the identity", () => {
    const nothing = sequential();
    const at = nothing.init(random(1), [4]);
    expect(nothing.apply(at, x, evaluation).y).toBe(x);
  });

  test("is certified, batch norm and all: parameters and input", () => {
    const smooth = sequential(dense(4, { bias: false }), batchNormLayer(), activation(tanh), dense(2));
    const { params, state } = smooth.init(random(5), [3]);
    const t = random(6).normal([5, 3]);
    const report = certify(
      (p: typeof params, input: Tensor) => smooth.apply({ params: p, state }, input, training).y,
      params,
      t,
    );
    expect(report.verdict, String(report)).toBe("agrees");
    expect(report.findings.length).toBeGreaterThan(10);
  });

  test("the fused form gives what the tape gives, to 1e-12", () => {
    const [tape, fused] = (["tape", "fused"] as const).map((gradients) => {
      const both = sequential(
        dense(4),
        batchNormLayer({ gradients }),
        activation(relu),
        layerNormLayer({ gradients }),
        dense(3),
      );
      const model = modelOf(both, softmaxLoss, both.init(random(5), [10]));
      return model.loss(model, tensor([...x.data], { shape: [6, 10] }), labels);
    });
    expect(fused!.loss).toBeCloseTo(tape!.loss, 13);
    expectClose(fused!.grads[0].W, tape!.grads[0].W, 1e-12);
    expectClose(fused!.grads[1].gamma, tape!.grads[1].gamma, 1e-12);
    expectClose(fused!.grads[3].beta, tape!.grads[3].beta, 1e-12);
    expectClose(fused!.state[1].variance, tape!.state[1].variance, 1e-12);
  });
});

describe("layers", () => {
  test("dense works on the last axis of anything", () => {
    const layer = dense(4);
    const { params, state, shape } = layer.init(random(1), [3, 2]);
    expect(shape).toEqual([3, 4]);
    const t = random(2).normal([5, 3, 2]);
    const { y } = layer.apply({ params, state }, t, evaluation);
    expect(y.shape).toEqual([5, 3, 4]);
    expectClose(y, matmul(t, params.W), 1e-15);
  });

  test.each([
    ["NCHW", [0, 2, 3], [3, 4, 5], 3],
    ["NHWC", [0, 1, 2], [4, 5, 3], 3],
    ["rows", undefined, [3], 3],
  ] as const)("batch norm of %s", (_, axes, shape, channels) => {
    const layer = batchNormLayer(
      axes === undefined ? { rate: 0.1, correction: 1 } : { axes, rate: 0.1, correction: 1 },
    );
    const { params, state, shape: out } = layer.init(random(1), shape);
    expect(out).toEqual(shape);
    expect(params.gamma.shape).toEqual([channels]);
    expect([...state.variance.data]).toEqual([1, 1, 1]);
    const t = random(2).normal([4, ...shape], { mean: 3 });
    const { y, state: next } = layer.apply({ params, state }, t, training);
    const { statistics } = batchNormTraining(t, 1, 0, axes === undefined ? {} : { axes });
    expect(statistics.count).toBe(t.size / 3);
    expectClose(next.mean, mul(0.1, statistics.mean), 1e-14);
    const unbiased = mul(statistics.count / (statistics.count - 1), statistics.variance);
    expectClose(next.variance, add(0.9, mul(0.1, unbiased)), 1e-14);
    expect(y.shape).toEqual(t.shape);
    expect(Math.abs(sum(y).item())).toBeLessThan(1e-10);
  });

  test("layer norm has a parameter for each feature, of one axis or several", () => {
    const t = random(2).normal([4, 3, 5]);
    const over = layerNormLayer({ axes: [1, 2] });
    const { params, state } = over.init(random(1), [3, 5]);
    expect(params.gamma.shape).toEqual([3, 5]);
    const expected = layerNorm(t, params.gamma, params.beta, { axes: [1, 2] });
    for (const how of [training, evaluation])
      expectClose(over.apply({ params, state }, t, how).y, expected, 1e-15);
    expect(layerNormLayer().init(random(1), [3, 5]).params.beta.shape).toEqual([5]);
  });

  test("dropout: a seed of its own, or one that the network's source gives", () => {
    const t = tensor(Array(400).fill(1), { shape: [20, 20] });
    const seeded = dropoutLayer({ keep: 0.25, seed: 9 });
    const [a, b] = [seeded.init(random(1), [20]), seeded.init(random(2), [20])];
    expect(a.state).toEqual(b.state);
    const { y, state } = seeded.apply(a, t, training);
    expect(new Set(y.data)).toEqual(new Set([0, 4]));
    // It has moved on by 400 numbers.
    const source = random(9, "dropout");
    source.uniform([400]);
    expect(state).toEqual(source.state());
    const kept = y.data.slice().filter((v) => v !== 0).length;
    expect(kept).toBeGreaterThan(70);
    expect(kept).toBeLessThan(130);
    const drawn = dropoutLayer({ keep: 0.25 });
    expect(drawn.init(random(1), [20]).state).not.toEqual(drawn.init(random(2), [20]).state);
    expect(drawn.init(numpyRandom(1), [20]).state).toEqual(drawn.init(numpyRandom(1), [20]).state);
  });

  test("float32 throughout, where it is asked for", () => {
    const { params, state } = net.init(random(7), [2, 5], { dtype: "float32" });
    const single = random(3).normal([6, 2, 5], { dtype: "float32" });
    const model = modelOf(net, softmaxLoss, { params, state });
    const step = model.loss(model, single, labels);
    expect(step.grads[1].W.dtype).toBe("float32");
    expect(step.state[2].mean.dtype).toBe("float32");
    expect(model.loss({ params, state: step.state }, single).dtype).toBe("float32");
  });
});

describe("modelOf", () => {
  const model = modelOf(net, softmaxLoss, start);

  test("loss, gradients and the next state, none of it on a tape", () => {
    const step = model.loss(model, x, labels);
    const lossOf = (params: typeof start.params): Tensor =>
      softmaxLoss(net.apply({ params, state: start.state }, x, training).y, labels);
    expect(step.loss).toBe(lossOf(start.params).item());
    expect(step.grads[1].W.data).toEqual(grad(lossOf)(start.params)[0][1].W.data);
    expect(step.state).toEqual(net.apply(start, x, training).state);
    expect([step.state[2].mean.place, step.state[2].variance.place]).toEqual([null, null]);
    // b before batch norm has no effect.
    for (const g of step.grads[1].b.data) expect(Math.abs(g)).toBeLessThan(1e-12);
  });

  test("scores in evaluation mode", () => {
    const { state } = model.loss(model, x, labels);
    const at = { params: start.params, state };
    expect(model.loss(at, x).data).toEqual(net.apply(at, x, evaluation).y.data);
  });

  test("a run resumes bit for bit from what JSON kept of its state", () => {
    const one = model.loss(model, x, labels);
    const two = model.loss({ params: start.params, state: one.state }, x, labels);
    const [, , { mean, variance }, , generator] = one.state;
    const kept = JSON.parse(JSON.stringify({ mean, variance, generator })) as Record<string, never>;
    const statistics = { mean: fromJson(kept["mean"]!), variance: fromJson(kept["variance"]!) };
    const state = [null, null, statistics, null, kept["generator"]!, null] as const;
    expect(model.loss({ params: start.params, state }, x, labels)).toEqual(two);
    expect(Random.from(generator as Parameters<typeof Random.from>[0])).toBeInstanceOf(Random);
  });

  test("a penalty on whatever parameters one likes", () => {
    const bare = model.loss(model, x, labels);
    const penalised = modelOf(net, softmaxLoss, start, {
      penalty: (p) => mul(0.05, sum(square(p[5].W))),
    });
    const step = penalised.loss(penalised, x, labels);
    const squares = [...start.params[5].W.data].reduce((s, v) => s + v * v, 0);
    expect(step.loss).toBeCloseTo(bare.loss + 0.05 * squares, 14);
    expectClose(step.grads[5].W, add(bare.grads[5].W, mul(0.1, start.params[5].W)), 1e-13);
    expect(step.grads[1].W.data).toEqual(bare.grads[1].W.data);
  });

  test("of the course's layers it is the course's network", () => {
    const numpy = numpyRandom(231);
    const course = fullyConnectedNet({
      hiddenDims: [7, 6],
      inputDim: 10,
      numClasses: 3,
      normalization: "batchnorm",
      weightScale: 0.3,
      dtype: "float64",
      random: numpyRandom(231),
    });
    const weights = scaledNormal(0.3);
    const same = sequential(
      flatten(),
      dense(7, { weights }),
      batchNormLayer(),
      activation(relu),
      dense(6, { weights }),
      batchNormLayer(),
      activation(relu),
      dense(3, { weights }),
    );
    const general = modelOf(same, softmaxLoss, same.init(numpy, [2, 5]));
    expect(general.params[4].W.data).toEqual(course.params["W2"]!.data);
    const [a, b] = [course.loss(course, x, labels), general.loss(general, x, labels)];
    expect(b.loss).toBe(a.loss);
    expect(b.grads[1].W.data).toEqual(a.grads["W1"]!.data);
    expect(b.grads[5].gamma.data).toEqual(a.grads["gamma2"]!.data);
    expect(b.state[2].mean.data).toEqual(a.state.statistics[0]!.mean.data);
  });
});

describe("initializers", () => {
  const shape = [300, 200];

  test.each<[string, Initializer, number, number]>([
    ["kaimingNormal", kaimingNormal, 2 / 300, Number.POSITIVE_INFINITY],
    ["kaimingUniform", kaimingUniform, 2 / 300, Math.sqrt(6 / 300)],
    ["glorotNormal", glorotNormal, 2 / 500, Number.POSITIVE_INFINITY],
    ["glorotUniform", glorotUniform, 2 / 500, Math.sqrt(6 / 500)],
    ["scaledNormal", scaledNormal(0.3), 0.09, Number.POSITIVE_INFINITY],
  ])("%s has the variance that it should have, from either source", (_, draw, expected, bound) => {
    for (const source of [random(5), numpyRandom(5)]) {
      const W = draw(source, shape);
      const values = [...W.data];
      // 60,000 numbers: the variance is known to 0.6 %, and four times that is not met by chance.
      const found = values.reduce((s, v) => s + v * v, 0) / values.length;
      expect(found / expected).toBeGreaterThan(0.976);
      expect(found / expected).toBeLessThan(1.024);
      expect(Math.max(...values.map(Math.abs))).toBeLessThan(bound);
      expect(draw(source, shape, { dtype: "float32" }).dtype).toBe("float32");
    }
  });

  test("pixels of a kernel count as inputs and outputs", () => {
    const W = kaimingUniform(random(1), [3, 3, 4, 8]);
    const high = Math.max(...W.data);
    expect(high).toBeLessThan(Math.sqrt(6 / 36));
    expect(high).toBeGreaterThan(0.9 * Math.sqrt(6 / 36));
    const G = glorotUniform(random(1), [3, 3, 4, 8]);
    expect(Math.max(...G.data)).toBeGreaterThan(0.9 * Math.sqrt(6 / 108));
    expect(Math.max(...G.data)).toBeLessThan(Math.sqrt(6 / 108));
  });
});
