/** Every public function of nn, given what it cannot take: an error of the right class, in its name. */
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  AxisError,
  DTypeError,
  IndexError,
  NotScalarError,
  numpyRandom,
  random,
  relu,
  ShapeError,
  tensor,
  WengertError,
} from "../../src/index.ts";
import * as nn from "../../src/nn/index.ts";
import { stored } from "../support/fixtures.ts";

type Loose = (...args: readonly unknown[]) => unknown;
type Misuse = readonly [
  what: string,
  args: readonly unknown[],
  error: new (...m: never[]) => WengertError,
  message?: RegExp,
];

const x = random(1).normal([4, 6]);
const images = random(1).normal([4, 2, 3, 3]);
const W = random(2).normal([6, 3]);
const v3 = tensor([1, 2, 3]);
const v6 = tensor([1, 2, 3, 4, 5, 6]);
const single = random(1).normal([4, 6], { dtype: "float32" });
const counts = tensor(new Int32Array(24), { shape: [4, 6] });
const labels = [0, 1, 2, 0];
const source = random(1);
const statistics = { mean: v3, variance: v3, count: 4 };
const running = nn.initialStatistics([3]);
const net = nn.sequential(nn.dense(3));

const NORMS: readonly Misuse[] = [
  ["a string", ["x", W, v3, 1, 0], ArgumentError],
  ["b too long", [x, W, v6, 1, 0], ShapeError],
  ["gamma too long", [x, W, v3, v6, 0], ShapeError],
  ["a misspelt option", [x, W, v3, 1, 0, { epsilon: 1 }], ArgumentError, /epsilon/],
  ["no such gradients", [x, W, v3, 1, 0, { gradients: "fast" }], ArgumentError, /"tape" or "fused"/],
];

