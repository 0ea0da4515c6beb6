/** The five faults of the text that the project grew from: what ours does instead. */
import { describe, expect, test } from "vitest";
import {
  batchNorm,
  fusedBatchNorm,
  numpyRandom,
  record,
  removeDeadNodes,
  type Tensor,
  vjp,
} from "../../src/index.ts";
import { batchNormTraining, fullyConnectedNet } from "../../src/nn/index.ts";
import { expectClose } from "../support/closeness.ts";
import { courseFixture, type StoredArray, stored } from "../support/fixtures.ts";

interface Backward {
  readonly inputs: Readonly<Record<"x" | "gamma" | "beta" | "dout", StoredArray>>;
  readonly expected: Readonly<Record<string, StoredArray>>;
}

const { inputs, expected } = courseFixture<Backward>("03_bn_backward");
const [x, gamma, beta, dout] = [inputs.x, inputs.gamma, inputs.beta, inputs.dout].map((v) => stored(v)) as [
  Tensor,
  Tensor,
  Tensor,
  Tensor,
];

describe.each(["tape", "fused"] as const)(
  "1. the forward keeps all that the backward needs (there, eps was missing and it crashed), %s",
  (gradients) => {
    test("the backward runs, and is right", () => {
      const layer = (...t: [Tensor, Tensor, Tensor]): Tensor => batchNormTraining(...t, { gradients }).y;
      const [, pullback] = vjp(layer, x, gamma, beta);
      const [dx, dgamma, dbeta] = pullback(dout);
      expectClose(dx, stored(expected["dx"]), 1e-13);
      expectClose(dgamma, stored(expected["dgamma"]), 1e-14);
      expectClose(dbeta, stored(expected["dbeta"]), 1e-14);
    });

    test("eps reaches it: two values h apart have dx = γ eps g / √(h²/4 + eps)³", () => {
      const eps = 0.25;
      const layer = (t: Tensor): Tensor => batchNormTraining(t, 3, 0, { eps, gradients }).y;
      const [, pullback] = vjp(layer, stored([[1], [2]]));
      const slope = (3 * eps) / Math.sqrt(0.25 + eps) ** 3;
      // Of a cotangent (1, 0), half is taken off by the mean.
      expectClose(pullback(stored([[1], [0]]))[0], stored([[slope / 2], [-slope / 2]]), 1e-14);
    });
  },
);

test.each([
  ["tape", batchNorm],
  ["fused", fusedBatchNorm],
] as const)(
  "2. the backward computes nothing that it does not use (there, dvar and dmean at its top), %s",
  (_, bn) => {
    const sweep = (...t: [Tensor, Tensor, Tensor, Tensor]) => {
      const [y, pullback] = vjp(bn, t[0], t[1], t[2]);
      return { y, bars: pullback(t[3]) };
    };
    const program = record(sweep, x, gamma, beta, dout);
    const dead = removeDeadNodes(program).patches.map(({ path }) => program.nodes[Number(path[1])]);
    expect(dead.map((node) => node?.op?.name)).toEqual([]);
  },
);

test("3. the closed form is the simplified one: two sums over ȳ and no third, and right", () => {
  const backward = (t: Tensor, yBar: Tensor): Tensor =>
    vjp((u: Tensor) => fusedBatchNorm(u, gamma, beta), t)[1](yBar)[0];
  const program = record(backward, x, dout);
  const ops = Object.values(program.nodes).map(({ op }) => op?.name);
  // Mean and variance; Σ ȳ and Σ ȳ xHat. The three-term rule has Σ -2 (x - μ) besides, which is 0.
  expect(ops.filter((op) => op === "mean")).toHaveLength(2);
  expect(ops.filter((op) => op === "sum")).toHaveLength(2);
  const dx = backward(x, dout);
  expectClose(dx, stored(expected["dx"]), 1e-13);
  // dx = γ / (N σ) · (N ȳ - Σ ȳ - xHat Σ (ȳ xHat)), column by column.
  for (let j = 0; j < 5; j++) {
    const column = (t: Tensor): number[] => Array.from({ length: 4 }, (_, i) => t.data[5 * i + j]!);
    const [v, g] = [column(x), column(dout)];
    const total = (a: readonly number[]): number => a.reduce((s, u) => s + u, 0);
    const mu = total(v) / 4;
    const sd = Math.sqrt(total(v.map((u) => (u - mu) ** 2)) / 4 + 1e-5);
    const xHat = v.map((u) => (u - mu) / sd);
    const along = total(g.map((u, i) => u * xHat[i]!));
    const simplified = g.map((u, i) => (gamma.data[j]! / (4 * sd)) * (4 * u - total(g) - xHat[i]! * along));
    expectClose(stored(column(dx)), stored(simplified), 1e-12);
  }
});

