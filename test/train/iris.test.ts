/** The course's Solver, network and Adam on Fisher's irises: fixture 28, which NumPy computed; and what is resumed of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { iris } from "../../src/data/index.ts";
import { fromData, numpyRandom, sub, take, tensor } from "../../src/index.ts";
import { fullyConnectedNet } from "../../src/nn/index.ts";
import { adam } from "../../src/optim/index.ts";
import { type TrainingData, train } from "../../src/train/index.ts";
import { checkpointFolder } from "../../src/train/node/index.ts";
import { courseFixture } from "../support/fixtures.ts";
import { bitsOf } from "./fixture/bits.ts";

// A machine that is busy takes its time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

interface Curves {
  readonly loss: readonly number[];
  readonly train_acc: readonly number[];
  readonly val_acc: readonly number[];
}

const fixture = courseFixture<{
  readonly mean: readonly number[];
  readonly expected_float64: Readonly<Record<"batchnorm" | "layernorm" | "baseline", Curves>>;
}>("28_train_iris_own");

async function irises(): Promise<TrainingData> {
  const { x, labels } = await iris();
  const centred = sub(x, tensor(fixture.mean));
  const rows = Array.from({ length: 150 }, (_, i) => i);
  const part = (isIn: (i: number) => boolean): ReturnType<typeof fromData> => {
    const indices = Int32Array.from(rows.filter(isIn));
    return fromData([indices.length], "int32", indices);
  };
  const [train, val] = [part((i) => i % 3 !== 2), part((i) => i % 3 === 2)];
  return {
    trainX: take(centred, train, 0),
    trainY: take(labels, train, 0),
    valX: take(centred, val, 0),
    valY: take(labels, val, 0),
  };
}

const dims = { inputDim: 4, hiddenDims: [20, 20, 20, 20], numClasses: 3 } as const;

test("three networks, trained one after the other from one source, learn as NumPy's do", async () => {
  const data = await irises();
  const random = numpyRandom(231);
  const kinds = ["batchnorm", "layernorm", "baseline"] as const;
  const models = kinds.map((kind) =>
    fullyConnectedNet({
      ...dims,
      normalization: kind === "baseline" ? null : kind,
      weightScale: 0.05,
      dtype: "float64",
      random,
    }),
  );
  for (const [k, kind] of kinds.entries()) {
    const result = await train(models[k]!, data, {
      optimizer: adam({ learningRate: 0.01 }),
      random,
      batchSize: 25,
      epochs: 15,
    });
    const { loss, train_acc, val_acc } = fixture.expected_float64[kind];
    expect(result.lossHistory).toHaveLength(60);
    // Rounding grows from step to step, tenfold every few.
    const errors = result.lossHistory.map((value, t) => Math.abs(value - loss[t]!));
    expect(Math.max(...errors.slice(0, 20))).toBeLessThan(1e-10);
    expect(Math.max(...errors)).toBeLessThan(1e-5);
    expect(result.trainAccuracyHistory).toEqual(train_acc);
    expect(result.valAccuracyHistory).toEqual(val_acc);
    expect(result.best.accuracy).toBe(Math.max(...val_acc));
    // The first that is best: the one after step 1, then an epoch of four steps each.
    const first = val_acc.indexOf(result.best.accuracy);
    expect(result.best.iteration).toBe(first === 0 ? 1 : 4 * first);
  }
});

const folder = mkdtempSync(join(tmpdir(), "wengert-iris-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("with batch norm and dropout, in float32, stopped every 13 steps: the same to the last bit", async () => {
  const { valX, trainX, ...labels } = await irises();
  const single = (x: typeof valX): typeof valX => fromData(x.shape, "float32", Float32Array.from(x.data));
  const data = { ...labels, trainX: single(trainX), valX: single(valX) };
  const go = (signalAt: number, where?: string): ReturnType<typeof train> => {
    const random = numpyRandom(7);
    const model = fullyConnectedNet({ ...dims, normalization: "batchnorm", dropoutKeepRatio: 0.8, random });
    const controller = new AbortController();
    let steps = 0;
    return train(model, data, {
      optimizer: adam({ learningRate: 0.01 }),
      random,
      batchSize: 25,
      epochs: 15,
      signal: controller.signal,
      onStep: () => void (++steps === signalAt && controller.abort()),
      ...(where === undefined ? {} : { checkpoints: checkpointFolder(where) }),
    });
  };
  const whole = await go(0);
  expect(whole.ended).toBe("finished");
  let result = await go(13, folder);
  let runs = 1;
  for (; result.ended === "stopped"; runs++) result = await go(13, folder);
  expect(runs).toBe(5);
  expect(bitsOf(result)).toBe(bitsOf(whole));
});
