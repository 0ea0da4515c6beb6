/** Kinds nan_masking and nondifferentiable_op: what is not taken, or has no slope, must not spoil the rest. */
import { describe, expect, test } from "vitest";
import type { DType, Tensor } from "../../graph/index.ts";
import * as ops from "../../ops/index.ts";
import { grad, jvp, tensor } from "../../src/index.ts";
import { expectClose } from "../support/closeness.ts";
import { numbers, vector } from "../support/elementwise.ts";
import { stored } from "../support/fixtures.ts";
import { entryOf, expectEntry, expectedOf, type Loss } from "./entry.ts";

const { add, div, equal, exp, floor, greater, less, lessEqual, maximum, mean, mul, norm, pow } = ops;
const { prod, rsqrt, sqrt, square, std, sub, sum, where } = ops;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const spread: Loss = ({ x }) => sum(square(sub(x!, x!)));

describe("nan_masking", () => {
  test.each<readonly [string, Loss]>([
    ["BR-002", ({ x }) => sum(where(greater(x!, 0), sqrt(x!), x!))],
    ["BR-004", ({ x, n }) => sum(where(equal(n!, 0), 0, div(x!, n!)))],
    ["BR-005", ({ a }) => where(lessEqual(a!, 0), exp(a!), add(1, a!))],
    ["BR-011", ({ x, eps }) => sqrt(add(mean(square(sub(x!, mean(x!)))), eps!))],
    ["BR-014", ({ a, b }) => sum(pow(a!, b!))],
    ["BR-015", ({ x }) => sum(pow(x!, 0))],
    ["BR-019", ({ x, w, eps }) => sum(mul(mul(w!, x!), rsqrt(maximum(sum(square(x!)), square(eps!)))))],
  ])("%s", (id, loss) => {
    expectEntry(entryOf("nan_masking", id), loss);
  });

  test("BR-012: sqrt and the power 1/2 of what vanishes have the same gradient, 0", () => {
    const entry = entryOf("nan_masking", "BR-012");
    const { value, grad: expected } = entry.expected as { value: number[]; grad: Record<string, unknown> };
    const spellings: readonly Loss[] = [(x) => sqrt(spread(x)), (x) => pow(spread(x), 0.5)];
    spellings.forEach((loss, k) => {
      expectEntry(entry, loss, { value: value[k], grad: expected });
    });
  });

  test.each(["float32", "float64"] as const)("BR-013, %s: both slopes of a power", (dtype) => {
    const { input, expected } = entryOf("nan_masking", "BR-013");
    const slopes = grad((base: Tensor, p: Tensor) => sum(pow(base, p)));
    const [base, p] = [stored(input["base"], dtype), stored(input["p"], dtype)];
    expect(sum(pow(base, p)).item()).toBe(expected["value"]);
    const { base: baseBar, p: pBar } = expected["grad"] as Record<"base" | "p", (number | null)[]>;
    const found = slopes(base, p);
    expectClose(found[0], stored(baseBar, dtype), 1e-7);
    // The slope in p of (-2)^p does not exist: NaN, and it stays where it is.
    expectClose(
      found[1],
      stored(
        pBar!.map((v) => v ?? nan),
        dtype,
      ),
      1e-7,
    );
  });

  test("BR-016: whole powers of negative numbers", () => {
    const entry = entryOf("nan_masking", "BR-016");
    [3, 2].forEach((n, k) => {
      expectEntry(entry, ({ x }) => sum(pow(x!, n)), expectedOf(entry, `loss${n}`, k));
      // By an exponent that is a tensor, of either kind of number.
      for (const dtype of ["int32", "float32"] as const) {
        expectEntry(entry, ({ x }) => sum(pow(x!, vector([n], dtype))), expectedOf(entry, `loss${n}`, k));
      }
    });
  });
});

