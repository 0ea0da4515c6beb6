/** What is not finite ends training, with the op to blame, and with what was good before it. */
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import {
  ArgumentError,
  fromData,
  NonFiniteError,
  numpyRandom,
  scalar,
  type Tensor,
  type Tree,
} from "../../src/index.ts";
import type { Optimizer } from "../../src/optim/optimizer.ts";
import { DivergenceError, train, training } from "../../src/train/index.ts";
import { momentumSgd, network, type Params, points, type State } from "./fixture/network.ts";
import { scripted, upwards } from "./fixture/scripted.ts";

// A machine that is busy takes its time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

async function failure(of: Promise<unknown>): Promise<DivergenceError> {
  const error: unknown = await of.then(
    () => null,
    (e: unknown) => e,
  );
  if (error instanceof DivergenceError) return error;
  throw error ?? new Error("it did not diverge");
}

function finite({ data }: Tensor): boolean {
  return [...data].every(Number.isFinite);
}

describe("a learning rate of 1e300", async () => {
  const source = numpyRandom(231);
  const data = points(source, 100);
  const model = network(source);
  const error = await failure(
    train(model, data, { optimizer: momentumSgd(1e300), random: source, batchSize: 20 }),
  );

  test("is stopped at its second step, and the op that overflowed is named, with its line", () => {
    expect(error.iteration).toBe(2);
    const { cause } = error;
    expect(cause).toBeInstanceOf(NonFiniteError);
    const blame = cause as NonFiniteError;
    expect(blame.origin).toContain(fileURLToPath(new URL("fixture/network.ts", import.meta.url)));
    expect(blame.path.length).toBeGreaterThan(1);
    expect(error.message).toMatch(
      /^train: the (loss|gradients) of step 2 to be finite, got .*; a lower learning rate may help; the first to blame is /,
    );
    expect(error.message).toContain(blame.message);
  });

  test("leaves the history, and the parameters at which the loss was finite", () => {
    const { result } = error;
    expect(result).toMatchObject({ ended: "diverged", iterations: 1 });
    expect(result.lossHistory).toHaveLength(1);
    expect(result.lossHistory.every(Number.isFinite)).toBe(true);
    const last = result.last.params as Params;
    expect(Object.is(last.W1, model.params.W1)).toBe(true);
    expect([last.W1, last.gamma, last.beta, ...last.last].every(finite)).toBe(true);
    expect(Object.is(result.last.state as State, model.state)).toBe(true);
  });
});

test("NaN among the samples is blamed on them", async () => {
  const source = numpyRandom(231);
  const { trainX, ...rest } = points(source, 100);
  const spoilt = trainX.toTypedArray() as Float64Array;
  spoilt[3 * 17] = Number.NaN;
  const data = { ...rest, trainX: fromData(trainX.shape, "float64", spoilt) };
  const error = await failure(
    train(network(source), data, { optimizer: momentumSgd(0.1), random: source, batchSize: 20 }),
  );
  expect(error.cause).toMatchObject({ op: "leaf", value: Number.NaN });
  expect(error.result.iterations).toBe(error.iteration - 1);
});

describe("a model whose loss can be scripted", () => {
  const x = fromData([3, 1], "float64", Float64Array.of(0, 1, 2));
  const y = fromData([3], "int32", Int32Array.of(1, 1, 0));
  const data = { trainX: x, trainY: y, valX: x, valY: y };
  const options = { optimizer: upwards, random: numpyRandom(231), batchSize: 1, epochs: 3 };

  test("ends where the loss does, and stays ended", () => {
    const { model } = scripted((w) => (w === 4 ? Number.POSITIVE_INFINITY : w));
    const run = training(model, data, options);
    const steps: number[] = [];
    const go = (): void => {
      for (const { iteration } of run) steps.push(iteration);
    };
    expect(go).toThrow(
      /^train: the loss of step 5 to be finite, got Infinity; a lower learning rate may help$/,
    );
    expect(steps).toEqual([1, 2, 3, 4]);
    expect(run.result()).toMatchObject({
      ended: "diverged",
      iterations: 4,
      epochs: 1,
      lossHistory: [0, 1, 2, 3],
    });
    // The loss at 3 was the last that was finite. At 1, and at 3 again, two of three are right: the first counts.
    expect(run.result().last.params.w.item()).toBe(3);
    expect(run.result().best).toMatchObject({ iteration: 1, accuracy: 2 / 3 });
    expect(go).toThrow(DivergenceError);
  });

  test("parameters that overflow are caught before they are used", () => {
    const jump = (params: Tree): Tree => ({ ...params, w: scalar(Number.POSITIVE_INFINITY) });
    const overflowing: Optimizer<Tree> = {
      name: "overflowing",
      init: () => [],
      update: (params, _, state) => ({ params: jump(params) as typeof params, state }),
    };
    const run = training(scripted().model, data, { ...options, optimizer: overflowing });
    expect(() => run.step()).toThrow(
      "train: the new parameters of step 1 to be finite, got Infinity at [] of w",
    );
    expect(run.result().last.params.w.item()).toBe(0);
    expect(run.result().lossHistory).toEqual([0]);
  });

  test("an error of the model's own is passed on as it is", () => {
    const { model } = scripted(() => {
      throw new ArgumentError("mine", "luck", "none");
    });
    expect(() => training(model, data, options).step()).toThrow("mine: luck, got none");
  });
});
