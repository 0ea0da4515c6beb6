/** With both tiers of rules the gradients of composed layers are what one derives by hand. */
import { describe, expect, test } from "vitest";
import {
  ALGEBRA_RULES,
  add,
  batchNorm,
  cast,
  crossEntropy,
  type Inputs,
  layerNorm,
  mean,
  type Program,
  REASSOCIATION_RULES,
  random,
  record,
  replay,
  type Simplification,
  simplify,
  softmax,
  type Tensor,
  tensor,
  toExpressions,
  vjp,
  ZERO_RULES,
} from "../../src/index.ts";

const RULES = [...ALGEBRA_RULES, ...ZERO_RULES, ...REASSOCIATION_RULES];
const source = random(7);
const [N, D] = [64, 32];

/** (x, ..., g) => the inputs' cotangents. */
function backward(f: (...x: Inputs) => Tensor, ...at: Inputs): Program {
  const n = at.length;
  const g = source.normal([...f(...at).shape]);
  return record((...t: Inputs) => vjp<Inputs, Tensor>(f, ...t.slice(0, n))[1](t[n]!), ...at, g);
}

const simpler = (program: Program): Simplification => simplify(program, { rules: RULES });

/** Which sums and means of something as large as x there are. */
function fullReductions({ nodes }: Program): readonly string[] {
  return Object.values(nodes)
    .filter(({ op, parents }) => {
      if (op === null || !["sum", "sumTo", "mean"].includes(op.name)) return false;
      return `${nodes[parents[0]!]!.shape}` === `${[N, D]}`;
    })
    .map(({ op }) => op!.name);
}

/** Ops whose result is as large as x, and that the first output depends on, without passing a reduction. */
function elementwiseOf({ nodes, outputs }: Program): readonly string[] {
  const seen = new Set<number>();
  const names: string[] = [];
  const stack = [outputs[0]!];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const { op, shape, parents } = nodes[id]!;
    if (seen.has(id) || op === null || `${shape}` !== `${[N, D]}`) continue;
    seen.add(id);
    names.push(op.lowering.kind === "map" ? op.name : `not elementwise: ${op.name}`);
    stack.push(...parents);
  }
  return names.sort();
}

/** The largest difference, relative to the largest gradient. */
function furthest(a: Inputs, b: Inputs): number {
  return Math.max(
    ...a.map((t, k) => {
      const size = Math.max(...Array.from(t.data, Math.abs));
      return Math.max(...Array.from(t.data, (v, i) => Math.abs(v - b[k]!.data[i]!))) / size;
    }),
  );
}

/** As in Ioffe & Szegedy (2015), from sums over the whole of x, in plain numbers. */
function batchNormByHand(x: Tensor, gamma: Tensor, g: Tensor): readonly [number[], number[], number[]] {
  const [dx, dGamma, dBeta]: [number[], number[], number[]] = [new Array<number>(N * D), [], []];
  for (let j = 0; j < D; j++) {
    const column = (t: Tensor): number[] => Array.from({ length: N }, (_, i) => t.data[i * D + j]!);
    const total = (v: readonly number[]): number => v.reduce((s, a) => s + a, 0);
    const [xs, gs] = [column(x), column(g)];
    const mu = total(xs) / N;
    const sigma = Math.sqrt(total(xs.map((v) => (v - mu) ** 2)) / N + 1e-5);
    const xHat = xs.map((v) => (v - mu) / sigma);
    dBeta.push(total(gs));
    dGamma.push(total(gs.map((v, i) => v * xHat[i]!)));
    for (let i = 0; i < N; i++) {
      dx[i * D + j] = (gamma.data[j]! / (N * sigma)) * (N * gs[i]! - dBeta[j]! - xHat[i]! * dGamma[j]!);
    }
  }
  return [dx, dGamma, dBeta];
}

const inputs = (mu: number): Inputs => [
  add(source.normal([N, D]), mu),
  source.normal([D]),
  source.normal([D]),
];

