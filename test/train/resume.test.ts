/** A run that is broken off anywhere, and gone on with, is the run that never was. */
import { describe, expect, test, vi } from "vitest";
import {
  type DType,
  mul,
  type NumPyRandom,
  numpyRandom,
  random,
  type Tensor,
  type Tree,
} from "../../src/index.ts";
import type { Model } from "../../src/nn/model.ts";
import { adam } from "../../src/optim/index.ts";
import type { Optimizer } from "../../src/optim/optimizer.ts";
import {
  CheckpointError,
  type Checkpoints,
  type Snapshot,
  type Training,
  type TrainingOptions,
  type TrainOptions,
  train,
  training,
} from "../../src/train/index.ts";
import { bitsOf } from "./fixture/bits.ts";
import { momentumSgd, network, type Params, points, type State } from "./fixture/network.ts";
import { scripted, upwards } from "./fixture/scripted.ts";

// A machine that is busy takes its time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

interface Setting {
  readonly model: Model<Params, State>;
  readonly data: ReturnType<typeof points>;
  readonly options: TrainingOptions;
  readonly source: NumPyRandom;
}

/** All made anew, as a process that is started again makes it: 10 steps an epoch, 40 in all. */
function begun(
  changes: Partial<TrainingOptions> = {},
  { seed = 231, hidden = 8, dtype = "float64" as DType } = {},
): Setting {
  const source = numpyRandom(seed);
  const data = points(source, 200, dtype);
  const model = network(source, { hidden, dtype });
  const optimizer: Optimizer<Tree> = momentumSgd(0.05) as Optimizer<Tree>;
  const options = {
    optimizer,
    random: source,
    batchSize: 20,
    epochs: 4,
    learningRateDecay: 0.9,
    trainSamples: 50,
  };
  return { model, data, source, options: { ...options, ...changes } };
}

/** The end of a run: result, snapshot, and what the source draws next. */
function ending(setting: Setting, from: Snapshot | null = null): string {
  const run = training(setting.model, setting.data, setting.options, from);
  for (const _ of run);
  return bitsOf([run.result(), run.snapshot(), setting.source.randn(3)]);
}

describe.each<[string, Partial<TrainingOptions>, { readonly dtype?: DType }]>([
  ["momentum, float64", {}, {}],
  ["adam, float32", { optimizer: adam({ learningRate: 0.01 }) as Optimizer<Tree> }, { dtype: "float32" }],
])("%s", (_, changes, kind) => {
  const whole = ending(begun(changes, kind));

  test.each([0, 1, 7, 10, 11, 25, 39, 40])("broken off after step %i", (steps) => {
    const first = begun(changes, kind);
    const run = training(first.model, first.data, first.options);
    for (let t = 0; t < steps; t++) run.step();
    const snapshot = run.snapshot();
    const bits = bitsOf(snapshot);
    // What goes on in the first process does not reach the snapshot.
    for (let t = 0; t < 3; t++) run.step();
    expect(bitsOf(snapshot)).toBe(bits);
    expect(ending(begun(changes, kind), snapshot)).toBe(whole);
  });

  test("broken off again and again", () => {
    let snapshot: Snapshot | null = null;
    for (const steps of [3, 1, 9, 10, 2, 8]) {
      const { model, data, options } = begun(changes, kind);
      const run: Training<Params, State> = training(model, data, options, snapshot);
      for (let t = 0; t < steps; t++) run.step();
      snapshot = run.snapshot();
    }
    expect(ending(begun(changes, kind), snapshot)).toBe(whole);
  });
});

test("more epochs: as if there had been so many from the start", () => {
  const short = begun();
  const run = training(short.model, short.data, short.options);
  for (const _ of run);
  expect(ending(begun({ epochs: 6 }), run.snapshot())).toBe(ending(begun({ epochs: 6 })));
  const { model, data, options } = begun({ epochs: 2 });
  expect(() => training(model, data, options, run.snapshot())).toThrow(
    "checkpoint: at most 20 steps, got 40 steps taken; give more epochs",
  );
});

test("the library's own random source resumes as well", () => {
  const run = (from: Snapshot | null, steps: number): Snapshot => {
    const options = { optimizer: upwards, random: random(3, "batches"), batchSize: 3, epochs: 9 };
    const it = training(scripted().model, begun().data, options, from);
    for (let t = 0; t < steps; t++) it.step();
    return it.snapshot();
  };
  expect(bitsOf(run(run(null, 11), 20))).toBe(bitsOf(run(null, 31)));
});

