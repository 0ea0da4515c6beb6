/** The course's batch-norm network, composed of ops: fixture 05, with the tape's gradients and the fused op's. */
import { describe, expect, test } from "vitest";
import {
  add,
  batchNorm,
  certify,
  crossEntropy,
  fusedBatchNorm,
  matmul,
  mean,
  mul,
  numpyRandom,
  relu,
  square,
  sum,
  type Tensor,
  valueAndGrad,
} from "../src/index.ts";
import { expectClose } from "./support/closeness.ts";
import { courseFixture, type StoredArray, stored } from "./support/fixtures.ts";

type Name = "W1" | "b1" | "gamma1" | "beta1" | "W2" | "b2" | "gamma2" | "beta2" | "W3" | "b3";
type Params = Readonly<Record<Name, Tensor>>;

interface Run {
  readonly reg: number;
  readonly params: Readonly<Record<Name, StoredArray>>;
  readonly loss: number;
  readonly grads: Readonly<Record<Name, StoredArray>>;
}

const fixture = courseFixture<{
  readonly inputs: { readonly X: StoredArray; readonly y: StoredArray };
  readonly runs: readonly Run[];
  readonly published: { readonly loss: Readonly<Record<string, number>> };
}>("05_bn_network_check");

const X = stored(fixture.inputs.X);
const y = stored(fixture.inputs.y, "int32");

/** {affine - batch norm - relu} twice, affine, softmax loss, and half the squares of the weights. */
function loss(norm: typeof batchNorm, reg: number): (p: Params) => Tensor {
  return (p) => {
    const first = relu(norm(add(matmul(X, p.W1), p.b1), p.gamma1, p.beta1));
    const second = relu(norm(add(matmul(first, p.W2), p.b2), p.gamma2, p.beta2));
    const scores = add(matmul(second, p.W3), p.b3);
    const weights = [p.W1, p.W2, p.W3].map((W) => sum(square(W))).reduce((a, b) => add(a, b));
    return add(mean(crossEntropy(scores, y)), mul(0.5 * reg, weights));
  };
}

function paramsOf(run: Run): Params {
  const entries = Object.entries(run.params).map(([name, value]) => [name, stored(value)]);
  return Object.fromEntries(entries) as Params;
}

describe.each([
  ["composed", batchNorm],
  ["fused", fusedBatchNorm],
] as const)("batch norm %s", (_, norm) => {
  test.each(fixture.runs.map((run) => [run.reg, run] as const))("reg %s", (reg, run) => {
    const [value, [grads]] = valueAndGrad(loss(norm, reg))(paramsOf(run));
    expect(value.item()).toBeCloseTo(run.loss, 14);
    expect(value.item()).toBeCloseTo(fixture.published.loss[String(reg)]!, 13);
    for (const name of Object.keys(run.grads) as Name[]) {
      if (reg === 0 && (name === "b1" || name === "b2")) {
        // Batch norm takes away what a bias adds: the true gradient is 0.
        for (const g of grads[name].data) expect(Math.abs(g)).toBeLessThan(1e-12);
      } else if (name !== "b1" && name !== "b2") expectClose(grads[name], stored(run.grads[name]), 1e-10);
    }
  });
});

test("the fixture's data come from the recipe", () => {
  const numpy = numpyRandom(231);
  expectClose(numpy.randn(2, 15), X, 1e-14);
  expect([...numpy.randint(0, 10, [2]).data]).toEqual([...y.data]);
  for (const { params } of fixture.runs) {
    for (const [name, shape] of [
      ["W1", [15, 20]],
      ["W2", [20, 30]],
      ["W3", [30, 10]],
    ] as const) {
      expectClose(mul(0.05, numpy.randn(...shape)), stored(params[name]), 1e-14);
    }
  }
});

test("the network's gradients are certified, parameter by parameter", () => {
  const report = certify(loss(fusedBatchNorm, 3.14), paramsOf(fixture.runs[1]!));
  // Differences with one step misjudge W1 by 1e-4 here: one feature's spread is below the root of eps.
  // Nothing can be shown of b1 and b2: batch norm takes away whatever they add.
  const others = report.findings.filter((f) => f.verdict !== "agrees");
  expect(others.map((f) => [f.input, f.verdict])).toEqual([
    ["input 0 b1", "vacuous"],
    ["input 0 b2", "vacuous"],
  ]);
});