describe("in the network", () => {
  const numpy = numpyRandom(3);
  const X = numpy.randn(6, 8);
  const y = numpy.randint(0, 3, [6]);
  const options = {
    hiddenDims: [20, 10],
    inputDim: 8,
    numClasses: 3,
    weightScale: 0.3,
    dtype: "float64",
  } as const;
  const plain = fullyConnectedNet(options);

  test('4. normalization "layernorm" is no plain net', () => {
    const net = fullyConnectedNet({ ...options, normalization: "layernorm" });
    const names = ["W1", "b1", "gamma1", "beta1", "W2", "b2", "gamma2", "beta2", "W3", "b3"];
    expect(Object.keys(net.params)).toEqual(names);
    const { loss, grads } = net.loss(net, X, y);
    expect(loss).not.toBeCloseTo(plain.loss(plain, X, y).loss, 3);
    for (const name of ["gamma1", "beta1", "gamma2", "beta2"]) {
      expect(Math.max(...Array.from(grads[name]!.data, Math.abs))).toBeGreaterThan(1e-3);
    }
    // Each example by itself, in evaluation and in training: its statistics are its own.
    const one = stored([[...X.data.slice(0, 8)]]);
    expectClose(net.loss(net, one), stored([[...net.loss(net, X).data.slice(0, 3)]]), 1e-13);
    const alone = Array.from({ length: 6 }, (_, n) => {
      const row = stored([[...X.data.slice(8 * n, 8 * n + 8)]]);
      return net.loss(net, row, stored([y.data[n]], "int32")).loss;
    });
    expect(alone.reduce((s, v) => s + v, 0) / 6).toBeCloseTo(loss, 13);
    expect(() => fullyConnectedNet({ ...options, normalization: "layer" as never })).toThrow(/layernorm/);
  });

  test("5. dropoutKeepRatio is heeded: units are dropped, and their weights have no gradient", () => {
    const net = fullyConnectedNet({ ...options, dropoutKeepRatio: 0.5 });
    const { loss, grads } = net.loss(net, X, y);
    expect(loss).not.toBe(plain.loss(plain, X, y).loss);
    // One example: a unit that was dropped passes nothing on, so that its row of W2 has the gradient 0.
    const one = stored([[...X.data.slice(0, 8)]]);
    const label = stored([y.data[0]], "int32");
    const rowsOfZeros = (g: Tensor): number =>
      Array.from({ length: 20 }, (_, i) => [...g.data.slice(10 * i, 10 * i + 10)]).filter((row) =>
        row.every((v) => v === 0),
      ).length;
    const dropped = rowsOfZeros(net.loss(net, one, label).grads["W2"]!);
    const dead = rowsOfZeros(plain.loss(plain, one, label).grads["W2"]!);
    expect(dropped).toBeGreaterThan(dead);
    expect(dropped).toBeLessThan(20);
    expect(grads["W2"]!.shape).toEqual([20, 10]);
    // In evaluation nothing is dropped.
    expect(net.loss(net, X).data).toEqual(plain.loss(plain, X).data);
  });
});
