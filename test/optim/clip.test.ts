import { describe, expect, test } from "vitest";
import { ArgumentError, DTypeError, replay, scalar, type Tensor } from "../../graph/index.ts";
import { mul, sum } from "../../ops/index.ts";
import { grad, record, ridders, tensor } from "../../src/index.ts";
import { clipByNorm, clipByValue } from "../../src/optim/index.ts";
import { expectClose } from "../support/closeness.ts";
import { caseOf, stored } from "../support/fixtures.ts";

const f32 = { dtype: "float32" } as const;

describe("clipByNorm", () => {
  test("the norm is that of all gradients together: 3, 4, 12 make 13", () => {
    const grads = { a: [tensor([3, 0])], b: { c: tensor([[4]], f32), d: scalar(-12) }, e: null };
    const { grads: clipped, norm } = clipByNorm(grads, 6.5);
    expect(norm.item()).toBe(13);
    expect([norm.dtype, norm.rank]).toEqual(["float64", 0]);
    expect([...clipped.a[0]!.data, ...clipped.b.c.data, clipped.b.d.item()]).toEqual([1.5, 0, 2, -6]);
    expect(clipped.b.c.dtype).toBe("float32");
    expect(clipped.e).toBeNull();
  });

  test("what is short enough is handed back as it is", () => {
    const grads = { a: tensor([3, 4]) };
    for (const most of [5, 6, Number.POSITIVE_INFINITY]) {
      expect(clipByNorm(grads, most).grads).toBe(grads);
      expect(clipByNorm(grads, most).norm.item()).toBe(5);
    }
  });

  test.each([1e300, 1e-300])("at norms of %s", (unit) => {
    const grads = [tensor([3 * unit]), tensor([-4 * unit])];
    const { norm } = clipByNorm(grads, Number.POSITIVE_INFINITY);
    expect(Math.abs(norm.item() / (5 * unit) - 1)).toBeLessThan(1e-15);
    for (const most of [unit, 1, 1e-10 * unit, 1e-300].filter((m) => m < 5 * unit)) {
      const [a, b] = clipByNorm(grads, most).grads;
      expectClose(a!, tensor([0.6 * most]), 1e-15);
      expectClose(b!, tensor([-0.8 * most]), 1e-15);
    }
  });

  test("BR-071: gradients whose squares overflow float32 are no zeros", () => {
    const { input, expected } = caseOf("overflow_huge_values", "BR-071");
    const grads = (input["g"] as number[][]).map((g) => stored(g, "float32"));
    const clipped = clipByNorm(grads, input["clip"] as number);
    (expected["true"] as number[][]).forEach((g, k) => {
      expectClose(clipped.grads[k]!, stored(g), 1e-6);
    });
  });

  test("a float32 norm may be larger than any float32", () => {
    const { grads, norm } = clipByNorm([tensor([3e38, 3e38], f32)], 1);
    expect(norm.item()).toBeCloseTo(Math.fround(3e38) * Math.SQRT2, -25);
    expectClose(grads[0]!, tensor([Math.SQRT1_2, Math.SQRT1_2]), 1e-7);
  });

  test("BR-072: zeros clipped to 0 are zeros; so is everything else", () => {
    expect([...clipByNorm([tensor([0, 0, 0], f32)], 0).grads[0]!.data]).toEqual([0, 0, 0]);
    expect([...clipByNorm([tensor([1, 2])], 0).grads[0]!.data]).toEqual([0, 0]);
    expect(clipByNorm([], 1).norm.item()).toBe(0);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "a gradient of %s is left where it is",
    (bad) => {
      const grads = [tensor([1, bad]), tensor([2])];
      const clipped = clipByNorm(grads, 1);
      expect(clipped.grads).toBe(grads);
      expect(clipped.norm.item()).toBe(Math.abs(bad));
      // Off the tape and on it alike.
      const program = record(
        (a: Tensor, b: Tensor) => clipByNorm([a, b], 1).grads,
        tensor([3, 4]),
        tensor([0]),
      );
      expect(replay(program, grads).map((g) => [...g.data])).toEqual([[1, bad], [2]]);
    },
  );

  test("on a tape both cases are taken down", () => {
    const program = record((g: Tensor) => clipByNorm([g], 5).grads, tensor([1, 1]));
    expect([...replay(program, [tensor([6, 8])])[0]!.data]).toEqual([3, 4]);
    expect([...replay(program, [tensor([3, 4])])[0]!.data]).toEqual([3, 4]);
  });

  test("derivatives go through the norm", () => {
    const weights = tensor([1, -2]);
    const f = (a: Tensor, b: Tensor): Tensor => {
      const [x, y] = clipByNorm([a, b], 1.5).grads;
      return mul(sum(mul(x!, weights)), sum(y!));
    };
    const at = [tensor([1, 2]), tensor([-3])] as const;
    const [ga, gb] = grad(f)(...at);
    const along = [0.3, -0.7, 0.4];
    const slope = ridders(
      (t) => f(tensor([1 + 0.3 * t, 2 - 0.7 * t]), tensor([-3 + 0.4 * t])).item(),
      0.3,
    ).value;
    const dot = [...ga.data, ...gb.data].reduce((s, g, k) => s + g * along[k]!, 0);
    expect(dot).toBeCloseTo(slope, 9);
  });

  test("bad input", () => {
    const g = tensor([1]);
    for (const bad of [-1, Number.NaN, "1", undefined, null]) {
      expect(() => clipByNorm([g], bad as never)).toThrow(ArgumentError);
      expect(() => clipByNorm([g], bad as never)).toThrow("clipByNorm: maxNorm to be a number >= 0");
    }
    expect(() => clipByNorm({ a: ["x"] } as never, 1)).toThrow("clipByNorm: grads.a[0] to be a tensor");
    expect(() => clipByNorm({ a: [2] } as never, 1)).toThrow("clipByNorm: grads.a[0] to be a tensor, got 2");
    expect(() => clipByNorm({ a: tensor([1], { dtype: "int32" }) }, 1)).toThrow(DTypeError);
    expect(() => clipByNorm({ a: tensor([1], { dtype: "int32" }) }, 1)).toThrow("grads.a to be float64");
  });
});

describe("clipByValue", () => {
  test("each element by itself", () => {
    const inf = Number.POSITIVE_INFINITY;
    const clipped = clipByValue({ a: tensor([-3, -1, 0.5, inf, Number.NaN]), b: [tensor([9], f32)] }, 1);
    expect([...clipped.a.data]).toEqual([-1, -1, 0.5, 1, Number.NaN]);
    expect([clipped.b[0]!.item(), clipped.b[0]!.dtype]).toEqual([1, "float32"]);
    expect([...clipByValue(tensor([-3, 4]), 0).data].map(Math.abs)).toEqual([0, 0]);
  });

  test("bad input", () => {
    for (const bad of [-1, Number.NaN, "1", undefined]) {
      expect(() => clipByValue([tensor([1])], bad as never)).toThrow(
        "clipByValue: limit to be a number >= 0",
      );
    }
    expect(() => clipByValue([tensor([true])], 1)).toThrow(DTypeError);
  });
});
