/** Wrong results that users of other frameworks met when elements were moved, stretched, or not there. */
import { expect, test } from "vitest";
import { ShapeError } from "../graph/errors.ts";
import type { Tensor } from "../graph/index.ts";
import {
  add,
  broadcastTo,
  concat,
  exp,
  gatherNd,
  logSoftmax,
  matmul,
  max,
  mean,
  mul,
  neg,
  pad,
  prod,
  reshape,
  slice,
  square,
  sub,
  sum,
  take,
  transpose,
} from "../ops/index.ts";
import { arange, full, ones, tensor, zeros } from "../src/create/index.ts";
import { grad, valueAndGrad, vjp } from "../src/transforms/derivatives.ts";
import { expectClose } from "./support/closeness.ts";
import { caseOf, stored } from "./support/fixtures.ts";

interface Expected {
  readonly value: unknown;
  readonly grad: Readonly<Record<string, unknown>>;
}

function entry(kind: string, id: string): { input: Readonly<Record<string, unknown>>; expected: Expected } {
  const { input, expected } = caseOf(kind, id);
  const { value, grad = {} } = expected;
  return { input, expected: { value, grad: grad as Expected["grad"] } };
}

function counting(n: number, shape: readonly number[]): Tensor {
  return reshape(arange(1, n + 1), shape);
}

const indices = (value: unknown): Tensor => stored(value, "int32");

test("BR-183: a repeated index adds up", () => {
  const { input, expected } = entry("gather_scatter", "BR-183");
  const [, pullback] = vjp((x: Tensor) => take(x, indices(input["idx"]), 0), stored(input["x"]));
  expectClose(pullback(stored(input["dy"]))[0], stored(expected.grad["x"]));
});

test("BR-184: so does a repeated pair of indices", () => {
  const { input, expected } = entry("gather_scatter", "BR-184");
  const at = [indices(input["idx_rows"]), indices(input["idx_cols"])];
  const [value, [xBar]] = valueAndGrad((x: Tensor) => sum(gatherNd(x, at)))(stored(input["x"]));
  expect(value.item()).toBe(expected.value);
  expectClose(xBar, stored(expected.grad["x"]));
});

test("BR-185: of two copies of an element one alone is used", () => {
  const { input, expected } = entry("gather_scatter", "BR-185");
  const f = (y: Tensor): Tensor => slice(take(y, indices(input["idx"]), 0), [0]);
  expectClose(grad(f)(stored(input["y"]))[0], stored(expected.grad["y"]));
});

test("BR-188: a view of what was stretched", () => {
  const { input, expected } = entry("gather_scatter", "BR-188");
  const z = stored(input["z"]);
  const f = (x: Tensor): Tensor => mean(mul(reshape(broadcastTo(x, [3, 2]), [3, 2]), z));
  const [value, [xBar]] = valueAndGrad(f)(stored(input["x"]));
  expect(value.item()).toBeCloseTo(Number(expected.value), 12);
  expectClose(xBar, stored(expected.grad["x"]));
});

test("BR-189: rows taken several times, the same to the bit each time", () => {
  const { input, expected } = entry("gather_scatter", "BR-189");
  const f = (x: Tensor): Tensor => {
    const s = take(x, indices(input["idx"]), 0);
    const parts = [slice(s, [[0, 3]]), slice(s, [[3, 6]])];
    return sum(exp(concat(parts.map((part) => sum(part, 0)))));
  };
  const runs = Array.from({ length: 10 }, () => valueAndGrad(f)(stored(input["x"])));
  for (const [value, [xBar]] of runs) {
    expect(value.item()).toBeCloseTo(Number(expected.value), 10);
    expectClose(xBar, stored(expected.grad["x"]));
    expect(xBar.data).toEqual(runs[0]![1][0].data);
  }
});

test("BR-190: transposed, then reshaped", () => {
  const { input, expected } = entry("view_layout", "BR-190");
  const f = (x: Tensor): Tensor => sum(mul(stored(input["w"]), reshape(transpose(x), [6])));
  const [value, [xBar]] = valueAndGrad(f)(stored(input["x"]));
  expect(value.item()).toBe(expected.value);
  expectClose(xBar, stored(expected.grad["x"]));
});

test("BR-191: the cotangent of a sum is one number, stretched", () => {
  const { input, expected } = entry("view_layout", "BR-191");
  const f = (z: Tensor): Tensor => sum(neg(gatherNd(logSoftmax(z, -1), [[0, 1], indices(input["t"])])));
  const [value, [zBar]] = valueAndGrad(f)(stored(input["z"]));
  expect(value.item()).toBeCloseTo(Number(expected.value), 12);
  expectClose(zBar, stored(expected.grad["z"]));
});

test("BR-194: padded, then transposed", () => {
  const { input, expected } = entry("view_layout", "BR-194");
  const f = (x: Tensor): Tensor => sum(mul(counting(16, [4, 4]), transpose(pad(x, 1))));
  const [value, [xBar]] = valueAndGrad(f)(stored(input["x"]));
  expect(value.item()).toBe(expected.value);
  expectClose(xBar, stored(expected.grad["x"]));
});

