/** Kind graph_accumulation: paths that meet, buffers that are shared, and tapes that are long. */
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../graph/index.ts";
import * as ops from "../../ops/index.ts";
import { arange, grad, jvp, ones, tensor, valueAndGrad, vjp } from "../../src/index.ts";
import { expectClose } from "../support/closeness.ts";
import { numbers, vector } from "../support/elementwise.ts";
import { stored } from "../support/fixtures.ts";
import { entryOf, expectEntry, expectedOf, type Loss } from "./entry.ts";

const { add, concat, div, dot, matmul, max, mul, outer, pow } = ops;
const { reshape, softmax, square, stack, sub, sum, where } = ops;

describe("graph_accumulation", () => {
  const losses: readonly (readonly [string, Loss])[] = [
    [
      "BR-131",
      ({ x }) => {
        const y = mul(x!, 3);
        return sum(add(mul(y, 2), mul(y, 5)));
      },
    ],
    [
      "BR-133",
      ({ a }) => {
        const b = add(a!, a!);
        return add(b, b);
      },
    ],
    ["BR-135", ({ x, y }) => sum(add(add(add(x!, y!), mul(x!, 2)), mul(x!, 3)))],
    ["BR-136", ({ w1, w2 }) => add(w1!, w2!)],
    ["BR-144", ({ a, b }) => sum(outer(a!, b!))],
  ];
  test.each(losses)("%s", (id, loss) => {
    expectEntry(entryOf("graph_accumulation", id), loss);
  });

  test("BR-135: nor is the caller's cotangent written to, or handed back", () => {
    const yBar = vector([1]);
    const f = (x: Tensor, y: Tensor): Tensor => add(add(add(x, y), mul(x, 2)), mul(x, 3));
    const [, back] = vjp(f, vector([1]), vector([10]));
    const bars = back(yBar);
    expect(bars.map((bar) => bar.item())).toEqual([6, 1]);
    expect(numbers(yBar)).toEqual([1]);
    const [aBar, bBar] = vjp((a: Tensor, b: Tensor) => add(a, b), vector([1]), vector([2]))[1](yBar);
    expect(new Set([aBar.data, bBar.data, yBar.data]).size).toBe(3);
  });

  test("BR-136: one tensor given twice is two inputs", () => {
    const w = tensor(3);
    const bars = grad((a: Tensor, b: Tensor) => add(mul(2, a), b))(w, w);
    expect(bars.map((bar) => bar.item())).toEqual([2, 1]);
  });

  test("BR-137: one tensor as both operands", () => {
    const entry = entryOf("graph_accumulation", "BR-137");
    const both: readonly Loss[] = [
      ({ x }) => sum(mul(x!, x!)),
      ({ x }) => dot(x!, x!),
      ({ x }) => sum(sub(x!, x!)),
      ({ x }) => sum(div(x!, x!)),
      ({ x }) => sum(mul(add(x!, x!), x!)),
    ];
    both.forEach((loss, k) => {
      expectEntry(entry, loss, expectedOf(entry, `loss${"ABCDE"[k]}`, k));
    });
  });

  test.each<readonly [string, (x: Tensor) => Tensor, number[]]>([
    ["concat", (x) => sum(mul(arange(1, 7), concat([x, x]))), [5, 7, 9]],
    ["stack", (x) => sum(mul(reshape(arange(1, 7), [2, 3]), stack([x, x]))), [5, 7, 9]],
    ["where", (x) => sum(where(ops.greater(x, 0), x, x)), [1, 1, 1]],
    ["maximum", (x) => sum(ops.maximum(x, x)), [1, 1, 1]],
    ["matmul", (x) => sum(matmul(reshape(x, [3, 1]), reshape(x, [1, 3]))), [4, 4, 4]],
    ["take", (x) => sum(ops.take(x, [0, 0, 2], 0)), [2, 0, 1]],
    ["pow", (x) => sum(pow(x, 3)), [3, 12, 27]],
  ])("the same to %s", (_, loss, expected) => {
    const x = vector([1, -2, 3]);
    expectClose(grad(loss)(x)[0], vector(expected), 1e-14);
    const slope = jvp(loss, [x], [vector([1, 10, 100])])[1].item();
    expect(slope).toBeCloseTo(expected[0]! + 10 * expected[1]! + 100 * expected[2]!, 10);
  });

  test("BR-139: no stack is as deep as the tape is long", () => {
    const entry = entryOf("graph_accumulation", "BR-139");
    const repeated: Loss = ({ x }) => {
      let y: Tensor = tensor(0);
      for (let k = 0; k < Number(entry.input["n"]); k++) y = add(y, x!);
      return y;
    };
    expectEntry(entry, repeated, undefined, 1e-9);
    const x = entry.x["x"]!;
    expect(jvp((t: Tensor) => repeated({ x: t }), [x], [tensor(1)])[1].item()).toBe(20000);
  });

  test("BR-140: y is what it was after the walk, whoever else used it", () => {
    const { x, expected } = entryOf("graph_accumulation", "BR-140");
    const { z_from_dy: fromDy, z_total: total } = expected["grad"] as Record<string, unknown>;
    const [y, back] = vjp((z: Tensor) => softmax(z), x["z"]!);
    const before = numbers(y);
    expectClose(back(x["dy"]!)[0], stored(fromDy), 1e-12);
    expect(numbers(y)).toEqual(before);
    const both = (z: Tensor): Tensor => {
      const shares = softmax(z);
      return add(sum(mul(x["dy"]!, shares)), sum(square(shares)));
    };
    expectClose(grad(both)(x["z"]!)[0], stored(total), 1e-12);
    expectClose(back(x["dy"]!)[0], stored(fromDy), 1e-12);
  });

  test("BR-141: 200 layers", () => {
    const entry = entryOf("graph_accumulation", "BR-141");
    const W = stored(JSON.parse(String(entry.input["W"])));
    const deep: Loss = ({ x }) => {
      let h = x!;
      for (let k = 0; k < Number(entry.input["layers"]); k++) h = add(matmul(h, W), mul(h, 0.01));
      return sum(h);
    };
    const [value, [xBar]] = valueAndGrad((x: Tensor) => deep({ x }))(entry.x["x"]!);
    expect(value.item() / Number(entry.expected["value"])).toBeCloseTo(1, 9);
    expectClose(xBar, stored((entry.expected["grad"] as { x: unknown }).x), 1e-9);
  });

  test("BR-142: max over an axis in the middle", () => {
    const [value, [xBar]] = valueAndGrad((x: Tensor) => sum(max(x, 1)))(
      ones([2, 1, 4], { dtype: "float32" }),
    );
    expect(value.item()).toBe(8);
    expectClose(xBar, ones([2, 1, 4], { dtype: "float32" }), 0);
    // With something to choose from.
    const x = reshape(arange(24), [2, 3, 4]);
    const isLast = stored([0, 1].map(() => [0, 1, 2].map((j) => [0, 1, 2, 3].map(() => (j === 2 ? 1 : 0)))));
    expectClose(grad((t: Tensor) => sum(max(t, 1)))(x)[0], isLast, 0);
  });
});
