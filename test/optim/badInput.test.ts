/** What optimisers refuse, before anything is computed, and where they say it is. */
import { describe, expect, test } from "vitest";
import { ArgumentError, DTypeError, ShapeError, scalar, type WengertError } from "../../graph/index.ts";
import { tensor } from "../../src/index.ts";
import { adam, adamW, momentum, type Optimizer, rmsprop, sgd } from "../../src/optim/index.ts";

const FACTORIES: Readonly<Record<string, (options?: never) => Optimizer>> = {
  sgd,
  momentum,
  rmsprop,
  adam,
  adamW,
};

const params = { layers: [{ W: tensor([[1, 2]]), b: tensor([0, 0]) }] };

describe.each(Object.entries(FACTORIES))("%s", (name, make) => {
  const made = (options: object): Optimizer => make(options as never);

  test.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY, "0.1", null])("a learning rate of %s", (rate) => {
    expect(() => made({ learningRate: rate })).toThrow(ArgumentError);
    expect(() => made({ learningRate: rate })).toThrow(
      `${name}: learningRate to be a finite number >= 0, got`,
    );
  });

  test("a learning rate that is no single float", () => {
    expect(() => made({ learningRate: tensor([0.1]) })).toThrow(ShapeError);
    expect(() => made({ learningRate: tensor(1, { dtype: "int32" }) })).toThrow(DTypeError);
  });

  test.each([-0.1, Number.NaN, "0.1", undefined])("a schedule that gives %s", (rate) => {
    const rule = made({ learningRate: (step: number) => (step === 0 ? 0.1 : rate) });
    const first = rule.update(params, params, rule.init(params));
    const attempt = (): unknown => rule.update(first.params, params, first.state);
    expect(attempt).toThrow(ArgumentError);
    expect(attempt).toThrow(`${name}: the learning rate at step 1 to be a finite number >= 0`);
  });

  test.each([{ lr: 0.1 }, { momentum: 0.9 }, { beta1: 0.9 }])("an option that is not one: %o", (options) => {
    expect(() => made(options)).toThrow(ArgumentError);
    expect(() => made(options)).toThrow(`${name}: options { learningRate`);
  });

  test("a number for the options", () => {
    expect(() => make(0.1 as never)).toThrow(ArgumentError);
  });

  const rule = made({});
  const state = rule.init(params);
  const [layer] = params.layers;
  const first = Object.keys(state)[1];

  test.each<[string, unknown, new (...message: never[]) => WengertError, string]>([
    ["another structure", { layers: [] }, ArgumentError, "grads.layers to be an array of length 1"],
    ["a missing key", { layers: [{ W: layer!.W }] }, ArgumentError, "grads.layers[0] to be { W, b }"],
    ["a key too many", { layers: [{ ...layer, c: layer!.b }] }, ArgumentError, "got { W, b, c }"],
    ["no tensor", { layers: [{ ...layer, b: "x" }] }, ArgumentError, "grads.layers[0].b to be a tensor"],
    ["nothing", undefined, ArgumentError, "grads to be { layers }"],
    [
      "another shape",
      { layers: [{ ...layer, b: tensor([0]) }] },
      ShapeError,
      "grads.layers[0].b of shape [2], as the primal, got [1]",
    ],
    [
      "another dtype",
      { layers: [{ ...layer, b: tensor([0, 0], { dtype: "float32" }) }] },
      DTypeError,
      "grads.layers[0].b of float64, as the primal, got float32",
    ],
  ])("gradients of %s", (_, grads, kind, message) => {
    const attempt = (): unknown => rule.update(params, grads as typeof params, state);
    expect(attempt).toThrow(kind);
    expect(attempt).toThrow(`${name}: `);
    expect(attempt).toThrow(message);
  });

  test("parameters that cannot be trained", () => {
    const integers = { a: [tensor([1], { dtype: "int32" })] };
    expect(() => rule.init(integers)).toThrow(DTypeError);
    expect(() => rule.init(integers)).toThrow(`${name}: params.a[0] to be float64 or float32, got int32`);
    expect(() => rule.update({ a: 1 }, { a: 1 }, rule.init({}))).toThrow("params.a to be a tensor, got 1");
    expect(() => rule.init("w" as never)).toThrow(ArgumentError);
    expect(() => rule.init(undefined as never)).toThrow(
      `${name}: params to be a tensor or a tree of tensors`,
    );
  });

  test("a state that is not its own", () => {
    for (const bad of [undefined, null, 3, {}, { velocity: {} }, { ...state, other: {} }]) {
      expect(() => rule.update(params, params, bad as never)).toThrow(ArgumentError);
      expect(() => rule.update(params, params, bad as never)).toThrow(`${name}: a state { step`);
    }
    for (const step of [-1, 0.5, Number.NaN, "1", null]) {
      expect(() => rule.update(params, params, { ...state, step })).toThrow(
        `${name}: state.step to be an integer`,
      );
    }
    expect(() => rule.update(params, params, { ...state, step: tensor([1]) })).toThrow(ShapeError);
    if (first === undefined) return;
    const other = made({}).init({ layers: [{ ...layer, W: tensor([1]) }] });
    expect(() => rule.update(params, params, other)).toThrow(
      `${name}: state.${first}.layers[0].W of shape [1,2]`,
    );
    expect(() => rule.update(params, params, { ...state, [first]: null })).toThrow(
      `${name}: state.${first}.layers[0].W to be a tensor, got null`,
    );
  });

  test("other options of a step", () => {
    for (const factor of [-1, Number.NaN, "1", null]) {
      expect(() => rule.update(params, params, state, { factor } as never)).toThrow(`${name}: factor to be`);
    }
    expect(() => rule.update(params, params, state, { scale: 1 } as never)).toThrow('an option "scale"');
  });
});

test.each<[string, () => unknown]>(
  [-0.1, 1, 1.5, Number.NaN, "0.9", null].flatMap((decay) => [
    ["momentum: velocityDecay", () => momentum({ velocityDecay: decay as number })],
    ["rmsprop: squareDecay", () => rmsprop({ squareDecay: decay as number })],
    ["adam: meanDecay", () => adam({ meanDecay: decay as number })],
    ["adam: squareDecay", () => adam({ squareDecay: decay as number })],
    ["adamW: meanDecay", () => adamW({ meanDecay: decay as number })],
  ]),
)("%s outside [0, 1)", (what, attempt) => {
  expect(attempt).toThrow(ArgumentError);
  expect(attempt).toThrow(`${what} to be a number from 0 to below 1`);
});

test("other options", () => {
  for (const eps of [0, -1, Number.NaN, "1"]) {
    expect(() => adam({ eps: eps as number })).toThrow("adam: eps to be a finite number > 0");
    expect(() => rmsprop({ eps: eps as number })).toThrow("rmsprop: eps to be a finite number > 0");
  }
  for (const weightDecay of [-1, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
    expect(() => adamW({ weightDecay: weightDecay as number })).toThrow(
      "adamW: weightDecay to be a finite number",
    );
  }
  expect(() => momentum({ nesterov: "no" as never })).toThrow("momentum: nesterov to be true or false");
  expect(
    momentum({ velocityDecay: 0 })
      .update(scalar(1), scalar(1), { step: 0, velocity: scalar(5) })
      .params.item(),
  ).toBe(0.99);
});