test("BR-120: a row added to a matrix", () => {
  const { input, expected } = entry("broadcast_reduction", "BR-120");
  const f = (x: Tensor, r: Tensor): Tensor => sum(square(sub(zeros([3, 4]), add(x, r))));
  const [value, [xBar, rBar]] = valueAndGrad(f)(counting(12, [3, 4]), stored(input["r"]));
  expect(value.item()).toBe(expected.value);
  expectClose(xBar, stored(expected.grad["x"]));
  expectClose(rBar, stored(expected.grad["r"]));
});

test("BR-121: a scalar's gradient is a scalar, times or plus a vector", () => {
  const { input, expected } = entry("broadcast_reduction", "BR-121");
  const c = stored(input["c"]);
  [mul, add].forEach((op, k) => {
    const [value, [vBar]] = valueAndGrad((v: Tensor) => sum(op(c, v)))(stored(input["v"]));
    expect(value.item()).toBe((expected.value as readonly number[])[k]);
    expect([...vBar.shape]).toEqual([]);
    expect(vBar.item()).toBe(2);
  });
});

test("BR-122: a bias that widens a product", () => {
  const { input, expected } = entry("broadcast_reduction", "BR-122");
  const [x, label] = [stored(input["x"]), stored(input["label"])];
  const f = (w: Tensor, b: Tensor): Tensor => sum(square(sub(add(matmul(x, w), b), label)));
  const [value, [wBar, bBar]] = valueAndGrad(f)(stored(input["W"]), stored(input["b"]));
  expect(value.item()).toBeCloseTo(Number(expected.value), 10);
  expectClose(wBar, stored(expected.grad["W"]));
  expectClose(bBar, stored(expected.grad["b"]));
});

test("BR-124: stretched in the middle and in front", () => {
  const { expected } = entry("broadcast_reduction", "BR-124");
  const y = full([2, 4, 5, 3], 2);
  const [value, [xBar]] = valueAndGrad((x: Tensor) => sum(mul(mul(x, y), y)))(counting(12, [4, 1, 3]));
  expect(value.item()).toBe(expected.value);
  expectClose(xBar, full([4, 1, 3], 40));
});

test("BR-125: a scalar stretched over a thousand zeros", () => {
  const { input, expected } = entry("broadcast_reduction", "BR-125");
  const f = (z: Tensor): Tensor => add(sum(sub(exp(z), 0)), sum(sub(exp(z), zeros([1000]))));
  const [value, [zBar]] = valueAndGrad(f)(stored(input["z"]));
  expect(value.item()).toBeCloseTo(Number(expected.value), 8);
  expectClose(zBar, stored(expected.grad["z"]));
});

test("BR-126: a mask with axes of size one", () => {
  const { input, expected } = entry("broadcast_reduction", "BR-126");
  const f = (h: Tensor, mask: Tensor): Tensor => sum(mul(h, mask));
  const [value, [hBar, maskBar]] = valueAndGrad(f)(counting(12, [2, 1, 2, 3]), stored(input["mask"]));
  expect(value.item()).toBe(expected.value);
  expectClose(hBar, stored(expected.grad["h"]));
  expectClose(maskBar, stored(expected.grad["mask"]));
});

test("BR-129: stretched by name", () => {
  const { input, expected } = entry("broadcast_reduction", "BR-129");
  const [value, [xBar]] = valueAndGrad((x: Tensor) => sum(broadcastTo(x, [4, 3])))(stored(input["x"]));
  expect(value.item()).toBe(expected.value);
  expectClose(xBar, stored(expected.grad["x"]));
});

const float32 = { dtype: "float32" } as const;

test("BR-113: the mean of nothing", () => {
  const [value, [xBar]] = valueAndGrad((x: Tensor) => mean(x))(zeros([0], float32));
  expect(value.item()).toBeNaN();
  expect([xBar.dtype, ...xBar.shape]).toEqual(["float32", 0]);
});

test("BR-115: an empty batch gives a weight zeros, whatever its loss is", () => {
  const x = zeros([0, 2], float32);
  const f = (w: Tensor): Tensor => mean(matmul(x, w));
  const [value, [wBar]] = valueAndGrad(f)(ones([2, 3], float32));
  expect(value.item()).toBeNaN();
  expectClose(wBar, zeros([2, 3], float32));
});

test("BR-116: an empty list of indices", () => {
  const { expected } = entry("zero_size", "BR-116");
  const f = (a: Tensor): Tensor => sum(sum(take(a, zeros([0, 2], { dtype: "int32" }), 0), 1));
  const [value, [aBar]] = valueAndGrad(f)(zeros([3, 2], float32));
  expect(value.item()).toBe(expected.value);
  expectClose(aBar, stored(expected.grad["A"], "float32"));
});

test("BR-117: reductions of nothing", () => {
  const x = zeros([0, 4], float32);
  expect(sum(x, 0).toArray()).toEqual([0, 0, 0, 0]);
  expect(sum(x, 1).toArray()).toEqual([]);
  expect(prod(x, 0).toArray()).toEqual([1, 1, 1, 1]);
  expect(max(x, 1).toArray()).toEqual([]);
  expect(() => max(x, 0)).toThrow(ShapeError);
  expect(tensor([]).shape).toEqual([0]);
});