const MISUSES: Readonly<Record<string, readonly Misuse[]>> = {
  affine: [
    ["an array", [[1, 2], W, v3], ArgumentError, /tensor\(/],
    ["a vector", [v6, W, v3], ShapeError, /expandDims/],
    ["W of another size", [images, W, v3], ShapeError, /W of shape \[18, M\]/],
    ["W that is no matrix", [x, v6, v3], ShapeError],
    ["b of another size", [x, W, v6], ShapeError, /b of shape \[3\]/],
    ["b that is a number", [x, W, 1], ShapeError],
    ["float32 with float64", [single, W, v3], DTypeError],
  ],
  affineRelu: [["a vector", [v6, W, v3], ShapeError]],
  affineBatchNormRelu: NORMS,
  affineLayerNormRelu: NORMS,
  batchNormTraining: [
    ["nothing", [], ArgumentError],
    ["images without axes", [images, 1, 0], ShapeError, /axes: \[0, 2, 3\]/],
    ["a batch of one", [random(1).normal([1, 6]), 1, 0], ShapeError, /running statistics/],
    ["gamma too short", [x, v3, 0], ShapeError],
    ["an axis that is not there", [x, 1, 0, { axes: 2 }], AxisError],
    ["a negative eps", [x, 1, 0, { eps: -1 }], ArgumentError],
    ["momentum", [x, 1, 0, { momentum: 0.9 }], ArgumentError],
    ["float32 with float64", [single, v6, 0], DTypeError],
  ],
  initialStatistics: [
    ["no shape", [3], ShapeError],
    ["a negative variance", [[3], { variance: -1 }], ArgumentError],
    ["integers", [[3], { dtype: "int32" }], DTypeError],
    ["a misspelt option", [[3], { var: 0 }], ArgumentError],
  ],
  foldStatistics: [
    [
      "neither weight",
      [running, statistics, { correction: 0 }],
      ArgumentError,
      /exactly one of decay and rate, got neither/,
    ],
    [
      "both weights",
      [running, statistics, { decay: 0.9, rate: 0.1, correction: 0 }],
      ArgumentError,
      /got both/,
    ],
    ["no correction", [running, statistics, { decay: 0.9 }], ArgumentError, /biased/],
    ["a correction of 2", [running, statistics, { decay: 0.9, correction: 2 }], ArgumentError],
    ["momentum", [running, statistics, { momentum: 0.9, correction: 0 }], ArgumentError, /weight of the old/],
    [
      "a decay above 1",
      [running, statistics, { decay: 1.1, correction: 0 }],
      ArgumentError,
      /decay from 0 to 1/,
    ],
    [
      "a rate that is NaN",
      [running, statistics, { rate: Number.NaN, correction: 0 }],
      ArgumentError,
      /rate from 0 to 1/,
    ],
    ["no statistics", [null, statistics, { rate: 0.1, correction: 0 }], ArgumentError],
    ["arrays", [{ mean: [1], variance: [1] }, statistics, { rate: 0.1, correction: 0 }], ArgumentError],
    ["no options", [running, statistics], ArgumentError],
    ["other channels", [nn.initialStatistics([6]), statistics, { rate: 0.1, correction: 0 }], ShapeError],
    ["no count", [running, { mean: v3, variance: v3 }, { rate: 0.1, correction: 1 }], ArgumentError],
  ],
  dropout: [
    ["no options", [x], ArgumentError],
    ["keep 0", [x, { keep: 0, mode: "training", random: source }], ArgumentError],
    ["keep 1.5", [x, { keep: 1.5, mode: "evaluation" }], ArgumentError],
    ["no mode", [x, { keep: 0.5, random: source }], ArgumentError, /"training" or "evaluation"/],
    ["mode test", [x, { keep: 0.5, mode: "test" }], ArgumentError],
    ["no source", [x, { keep: 0.5, mode: "training" }], ArgumentError, /random\(7\)/],
    ["a seed for a source", [x, { keep: 0.5, mode: "training", random: 7 }], ArgumentError],
    ["integers", [counts, { keep: 0.5, mode: "training", random: source }], DTypeError],
    ["p", [x, { p: 0.5, mode: "training", random: source }], ArgumentError],
  ],
  softmaxLoss: [["nothing", [], ArgumentError]],
  svmLoss: [["nothing", [], ArgumentError]],
  fullyConnectedNet: [
    ["no options", [], ArgumentError],
    ["no layers", [{}], ArgumentError, /hiddenDims/],
    ["a layer of 0 units", [{ hiddenDims: [3, 0] }], ArgumentError, /hiddenDims\[1\]/],
    ["a misspelt option", [{ hiddenDims: [3], hidden: 1 }], ArgumentError],
    ["keep 0", [{ hiddenDims: [3], dropoutKeepRatio: 0 }], ArgumentError, /dropoutKeepRatio/],
    ["another norm", [{ hiddenDims: [3], normalization: "groupnorm" }], ArgumentError],
    ["a negative reg", [{ hiddenDims: [3], reg: -1 }], ArgumentError],
    ["weights without a scale", [{ hiddenDims: [3], weightScale: Number.NaN }], ArgumentError],
    ["integers", [{ hiddenDims: [3], dtype: "int32" }], DTypeError],
    ["half a seed", [{ hiddenDims: [3], seed: 0.5 }], ArgumentError],
    ["another source", [{ hiddenDims: [3], random: source }], ArgumentError, /numpyRandom/],
    ["another seeding", [{ hiddenDims: [3], dropoutSeeding: "always" }], ArgumentError],
    ["no such gradients", [{ hiddenDims: [3], gradients: true }], ArgumentError],
    ["no inputs", [{ hiddenDims: [3], inputDim: 0 }], ArgumentError],
    ["no classes", [{ hiddenDims: [3], numClasses: 0 }], ArgumentError],
  ],
  twoLayerNet: [
    ["hiddenDims", [{ hiddenDims: [3] }], ArgumentError],
    ["no units", [{ hiddenDim: 0 }], ArgumentError],
    ["half an input", [{ inputDim: 0.5 }], ArgumentError],
  ],
  dense: [
    ["no units", [], ArgumentError],
    ["half a unit", [0.5], ArgumentError],
    ["weights that are none", [3, { weights: "he" }], ArgumentError],
    ["a misspelt option", [3, { biased: false }], ArgumentError],
    ["a bias that is a number", [3, { bias: 0 }], ArgumentError],
  ],
  activation: [["a name", ["relu"], ArgumentError]],
  batchNormLayer: [
    ["momentum", [{ momentum: 0.1 }], ArgumentError],
    ["both weights", [{ decay: 0.9, rate: 0.1 }], ArgumentError],
    ["a correction of 2", [{ correction: 2 }], ArgumentError],
    ["a negative eps", [{ eps: -1 }], ArgumentError],
    ["no such gradients", [{ gradients: "fast" }], ArgumentError],
    ["a misspelt option", [{ axis: 1 }], ArgumentError],
  ],
  layerNormLayer: [
    ["a negative eps", [{ eps: -1 }], ArgumentError],
    ["no such gradients", [{ gradients: "fast" }], ArgumentError],
    ["a misspelt option", [{ axis: 1 }], ArgumentError],
  ],
  dropoutLayer: [
    ["no options", [], ArgumentError],
    ["keep 0", [{ keep: 0 }], ArgumentError],
    ["half a seed", [{ keep: 0.5, seed: 0.5 }], ArgumentError],
  ],
  flatten: [["an option", [{ axes: 1 }], ArgumentError]],
  sequential: [
    ["a function", [relu], ArgumentError, /activation\(relu\)/],
    ["half a layer", [{ init: relu }], ArgumentError, /layer 0/],
    ["an array", [[nn.flatten()]], ArgumentError],
  ],
  modelOf: [
    ["no network", [null, nn.softmaxLoss, { params: [], state: [] }], ArgumentError],
    ["no loss", [net, "softmax", net.init(source, [6])], ArgumentError],
    ["no start", [net, nn.softmaxLoss], ArgumentError],
    ["a misspelt option", [net, nn.softmaxLoss, net.init(source, [6]), { reg: 1 }], ArgumentError],
    [
      "a penalty that is a number",
      [net, nn.softmaxLoss, net.init(source, [6]), { penalty: 1 }],
      ArgumentError,
    ],
  ],
  scaledNormal: [
    ["no number", ["0.1"], ArgumentError],
    ["a negative std", [-1], ArgumentError],
  ],
  ...Object.fromEntries(
    ["kaimingNormal", "kaimingUniform", "glorotNormal", "glorotUniform"].map((name) => [
      name,
      [
        ["a seed for a source", [7, [3, 4]], ArgumentError],
        ["a vector", [source, [3]], ShapeError],
        ["an axis of 0", [source, [0, 3]], ShapeError],
        ["integers", [source, [3, 4], { dtype: "int32" }], DTypeError],
        ["a misspelt option", [source, [3, 4], { gain: 2 }], ArgumentError],
      ] satisfies readonly Misuse[],
    ]),
  ),
};

const exported: Readonly<Record<string, unknown>> = nn;

test("every function that is exported has been thought of", () => {
  expect(Object.keys(exported).sort()).toEqual(Object.keys(MISUSES).sort());
});

describe.each(Object.entries(MISUSES))("%s", (name, misuses) => {
  test.each(misuses.map((misuse) => [misuse[0], misuse] as const))("%s", (_, misuse) => {
    const [, args, error, message = /./] = misuse;
    const call = (): unknown => (exported[name] as Loose)(...args);
    expect(call).toThrow(error);
    expect(call).toThrow(message);
  });
});

describe.each([
  ["softmaxLoss", nn.softmaxLoss],
  ["svmLoss", nn.svmLoss],
] as const)("%s", (name, loss) => {
  const scores = random(1).normal([4, 3]);
  test.each<[string, unknown, unknown, new (...m: never[]) => WengertError]>([
    ["a label too large", scores, [0, 1, 3, 0], IndexError],
    ["a negative label", scores, tensor([0, -1, 0, 0], { dtype: "int32" }), IndexError],
    ["half a label", scores, [0, 0.5, 1, 2], ArgumentError],
    ["float labels", scores, tensor([0, 1, 2, 0]), DTypeError],
    ["bool labels", scores, tensor([true, false, true, false]), DTypeError],
    ["too few labels", scores, [0, 1], ShapeError],
    ["labels one by one", scores, [[0], [1], [2], [0]], ShapeError],
    ["a distribution", scores, random(1).uniform([4, 3]), DTypeError],
    ["no labels", scores, undefined, ArgumentError],
    ["a vector of scores", v3, [0], ShapeError],
    ["no examples", stored({ shape: [0, 3], data: [] }), [], ShapeError],
    ["scores that are integers", counts, labels, DTypeError],
    ["scores that are an array", [[1, 2]], [0], ArgumentError],
  ])("%s", (_, z, y, error) => {
    const call = (): unknown => loss(z as never, y as never);
    expect(call).toThrow(error);
    expect(call).toThrow(new RegExp(`^${name}: `));
  });
});

describe("models refuse", () => {
  const numpy = numpyRandom(1);
  const model = nn.fullyConnectedNet({
    hiddenDims: [5],
    inputDim: 6,
    numClasses: 3,
    normalization: "batchnorm",
    dropoutKeepRatio: 0.5,
  });
  const y = tensor(labels, { dtype: "int32" });
  const { W1, ...rest } = model.params;
  test.each<[string, readonly unknown[], new (...m: never[]) => WengertError, RegExp]>([
    ["nothing", [], ArgumentError, /a model is one/],
    ["examples of another size", [model, numpy.randn(4, 5)], ShapeError, /= 6/],
    ["no examples", [model, numpy.randn(0, 6), tensor(new Int32Array(0))], ShapeError, /N >= 1/],
    ["a vector", [model, v6], ShapeError, /= 6/],
    ["an array", [model, [[1]]], ArgumentError, /tensor/],
    [
      "labels out of range",
      [model, x, tensor([0, 1, 2, 3], { dtype: "int32" })],
      IndexError,
      /3 at position 3/,
    ],
    ["labels that are floats", [model, x, tensor([0, 1, 2, 0])], DTypeError, /int32/],
    ["too few labels", [model, x, tensor([0], { dtype: "int32" })], ShapeError, /\[4\]/],
    ["null for labels", [model, x, null], ArgumentError, /integers/],
    ["a parameter that is missing", [{ params: rest, state: model.state }, x, y], ArgumentError, /W1/],
    [
      "a parameter of another shape",
      [{ params: { ...rest, W1: W }, state: model.state }, x, y],
      ShapeError,
      /affine/,
    ],
    [
      "the state of another network",
      [{ params: model.params, state: { statistics: [], dropout: null } }, x, y],
      ArgumentError,
      /1 batch norm/,
    ],
    [
      "a state without a generator",
      [{ params: model.params, state: { ...model.state, dropout: null } }, x, y],
      ArgumentError,
      /state/,
    ],
    ["no state", [{ params: model.params }, x, y], ArgumentError, /params, state/],
    [
      "a batch of one, in training",
      [model, numpy.randn(1, 6), tensor([0], { dtype: "int32" })],
      ShapeError,
      /evaluation mode/,
    ],
  ])("%s", (_, args, error, message) => {
    const call = (): unknown => (model.loss as Loose)(...args);
    expect(call).toThrow(error);
    expect(call).toThrow(message);
    expect(W1).toBeDefined();
  });
});

describe("every layer refuses", () => {
  const layers: Readonly<Record<string, nn.Layer>> = {
    dense: nn.dense(3),
    activation: nn.activation(relu),
    batchNormLayer: nn.batchNormLayer(),
    layerNormLayer: nn.layerNormLayer(),
    dropoutLayer: nn.dropoutLayer({ keep: 0.5 }),
    flatten: nn.flatten(),
    sequential: nn.sequential(nn.dense(3)),
  };
  test.each(Object.entries(layers))("%s", (name, layer) => {
    const at = layer.init(source, [6]);
    const how = { mode: "training" } as const;
    const named = new RegExp(`^${name}: `);
    for (const [call, error] of [
      [() => layer.init(source, 6 as never), ShapeError],
      [() => layer.init(source, [-1]), ShapeError],
      [() => layer.apply(undefined as never, x, how), ArgumentError],
      [() => layer.apply({ state: null } as never, x, how), ArgumentError],
      [() => layer.apply(at, [[1, 2]] as never, how), ArgumentError],
    ] as const) {
      expect(call).toThrow(error);
      expect(call).toThrow(named);
    }
    expect(layer.apply(at, x, how).y.shape).toEqual([4, ...at.shape]);
  });
});

describe("layers refuse", () => {
  const at = net.init(source, [6]);
  const t = { mode: "training" } as const;
  test.each<[string, () => unknown, new (...m: never[]) => WengertError, RegExp]>([
    ["a source that is none", () => net.init(7 as never, [6]), ArgumentError, /random\(7\)/],
    ["a shape that is none", () => net.init(source, 6 as never), ShapeError, /sequential/],
    ["a shape that does not fit", () => nn.sequential(nn.dense(3)).init(source, []), ShapeError, /flatten/],
    [
      "images without axes",
      () => nn.batchNormLayer().init(source, [2, 3, 3]),
      ShapeError,
      /axes: \[0, 2, 3\]/,
    ],
    [
      "batch norm without the batch",
      () => nn.batchNormLayer({ axes: 1 }).init(source, [3]),
      AxisError,
      /0, the batch's/,
    ],
    [
      "layer norm over the batch",
      () => nn.layerNormLayer({ axes: [0, 1] }).init(source, [3]),
      AxisError,
      /by itself/,
    ],
    ["a dtype that is none", () => net.init(source, [6], { dtype: "half" as never }), DTypeError, /float64/],
    [
      "a misspelt option of init",
      () => net.init(source, [6], { type: "float32" } as never),
      ArgumentError,
      /type/,
    ],
    ["no mode", () => net.apply(at, x, {} as never), ArgumentError, /"training" or "evaluation"/],
    [
      "another mode",
      () => net.apply(at, x, { mode: "test" as never }),
      ArgumentError,
      /"training" or "evaluation"/,
    ],
    ["a misspelt option of apply", () => net.apply(at, x, { ...t, seed: 1 } as never), ArgumentError, /seed/],
    ["a seed for a source", () => net.apply(at, x, { ...t, random: 1 as never }), ArgumentError, /random/],
    [
      "parameters of another network",
      () => net.apply({ params: [], state: [] } as never, x, t),
      ArgumentError,
      /1 layer/,
    ],
    ["no standing", () => net.apply(undefined as never, x, t), ArgumentError, /params/],
    [
      "x of another size",
      () => net.apply(at, random(1).normal([4, 5]), t),
      ShapeError,
      /dense: x of shape \[N, ..., 6\]/,
    ],
    [
      "an activation that changes the shape",
      () => nn.activation(() => v3).apply({ params: {}, state: null }, x, t),
      ShapeError,
      /activation/,
    ],
    [
      "an activation that gives nothing",
      () => nn.activation((() => undefined) as never).apply({ params: {}, state: null }, x, t),
      ArgumentError,
      /tensor/,
    ],
    [
      "a scalar to flatten",
      () => nn.flatten().apply({ params: {}, state: null }, tensor(1), t),
      ShapeError,
      /flatten/,
    ],
    [
      "a state that is no generator's",
      () => nn.dropoutLayer({ keep: 0.5 }).apply({ params: {}, state: null as never }, x, t),
      ArgumentError,
      /state/,
    ],
    [
      "a loss that is no scalar",
      () => {
        const model = nn.modelOf(net, (y) => y, at);
        return model.loss(model, x, tensor(labels, { dtype: "int32" }));
      },
      NotScalarError,
      /mean or its sum/,
    ],
    [
      "a loss that is a number",
      () => {
        const model = nn.modelOf(net, (() => 1) as never, at);
        return model.loss(model, x, tensor(labels, { dtype: "int32" }));
      },
      ArgumentError,
      /the loss to be a tensor/,
    ],
  ])("%s", (_, call, error, message) => {
    expect(call).toThrow(error);
    expect(call).toThrow(message);
    expect(call).toThrow(WengertError);
  });
});