describe("a snapshot of another run is refused, with what differs", () => {
  const { model, data, options } = begun();
  const run = training(model, data, options);
  for (let t = 0; t < 13; t++) run.step();
  const snapshot = run.snapshot();

  const other = (t: Tensor): Tensor => mul(t, 1.001);
  const regularised = { ...model, loss: withMore } as typeof model;
  function withMore(...args: Parameters<typeof model.loss>): unknown {
    const [at, x, labels] = args;
    if (labels === undefined) return model.loss(at, x);
    const step = model.loss(at, x, labels);
    return { ...step, loss: step.loss + 0.01 };
  }

  test.each<[string, () => Setting, RegExp]>([
    ["batch size", () => begun({ batchSize: 25 }), /, got another: batchSize is 25, and was 20; go on with/],
    [
      "decay",
      () => begun({ learningRateDecay: 1 }),
      /another: learningRateDecay is 1, and was 0.9; go on with/,
    ],
    ["samples", () => begun({ trainSamples: 60 }), /trainSamples is 60, and was 50/],
    [
      "learning rate",
      () => begun({ optimizer: momentumSgd(0.06) as Optimizer<Tree> }),
      /got another: the optimizer's first steps, in a weighted sum is \S+, and was \S+; go/,
    ],
    [
      "momentum",
      () => begun({ optimizer: momentumSgd(0.05, 0.8) as Optimizer<Tree> }),
      /got another: the optimizer's first steps/,
    ],
    [
      "optimizer",
      () => begun({ optimizer: adam() as Optimizer<Tree> }),
      /missing: optimizer.mean.W1.*unknown: optimizer.velocity.W1.*optimizer is adam, and was momentumSgd/,
    ],
    [
      "seed",
      () => begun({}, { seed: 232 }),
      /random is numpyRandom at \w+, and was numpyRandom at \w+; trainX is float64\[200,3\] \w+, and was/,
    ],
    ["kind of source", () => begun({ random: random(231) }), /random is random at/],
    [
      "shapes",
      () => begun({}, { hidden: 9 }),
      /another: params.W1: float64\[3,8\] for float64\[3,9\]; params.gamma: float64\[8\] for float64\[9\]/,
    ],
    [
      "dtype",
      () => begun({}, { dtype: "float32" }),
      /params.W1: float64\[3,8\] for float32\[3,8\].*trainX is float32/,
    ],
    [
      "one number of the data",
      () => ({ ...begun(), data: { ...data, valX: other(data.valX) } }),
      /got another: valX is float64\[120,3\] \w+, and was/,
    ],
    [
      "first parameters",
      () => ({
        ...begun(),
        model: {
          ...model,
          params: {
            ...model.params,
            beta: mul(0.5, model.params.gamma),
          },
        },
      }),
      /got another: the model's first parameters/,
    ],
    [
      "loss",
      () => ({ ...begun(), model: regularised }),
      /got another: the model's loss on the first samples/,
    ],
  ])("%s", (_, setting, message) => {
    const { model: m, data: d, options: o } = setting();
    const before = JSON.stringify(o.random.state());
    const resume = (): unknown => training(m, d, o, snapshot);
    expect(resume).toThrow(CheckpointError);
    expect(resume).toThrow(message);
    expect(JSON.stringify(o.random.state())).toBe(before);
  });

  test("a source that was drawn from by others", () => {
    const first = begun();
    const it = training(first.model, first.data, first.options);
    for (let t = 0; t < 5; t++) it.step();
    first.source.rand();
    const { model: m, data: d, options: o } = begun();
    expect(() => training(m, d, o, it.snapshot())).toThrow("nobody else may draw from it while training");
  });

  test.each<[string, unknown, string]>([
    ["nothing of the kind", 3, "a snapshot to be an object"],
    ["no steps", { ...snapshot, iteration: -1 }, "iteration to be an integer >= 0"],
    ["a history too long", { ...snapshot, iteration: 12 }, "one loss a step"],
    [
      "a history of words",
      { ...snapshot, valAccuracyHistory: ["a"] },
      "valAccuracyHistory to be an array of numbers",
    ],
    ["no best", { ...snapshot, best: {} }, "best to be a standing with its accuracy"],
    ["no fingerprint", { ...snapshot, run: { exact: {} } }, "run.near to be an object"],
    ["a tensor missing", { ...snapshot, params: { ...snapshot.params, beta: null } }, "missing: params.beta"],
  ])("%s", (_, value, message) => {
    const { model: m, data: d, options: o } = begun();
    expect(() => training(m, d, o, value as Snapshot)).toThrow(message);
  });
});

describe("train, with somewhere to keep snapshots", () => {
  /** Kept in memory. */
  function memory(): Checkpoints & { readonly saved: Snapshot[] } {
    const saved: Snapshot[] = [];
    return {
      saved,
      where: "memory",
      load: async () => saved.at(-1) ?? null,
      save: async (snapshot) => void saved.push(snapshot),
    };
  }
  const iterations = ({ saved }: { readonly saved: readonly Snapshot[] }): number[] =>
    saved.map((s) => s.iteration);
  const go = (
    more: Partial<TrainOptions>,
    changes: Partial<TrainingOptions> = {},
  ): ReturnType<typeof train> => {
    const { model, data, options } = begun(changes);
    return train(model, data, { ...options, ...more });
  };

  test("saves at the start, after each epoch, and where it is stopped", async () => {
    const kept = memory();
    const controller = new AbortController();
    const onStep = ({ iteration }: { readonly iteration: number }): void => {
      if (iteration === 23) controller.abort();
    };
    const stopped = await go({ checkpoints: kept, signal: controller.signal, onStep });
    expect(stopped.ended).toBe("stopped");
    expect(iterations(kept)).toEqual([0, 10, 20, 23]);
    const result = await go({ checkpoints: kept });
    expect(iterations(kept)).toEqual([0, 10, 20, 23, 30, 40]);
    expect(bitsOf(result)).toBe(bitsOf(await go({})));
    // Finished: nothing is done again.
    expect(bitsOf(await go({ checkpoints: kept, onStep: () => expect.fail("a step") }))).toBe(bitsOf(result));
    expect(iterations(kept)).toHaveLength(6);
  });

  test("or after every so many steps, and at the end", async () => {
    const kept = memory();
    await go({ checkpoints: kept, every: 15 });
    expect(iterations(kept)).toEqual([0, 15, 30, 40]);
  });

  test("says where the snapshot of another run is", async () => {
    const kept = memory();
    await go({ checkpoints: kept });
    await expect(go({ checkpoints: kept }, { batchSize: 10 })).rejects.toThrow(
      /^checkpoint memory: the run that was saved, got another: batchSize is 10, and was 20/,
    );
    expect(iterations(kept)).toHaveLength(5);
  });
});
