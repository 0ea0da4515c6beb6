/** The course's conventions, against numbers worked out by hand and indices drawn by NumPy. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test, vi } from "vitest";
import {
  ArgumentError,
  cast,
  DTypeError,
  fromData,
  numpyRandom,
  random,
  ShapeError,
  type Tensor,
  tensor,
} from "../../src/index.ts";
import { type TrainingData, train, training } from "../../src/train/index.ts";
import { momentumSgd, network, points } from "./fixture/network.ts";
import { scripted, upwards } from "./fixture/scripted.ts";

// A machine that is busy takes its time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** Rows that are their own numbers; 250 validation rows are 0 to 4, over and over. */
function rows(n: number): TrainingData {
  const column = (values: readonly number[]): Tensor =>
    fromData([values.length, 1], "float64", Float64Array.from(values));
  const labels = (values: readonly number[]): Tensor =>
    fromData(
      [values.length],
      "int32",
      Int32Array.from(values, (v) => (v < 3 ? 1 : 0)),
    );
  const own = Array.from({ length: n }, (_, i) => i);
  const val = Array.from({ length: 250 }, (_, i) => i % 5);
  return { trainX: column(own), trainY: labels(own), valX: column(val), valY: labels(val) };
}

// np.random.seed(231); choice(7, 3) at each step, choice(7, 4) where the training accuracy is measured.
const BATCHES = [
  [0, 4, 1],
  [4, 2, 1],
  [1, 3, 1],
  [4, 3, 1],
  [5, 4, 2],
  [3, 4, 4],
];