describe("batchNorm", () => {
  const program = backward((x, gamma, beta) => batchNorm(x!, gamma!, beta!), ...inputs(0));
  const { after, steps } = simpler(program);

  test("two sums for the statistics, two for the gradient", () => {
    expect(fullReductions(program)).toHaveLength(6);
    expect(fullReductions(after)).toEqual(["mean", "mean", "sum", "sum"]);
  });

  test("dx is one elementwise expression of x, g and columns", () => {
    expect(elementwiseOf(after)).toEqual(["add", "add", "scale", "scale", "sub"]);
  });

  test("the variance stays that of the centred input", () => {
    expect(toExpressions(after).join("\n")).toContain(
      "mean(square(sub(v0, mean(v0, [0], keepDims))), [0], keepDims)",
    );
  });

  test("each step says which rules did it", () => {
    const names = new Set(steps.flatMap(({ applied = [] }) => applied.map(({ rule }) => rule)));
    for (const name of ["constant factor", "term by term", "like terms", "small factors first"])
      expect(names).toContain(name);
  });

  test.each([0, 1e3])("equals the eager gradient and the one by hand, mean %d", (mu) => {
    const x = [...inputs(mu), source.normal([N, D])];
    const actual = replay(after, x);
    expect(furthest(replay(program, x), actual)).toBeLessThan(1e-12);
    const byHand = batchNormByHand(x[0]!, x[1]!, x[3]!).map((v) => tensor(v));
    expect(furthest(byHand, actual)).toBeLessThan(1e-12);
  });
});

test("what float32 does for its digits stays: the first element is taken away before the mean is", () => {
  const single = (t: Tensor): Tensor => cast(t, "float32");
  const x = [...inputs(1e3), source.normal([N, D])].map(single);
  const f = (...t: Inputs): Inputs =>
    vjp((y: Tensor, gamma: Tensor, beta: Tensor) => batchNorm(y, gamma, beta), t[0]!, t[1]!, t[2]!)[1](t[3]!);
  const exact = f(...x.map((t) => cast(t, "float64")));
  const { after } = simpler(record((...t: Inputs) => f(...t), ...x));
  expect(furthest(exact, replay(after, x))).toBeLessThan(1e-6);
  expect(fullReductions(after)).toEqual(["mean", "mean", "sum", "sum"]);
});

describe("layerNorm", () => {
  const program = backward((x, gamma, beta) => layerNorm(x!, gamma!, beta!), ...inputs(0));
  const { after } = simpler(program);

  test("two sums a row for the statistics, two for dx; two a column for dgamma and dbeta", () => {
    expect(fullReductions(after).toSorted()).toEqual(["mean", "mean", "sum", "sum", "sum", "sum"]);
  });

  test.each([0, 1e3])("equals the eager gradient, mean %d", (mu) => {
    const x = [...inputs(mu), source.normal([N, D])];
    expect(furthest(replay(program, x), replay(after, x))).toBeLessThan(1e-12);
  });
});

test("softmax cross-entropy: the shares, less 1 at the label", () => {
  const labels = tensor([0, 3, 1, 2], { dtype: "int32" });
  const program = backward((z) => mean(crossEntropy(z!, labels)), source.normal([4, 5]));
  const { after } = simpler(program);
  expect(toExpressions(after)).toEqual([
    "sub(where(c1, mul(v1, -0.25), 0), scale(softmax(v0, [1]), mul(v1, -0.25)))",
  ]);
  const z = source.normal([4, 5]);
  const [dz] = replay(after, [z, tensor(1)]);
  const shares = softmax(z);
  const expected = Array.from(
    shares.data,
    (p, i) => (p - (i % 5 === labels.data[Math.floor(i / 5)] ? 1 : 0)) / 4,
  );
  expect(furthest([tensor(expected)], [tensor([...dz!.data])])).toBeLessThan(1e-12);
});