describe("branches that are not taken", () => {
  /** Undefined, infinite or overflowing somewhere, and so are their derivatives. */
  const BAD: Readonly<Record<string, (x: Tensor) => Tensor>> = {
    log: ops.log,
    log1p: ops.log1p,
    sqrt,
    rsqrt,
    exp,
    expm1: ops.expm1,
    "exp of exp": (x) => exp(exp(x)),
    reciprocal: ops.reciprocal,
    "x / 0": (x) => div(x, 0),
    "0 / x": (x) => div(0, x),
    "x / (x - x)": (x) => div(x, sub(x, x)),
    "pow(x, 0.5)": (x) => pow(x, 0.5),
    "pow(x, -2)": (x) => pow(x, -2),
    "pow(0, x)": (x) => pow(0, x),
    "pow(x, x)": (x) => pow(x, x),
    // What acos does: its slope is -1 / √(1 - x²).
    "1 / √(1 - x²)": (x) => div(-1, sqrt(sub(1, square(x)))),
    "log(1 - x²)": (x) => ops.log(sub(1, square(x))),
    "x log x": (x) => mul(x, ops.log(x)),
    xlogy: (x) => ops.xlogy(x, x),
    "sqrt of log": (x) => sqrt(ops.log(x)),
    tanh: ops.tanh,
    softplus: ops.softplus,
    "remainder by 0": (x) => ops.remainder(x, 0),
    "times Infinity": (x) => mul(x, inf),
  };
  const AT = [0, -0, -1, 1, -2.5, 1000, -1000, 1e30, 1e200, 1e-310, inf, -inf, nan];

  test.each(Object.entries(BAD))("%s: first and second derivatives are the other branch's", (_, bad) => {
    for (const dtype of ["float64", "float32"] as const) {
      const x = vector(AT, dtype);
      const ones = vector(
        AT.map(() => 1),
        dtype,
      );
      const threes = AT.map(() => 3);
      const zeros = AT.map(() => 0);
      const f = (t: Tensor): Tensor => where(less(0, 0), bad(t), mul(3, t));
      const slope = (t: Tensor): Tensor => jvp(f, [t], [ones])[1];
      const gradient = (t: Tensor): Tensor => grad((u: Tensor) => sum(f(u)))(t)[0];
      expect(numbers(slope(x))).toEqual(threes);
      expect(numbers(gradient(x))).toEqual(threes);
      expect(numbers(jvp(slope, [x], [ones])[1])).toEqual(zeros);
      expect(numbers(jvp(gradient, [x], [ones])[1])).toEqual(zeros);
      expect(numbers(grad((t: Tensor) => sum(slope(t)))(x)[0])).toEqual(zeros);
      expect(numbers(grad((t: Tensor) => sum(gradient(t)))(x)[0])).toEqual(zeros);
    }
  });

  const ROWS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
    softmax: (x) => ops.softmax(x, 1),
    logSoftmax: (x) => ops.logSoftmax(x, 1),
    logsumexp: (x) => ops.logsumexp(x, 1, { keepDims: true }),
    norm: (x) => norm(x, 1, { keepDims: true }),
    std: (x) => std(x, 1, { keepDims: true }),
    variance: (x) => ops.variance(x, 1, { keepDims: true }),
    prod: (x) => prod(x, 1, { keepDims: true }),
    cumprod: (x) => ops.cumprod(x, 1),
    max: (x) => ops.max(x, 1, { keepDims: true }),
    center: (x) => ops.center(x, 1),
    "x / |x|": (x) => div(x, norm(x, 1, { keepDims: true })),
    standardize: (x) => ops.standardize(x, 1, { eps: 0 }),
    layerNorm: (x) => ops.layerNorm(x, 2, 1),
    fusedLayerNorm: (x) => ops.fusedLayerNorm(x, 2, 1),
    "fusedLayerNorm, eps 0": (x) => ops.fusedLayerNorm(x, 2, 1, { eps: 0 }),
    batchNorm: (x) => ops.transpose(ops.batchNorm(ops.transpose(x), 2, 1)),
    fusedBatchNorm: (x) => ops.transpose(ops.fusedBatchNorm(ops.transpose(x), 2, 1)),
    "fusedBatchNorm, eps 0": (x) => ops.transpose(ops.fusedBatchNorm(ops.transpose(x), 2, 1, { eps: 0 })),
    groupNorm: (x) => ops.groupNorm(x, 1, vector([1, 2, 3], x.dtype), vector([0, 1, 2], x.dtype)),
  };
  const DEAD = [
    [0, 0, 0],
    [2, 2, 2],
    [inf, 1, 2],
    [-inf, -inf, -inf],
    [nan, 1, 2],
    [1e200, -1e200, 3e200],
    [1e-200, 2e-200, -1e-300],
  ];

  test.each(Object.entries(ROWS))("%s of rows: a row that is not taken has no gradient", (_, f) => {
    for (const dtype of ["float64", "float32"] as const) {
      for (const dead of DEAD) expectDead(f, dead, dtype);
    }
  });

  function expectDead(f: (x: Tensor) => Tensor, dead: readonly number[], dtype: DType): void {
    const live = [0.3, -1.2, 2.5];
    const at = (rows: readonly (readonly number[])[]): Tensor => stored(rows, dtype);
    const mask = tensor([[false], [true]]);
    const weights = at([
      [1, 2, -1],
      [0.5, -3, 2],
    ]);
    const loss = (x: Tensor): Tensor => sum(mul(weights, where(mask, f(x), 0)));
    const direction = at([
      [1, 1, 1],
      [1, 0.5, -2],
    ]);
    const gradient = (x: Tensor): Tensor => grad(loss)(x)[0];
    const second = (x: Tensor): Tensor => jvp(gradient, [x], [direction])[1];
    // The same with a row in the dead one's place that is as good as any: what it is must not be seen.
    const x = at([dead, live]);
    const harmless = at([live, live]);
    for (const derivative of [gradient, second]) {
      const found = derivative(x);
      expect(numbers(found).slice(0, 3), `${dtype} ${dead}`).toEqual([0, 0, 0]);
      expectClose(found, derivative(harmless), dtype === "float32" ? 1e-5 : 1e-12);
    }
  }
});

describe("nondifferentiable_op", () => {
  test.each<readonly [string, Loss]>([
    ["BR-203", ({ x }) => sum(add(x!, floor(x!)))],
    ["BR-206", ({ x }) => sum(mul(x!, less(x!, 0)))],
    ["BR-207", ({ a, b, cond }) => sum(square(where(cond!, a!, b!)))],
    ["BR-208", ({ x }) => prod(x!)],
  ])("%s", (id, loss) => {
    expectEntry(entryOf("nondifferentiable_op", id), loss);
  });

  test("every step has slope 0, in both modes, beside a slope that is there", () => {
    const x = vector([3.8, -1.2, 0.4]);
    const ones = vector([1, 1, 1]);
    const steps = [floor, ops.ceil, ops.round, ops.trunc, ops.sign, (t: Tensor) => ops.floorDivide(t, 0.7)];
    for (const step of steps) {
      const f = (t: Tensor): Tensor => add(mul(2, t), step(t));
      expect(numbers(grad((t: Tensor) => sum(f(t)))(x)[0])).toEqual([2, 2, 2]);
      expect(numbers(jvp(f, [x], [ones])[1])).toEqual([2, 2, 2]);
      expect(numbers(grad((t: Tensor) => sum(step(t)))(x)[0])).toEqual([0, 0, 0]);
    }
  });
});