describe("seven samples, batches of three, three epochs", () => {
  const options = { optimizer: upwards, batchSize: 3, epochs: 3, trainSamples: 4 };

  test("batches are those of NumPy, drawn with replacement, and the source is left where NumPy's is", async () => {
    const { model, batches } = scripted();
    const source = numpyRandom(231);
    const result = await train(model, rows(7), { ...options, random: source });
    expect(batches).toEqual(BATCHES);
    expect([...source.randint(0, 1000, [3]).data]).toEqual([330, 946, 263]);
    expect(result).toMatchObject({ ended: "finished", iterations: 6, epochs: 3 });
    expect(result.lossHistory).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("accuracies after the first step, at epoch ends and at the last; the best come with their state", async () => {
    const { model, predictions } = scripted();
    const result = await train(model, rows(7), { ...options, random: numpyRandom(231) });
    // Samples drawn: [3,6,2,6] at w = 1, [2,2,4,2] at 2, [1,1,5,3] at 4, [6,4,3,0] at 6; class 1 is below 3.
    expect(result.trainAccuracyHistory).toEqual([0.75, 0.25, 0.75, 0.5]);
    expect(result.valAccuracyHistory).toEqual([0.6, 0.8, 0.8, 0.6]);
    expect(result.best).toMatchObject({ accuracy: 0.8, iteration: 2, state: { seen: 2 } });
    expect(result.best.params.w.item()).toBe(2);
    expect(result.last.params.w.item()).toBe(6);
    expect(result.last.state).toEqual({ seen: 6 });
    expect(predictions).toEqual([1, 2, 4, 6].flatMap((w) => [4, 100, 100, 50].map((count) => [count, w])));
    expect(model).toMatchObject({ state: { seen: 0 } });
    for (const part of [result, result.best, result.last, result.lossHistory, result.valAccuracyHistory]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test("lines are the course's", async () => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    await train(scripted().model, rows(7), { ...options, random: numpyRandom(231), log, logEvery: 2 });
    expect(lines).toEqual([
      "(Iteration 1 / 6) loss: 0.000000",
      "(Epoch 0 / 3) train acc: 0.750000; val_acc: 0.600000",
      "(Epoch 1 / 3) train acc: 0.250000; val_acc: 0.800000",
      "(Iteration 3 / 6) loss: 2.000000",
      "(Epoch 2 / 3) train acc: 0.750000; val_acc: 0.800000",
      "(Iteration 5 / 6) loss: 4.000000",
      "(Epoch 3 / 3) train acc: 0.500000; val_acc: 0.600000",
    ]);
  });

  test("the learning rate decays after each epoch", () => {
    const { model } = scripted();
    const run = training(model, rows(7), { ...options, random: numpyRandom(231), learningRateDecay: 0.5 });
    for (const { loss, iteration } of run) expect(loss).toBe([0, 1, 2, 2.5, 3, 3.25][iteration - 1]);
    expect(run.snapshot().optimizer).toEqual({ factors: [1, 1, 0.5, 0.5, 0.25, 0.25] });
  });

  test("step by step: each tells what it did", () => {
    const run = training(scripted().model, rows(7), { ...options, random: numpyRandom(231) });
    expect(run).toMatchObject({ iteration: 0, iterations: 6, perEpoch: 2 });
    expect(run.result()).toMatchObject({ ended: "stopped", iterations: 0, best: { accuracy: Number.NaN } });
    expect(run.step()).toEqual({
      iteration: 1,
      iterations: 6,
      epoch: 0,
      epochs: 3,
      loss: 0,
      accuracy: { train: 0.75, val: 0.6 },
    });
    expect(run.at.params.w.item()).toBe(1);
    expect(run.step()).toMatchObject({ iteration: 2, epoch: 1, accuracy: { train: 0.25, val: 0.8 } });
    expect(run.step()).toMatchObject({ iteration: 3, epoch: 1, accuracy: null });
    expect(run.result()).toMatchObject({
      ended: "stopped",
      iterations: 3,
      epochs: 1,
      lossHistory: [0, 1, 2],
    });
    expect([...run].map(({ iteration }) => iteration)).toEqual([4, 5, 6]);
    expect(run.step()).toBeNull();
    expect(run.result().ended).toBe("finished");
  });
});

test("no more samples than are measured: none are drawn for it", () => {
  const { model, batches } = scripted();
  const run = training(model, rows(5), {
    optimizer: upwards,
    random: numpyRandom(231),
    batchSize: 3,
    epochs: 4,
  });
  // floor(5 / 3) = 1 step an epoch; np.random.seed(231); [choice(5, 3) for _ in range(4)]
  expect([...run].map(({ epoch, accuracy }) => [epoch, accuracy?.train])).toEqual([
    [1, 0.6],
    [2, 0.8],
    [3, 1],
    [4, 0.8],
  ]);
  expect(batches).toEqual([
    [0, 4, 1],
    [3, 2, 4],
    [2, 1, 2],
    [2, 4, 2],
  ]);
});

test("a batch may be larger than the data", () => {
  const { model, batches } = scripted();
  const run = training(model, rows(2), { optimizer: upwards, random: random(1), batchSize: 9, epochs: 2 });
  expect([...run]).toHaveLength(2);
  expect(batches.map((batch) => batch.length)).toEqual([9, 9]);
  expect(batches.flat().every((v) => v === 0 || v === 1)).toBe(true);
});

test("a real network learns, in float64 and float32", async () => {
  for (const dtype of ["float64", "float32"] as const) {
    const source = numpyRandom(231);
    const data = points(source, 300, dtype);
    const result = await train(network(source, { dtype }), data, {
      optimizer: momentumSgd(0.1),
      random: source,
      batchSize: 30,
    });
    expect(result.best.params.W1.dtype).toBe(dtype);
    expect(result.best.accuracy).toBe(Math.max(...result.valAccuracyHistory));
    expect(result.best.accuracy).toBeGreaterThan(0.55);
    expect(result.lossHistory).toHaveLength(100);
  }
});

test("an abort signal stops after the running step, and nothing is thrown", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const options = { optimizer: upwards, random: numpyRandom(231), batchSize: 3, epochs: 3 };
  const result = await train(scripted().model, rows(7), {
    ...options,
    signal: controller.signal,
    onStep: async ({ iteration }) => {
      seen.push(iteration);
      await Promise.resolve();
      if (iteration === 4) controller.abort();
    },
  });
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(result).toMatchObject({ ended: "stopped", iterations: 4, epochs: 2, best: { iteration: 2 } });
  const none = await train(scripted().model, rows(7), { ...options, signal: AbortSignal.abort() });
  expect(none).toMatchObject({ ended: "stopped", iterations: 0, lossHistory: [] });
});

test("timers and other promises have their turn while it trains", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const source = numpyRandom(231);
  await train(network(source), points(source, 300), {
    optimizer: momentumSgd(0.1),
    random: source,
    epochs: 150,
  });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(1);
});

describe("bad input is refused before anything is computed", () => {
  const { model } = scripted();
  const good = { optimizer: upwards, random: numpyRandom(231) };
  const data = rows(7);
  const integers = cast(data.trainX, "int32");

  test.each([
    ["no model", null, data, good, ArgumentError, "train: a model { params, state, loss }, got null"],
    [
      "no loss",
      { params: {}, state: null },
      data,
      good,
      ArgumentError,
      "train: the model's loss to be a function",
    ],
    ["no data", model, null, good, ArgumentError, "options { trainX, trainY, valX, valY }, got null"],
    [
      "a part missing",
      model,
      { ...data, valY: undefined },
      good,
      ArgumentError,
      "valY to be a tensor, got undefined",
    ],
    ["a part misspelt", model, { ...data, valZ: data.valX }, good, ArgumentError, 'an option "valZ"'],
    [
      "samples of int32",
      model,
      { ...data, trainX: integers },
      good,
      DTypeError,
      "trainX to be float64 or float32",
    ],
    [
      "labels of float64",
      model,
      { ...data, valY: cast(data.valY, "float64") },
      good,
      DTypeError,
      "valY to be int32",
    ],
    [
      "labels too few",
      model,
      { ...data, trainY: tensor([1, 0], { dtype: "int32" }) },
      good,
      ShapeError,
      "trainY of shape [7], got [2]",
    ],
    [
      "other samples",
      model,
      { ...data, valX: cast(data.valX, "float32") },
      good,
      ShapeError,
      "float64[250,1], like trainX, got float32[250,1]",
    ],
    [
      "no samples",
      model,
      { ...data, valX: fromData([0, 1], "float64", new Float64Array(0)) },
      good,
      ShapeError,
      "at least one sample",
    ],
    [
      "a seed",
      model,
      data,
      { ...good, random: 231 },
      ArgumentError,
      "random to be a source of random numbers, got 231",
    ],
    [
      "no optimizer",
      model,
      data,
      { random: good.random },
      ArgumentError,
      "an optimizer { name, init, update }",
    ],
    [
      "half an optimizer",
      model,
      data,
      { ...good, optimizer: { name: "x", init() {} } },
      ArgumentError,
      "x to have a function update",
    ],
    [
      "half an epoch",
      model,
      data,
      { ...good, epochs: 0.5 },
      ArgumentError,
      "epochs to be an integer >= 1, got 0.5",
    ],
    ["no batch", model, data, { ...good, batchSize: 0 }, ArgumentError, "batchSize to be an integer from 1"],
    [
      "a decay of 0",
      model,
      data,
      { ...good, learningRateDecay: 0 },
      ArgumentError,
      "learningRateDecay to be above 0",
    ],
    ["a misspelt option", model, data, { ...good, batchsize: 3 }, ArgumentError, 'an option "batchsize"'],
    ["no log", model, data, { ...good, log: true }, ArgumentError, "log to be a function, got true"],
    [
      "no signal",
      model,
      data,
      { ...good, signal: true },
      ArgumentError,
      "signal to be an AbortSignal, got true",
    ],
    [
      "every alone",
      model,
      data,
      { ...good, every: 3 },
      ArgumentError,
      "checkpoints to go with every, got none",
    ],
    [
      "no checkpoints",
      model,
      data,
      { ...good, checkpoints: "runs/a" },
      ArgumentError,
      "checkpoints.load to be a function",
    ],
  ])("%s", async (_, ...[badModel, badData, badOptions, kind, message]) => {
    const before = JSON.stringify(good.random.state());
    const [m, d, o] = [badModel, badData, badOptions] as Parameters<typeof train>;
    const error: unknown = await train(m, d, o).then(
      () => null,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toContain(message);
    expect(JSON.stringify(good.random.state())).toBe(before);
  });

  test("scores that are no scores", () => {
    const flat = fromData([7, 1, 1], "float64", new Float64Array(7));
    function loss(at: Parameters<typeof model.loss>[0], x: Tensor): Tensor;
    function loss(...args: Parameters<typeof model.loss>): ReturnType<typeof model.loss>;
    function loss(...args: readonly unknown[]): unknown {
      const [at, x, labels] = args as Parameters<typeof model.loss>;
      return labels === undefined ? flat : model.loss(at, x, labels);
    }
    const run = training({ ...model, loss }, data, good);
    expect(() => run.step()).toThrow("the model's scores to be [7, classes], got [7,1,1]");
  });
});

test("the loop needs nothing of Node: it runs in a page", () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
      if (fileName.startsWith(".")) visit(join(dirname(file), fileName));
      else expect(["immer", "tslib"], `${file} imports ${fileName}`).toContain(fileName);
    }
  };
  visit(fileURLToPath(new URL("../../src/train/index.ts", import.meta.url)));
  visit(fileURLToPath(new URL("../../src/io/index.ts", import.meta.url)));
  expect(seen.size).toBeGreaterThan(20);
  const node = readdirSync(new URL("../../src/train/node/", import.meta.url));
  expect([...seen].filter((file) => node.some((name) => file.endsWith(`train/node/${name}`)))).toEqual([]);
});
