/** Whole trainings, step by step, against losses that NumPy printed. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { centered, findCifar10, takeRows } from "../../src/data/index.ts";
import { numpyRandom } from "../../src/index.ts";
import { fullyConnectedNet } from "../../src/nn/index.ts";
import { adam } from "../../src/optim/index.ts";
import { training } from "../../src/train/index.ts";
import { courseFixture } from "../support/fixtures.ts";

const SHARED = new URL("../../../shared/data", import.meta.url).pathname;
const isThere = existsSync(`${SHARED}/cifar10_train_first1000.bin`);
const ifThere = test.skipIf(!isThere);

describe("on a thousand images of CIFAR-10 (skipped where ../shared/data is not)", () => {
  ifThere(
    "with batch norm, every loss of a hundred steps is NumPy's within 1e-5, and the printed ones the course's",
    { timeout: 300_000 },
    async () => {
      const { ours, published } = courseFixture<{
        ours: { float64: { batchnorm: { loss: readonly number[] } } };
        published: { bn_losses: Readonly<Record<string, Readonly<Record<string, number>>>> };
      }>("08_train_bn_cifar");
      const { train: images, mean } = await findCifar10(SHARED, { train: 1000, test: 1 });
      const x = centered(images.x, mean!);
      const random = numpyRandom(231);
      const options = { hiddenDims: [100, 100, 100, 100, 100], weightScale: 2e-2, random } as const;
      const net = fullyConnectedNet({ ...options, dtype: "float64", normalization: "batchnorm" });
      // The notebook draws the other network's weights before it trains this one.
      fullyConnectedNet({ ...options, dtype: "float64" });
      // What accuracies are measured on is not at stake: a few images do.
      const few = { valX: takeRows(x, [0, 1]), valY: takeRows(images.labels, [0, 1]) };
      const run = training(
        net,
        { trainX: x, trainY: images.labels, ...few },
        { optimizer: adam({ learningRate: 1e-3 }), random, batchSize: 50, epochs: 10 },
      );
      const losses: number[] = [];
      while (losses.length < 101) losses.push(run.step()!.loss);

      const expected = ours.float64.batchnorm.loss;
      for (let k = 0; k < 100; k++)
        expect(Math.abs(losses[k]! - expected[k]!), `step ${k + 1}`).toBeLessThan(1e-5);
      const branch = Object.entries(published.bn_losses).find(([name]) => name.startsWith("A"))![1];
      for (const k of [1, 21, 41, 61, 81, 101]) {
        expect(Math.abs(losses[k - 1]! - branch[String(k)]!), `step ${k}`).toBeLessThan(1e-5);
      }
    },
  );

  ifThere(
    "of the dropout experiment, the first losses are NumPy's in float32",
    { timeout: 300_000 },
    async () => {
      const { ours_float32: ours } = courseFixture<{
        ours_float32: Readonly<Record<string, { loss: readonly number[] }>>;
      }>("27_dropout_train_cifar");
      const { train: images, mean } = await findCifar10(SHARED, { train: 500, test: 1, dtype: "float32" });
      const x = centered(images.x, mean!);
      const data = {
        trainX: x,
        trainY: images.labels,
        valX: takeRows(x, [0]),
        valY: takeRows(images.labels, [0]),
      };
      const random = numpyRandom(231);
      const net = fullyConnectedNet({ hiddenDims: [500], weightScale: 1e-2, dropoutKeepRatio: 1, random });
      const run = training(net, data, {
        optimizer: adam({ learningRate: 5e-4 }),
        random,
        batchSize: 100,
        epochs: 25,
      });
      const losses = [1, 2, 3].map(() => run.step()!.loss);
      for (const [k, loss] of losses.entries()) {
        expect(Math.abs(loss / ours["1"]!.loss[k]! - 1), `step ${k + 1}`).toBeLessThan(1e-4);
      }
    },
  );
});
