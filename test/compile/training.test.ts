/** Compiled training steps: what they learn is what eager ones learn, with parameters that stay where they are. */
import { describe, expect, test } from "vitest";
import {
  batchNorm,
  compile,
  type DType,
  fromData,
  random,
  relu,
  scalar,
  type Tensor,
  TraceError,
  valueAndGrad,
} from "../../src/index.ts";
import { affine, softmaxLoss } from "../../src/nn/index.ts";
import { adam, adamW, momentum, type Optimizer, rmsprop, sgd } from "../../src/optim/index.ts";

interface Params {
  readonly W1: Tensor;
  readonly b1: Tensor;
  readonly gamma: Tensor;
  readonly beta: Tensor;
  readonly W2: Tensor;
  readonly b2: Tensor;
}

const [N, D, H, C] = [20, 7, 9, 3];

function start(dtype: DType): Params {
  const from = random(4);
  const draw = (...shape: number[]): Tensor => from.normal(shape, { dtype: dtype as "float64" });
  const filled = (n: number, value: number): Tensor => {
    const { dtype: kind, data } = draw(n);
    return fromData([n], kind, data.slice().fill(value));
  };
  return {
    W1: draw(D, H),
    b1: filled(H, 0),
    gamma: filled(H, 1),
    beta: filled(H, 0),
    W2: draw(H, C),
    b2: filled(C, 0),
  };
}

function lossOf(p: Params, x: Tensor, labels: Tensor): Tensor {
  const h = relu(batchNorm(affine(x, p.W1, p.b1), p.gamma, p.beta));
  return softmaxLoss(affine(h, p.W2, p.b2), labels);
}

function batch(k: number, dtype: DType): readonly [Tensor, Tensor] {
  const from = random(9, k);
  return [from.normal([N, D], { dtype: dtype as "float64" }), from.integers([N], { high: C })];
}

/** Losses of steps whose learning rate is another each time. */
function losses(optimizer: Optimizer, dtype: DType, isCompiled: boolean): number[] {
  const step = (params: Params, state: object, x: Tensor, labels: Tensor, factor: Tensor) => {
    const [loss, [grads]] = valueAndGrad((p: Params) => lossOf(p, x, labels))(params);
    return { ...optimizer.update(params, grads as Params, state, { factor }), loss };
  };
  const take = isCompiled ? compile(step, { donate: [0, 1] }) : step;
  let at: { params: Params; state: object } = { params: start(dtype), state: optimizer.init(start(dtype)) };
  const seen: number[] = [];
  for (let k = 0; k < 12; k++) {
    const [x, labels] = batch(k, dtype);
    const next = take(at.params, at.state, x, labels, scalar(1 / (1 + k)));
    seen.push(next.loss.item());
    at = next;
  }
  return seen;
}

const OPTIMIZERS: readonly (readonly [string, Optimizer])[] = [
  ["sgd", sgd({ learningRate: 0.1 })],
  ["momentum", momentum({ learningRate: 0.1 })],
  ["rmsprop", rmsprop({ learningRate: 0.01 })],
  ["adam", adam({ learningRate: 0.01 })],
  ["adamW", adamW({ learningRate: 0.01, weightDecay: 0.1 })],
] as readonly (readonly [string, Optimizer])[];

describe.each(OPTIMIZERS)("%s", (_, optimizer) => {
  test.each([
    ["float64", 1e-9],
    ["float32", 2e-3],
  ] as const)("%s: compiled steps learn what eager ones do", (dtype, tolerance) => {
    const eager = losses(optimizer, dtype, false);
    const compiled = losses(optimizer, dtype, true);
    expect(new Set(eager).size).toBe(eager.length);
    compiled.forEach((loss, k) => {
      expect(Math.abs(loss - eager[k]!)).toBeLessThan(tolerance);
    });
  });
});

describe("random sources", () => {
  const x = scalar(1);
  test("a draw would be the same at every call: it is refused, and the source has not moved", () => {
    const source = random(5);
    const before = source.state();
    const noisy = compile((t: Tensor) => [t, source.normal([2])]);
    expect(() => noisy(x)).toThrow(TraceError);
    expect(() => noisy(x)).toThrow(/draw outside.*as an argument/s);
    expect(source.state()).toEqual(before);
  });

  test("one that the function makes itself is made anew each time, in effect", () => {
    const same = compile((t: Tensor) => [t, random(5).normal([2])]);
    expect(same(x)[1]).toEqual(random(5).normal([2]));
    expect(same(x)[1]).toEqual(random(5).normal([2]));
  });
});
