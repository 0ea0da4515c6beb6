/** Where there is no derivative, or where a careless rule would make NaN of one that there is. */
import { describe, expect, test } from "vitest";
import type { DType } from "../graph/dtype.ts";
import { DTypeError, ShapeError } from "../graph/errors.ts";
import { fromData, scalar, type Tensor } from "../graph/tensor.ts";
import * as ops from "../ops/index.ts";
import { grad, jvp, vjp } from "../src/transforms/derivatives.ts";
import { numbers, slopes, type Unary, vector } from "./support/elementwise.ts";
import { caseOf, stored } from "./support/fixtures.ts";

const { add, cast, clamp, div, exp, greater, log, maximum, minimum, mul, neg, pow, relu } = ops;
const { sqrt, stopGradient, sub, sum, where, xlogy } = ops;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe("kinks", () => {
  test("abs, relu and clamp at their kinks and beside them", () => {
    expect(numbers(slopes(ops.abs, vector([-2, "-0", 0, 3, nan])))).toEqual([-1, 0, 0, 1, nan]);
    expect(numbers(slopes(relu, vector([-2, "-0", 0, 3, inf, nan])))).toEqual([0, 0, 0, 1, 1, nan]);
    const box: Unary = (t) => clamp(t, { min: -1, max: 2 });
    const outside = vector([-inf, -2, -1, 2, 3, inf]);
    expect(numbers(slopes(box, outside))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(numbers(slopes(box, vector([0, nan])))).toEqual([1, nan]);
    expect(numbers(slopes((t) => clamp(t, { min: 0 }), vector([-1, 0, 1, inf])))).toEqual([0, 0, 1, 1]);
    expect(numbers(slopes((t) => clamp(t, { max: 0 }), vector([-inf, -1, 0, 1])))).toEqual([1, 1, 0, 0]);
  });

  test("an infinite slope stays behind where nothing comes from", () => {
    const x = vector([-1, -4], "float32");
    const masked: Unary = (t) => where(greater(t, 0), sqrt(t), t);
    expect(numbers(slopes(masked, x))).toEqual([1, 1]);
    expect(numbers(slopes((t) => where(greater(t, 0), log(t), 0), vector([0, -1, 2])))).toEqual([0, 0, 0.5]);
  });
});

describe("maximum and minimum", () => {
  const a = vector([1, 2, 5, nan]);
  const b = vector([1, 3, 4, 0]);

  test.each([
    ["maximum", maximum, [0.5, 0, 1, nan], [0.5, 1, 0, nan]],
    ["minimum", minimum, [0.5, 1, 0, nan], [0.5, 0, 1, nan]],
  ] as const)("%s: ties share equally, in both modes", (_, f, aBar, bBar) => {
    const [fromA, fromB] = grad((p: Tensor, q: Tensor) => sum(f(p, q)))(a, b);
    expect(numbers(fromA)).toEqual(aBar);
    expect(numbers(fromB)).toEqual(bBar);
    const ones = vector([1, 1, 1, 1]);
    expect(numbers(jvp((p: Tensor, q: Tensor) => f(p, q), [a, b], [ones, null])[1])).toEqual(aBar);
    expect(numbers(jvp((p: Tensor, q: Tensor) => f(p, q), [a, b], [null, ones])[1])).toEqual(bBar);
  });

  test("a thing tied with itself has the whole derivative", () => {
    const x = vector([3, -1]);
    expect(numbers(slopes((t) => maximum(maximum(t, t), t), x))).toEqual([1, 1]);
    expect(numbers(slopes((t) => minimum(t, minimum(t, t)), x))).toEqual([1, 1]);
    expect(numbers(jvp((t: Tensor) => maximum(t, t), [x], [vector([2, 7])])[1])).toEqual([2, 7]);
  });

  test("infinities are numbers like others", () => {
    expect(numbers(slopes((t) => maximum(t, inf), vector([inf, 1])))).toEqual([0.5, 0]);
  });
});

describe("pow", () => {
  test("x⁴ has all its derivatives, at 0 too, in both modes", () => {
    const EXPECTED = [
      [-4, 0, 4],
      [12, 0, 12],
      [-24, 0, 24],
      [24, 24, 24],
      [0, 0, 0],
    ];
    const x = vector([-1, 0, 1]);
    const ones = vector([1, 1, 1]);
    let backwards: Unary = (t) => pow(t, 4);
    let forwards: Unary = backwards;
    for (const expected of EXPECTED) {
      const [f, g] = [backwards, forwards];
      backwards = (t) => slopes(f, t as Tensor);
      forwards = (t) => jvp((u: Tensor) => g(u), [t as Tensor], [ones])[1];
      expect(numbers(backwards(x))).toEqual(expected);
      expect(numbers(forwards(x))).toEqual(expected);
    }
  });

  test.each([
    { b: 0, slopes: [0, 0, 0, 0] },
    { b: 1, slopes: [1, 1, 1, 1] },
    { b: 2, slopes: [0, 2, -6, inf] },
    { b: 3, slopes: [0, 3, 27, inf] },
    { b: -1, slopes: [-inf, -1, -1 / 9, 0] },
    { b: 0.5, slopes: [inf, 0.5, nan, 0] },
  ])("d/dx x^$b at 0, 1, -3 and Infinity", ({ b, slopes: expected }) => {
    const x = vector([0, 1, -3, inf]);
    const found = numbers(slopes((t) => pow(t, b), x));
    found.forEach((v, i) => {
      const e = expected[i]!;
      expect(Object.is(v, e) || Math.abs(v - e) < 1e-14, `${v} for ${e}`).toBe(true);
    });
    const narrow = slopes((t) => pow(t, b), vector([0, 1, -3], "float32"));
    expect(narrow.dtype).toBe("float32");
    expect(narrow.data[0]).toBe(expected[0]);
  });

  test("the slope in b is 0 at a = 0, NaN for negative a, and leaks nowhere", () => {
    const [aBar, bBar] = grad((a: Tensor, b: Tensor) => sum(pow(a, b)))(
      vector([0, 0, -2, 3, 1]),
      vector([2, 0, 2, 2, 7]),
    );
    expect(numbers(aBar)).toEqual([0, 0, -4, 6, 7]);
    expect(bBar.data[0]).toBe(0);
    expect(bBar.data[1]).toBe(0);
    expect(bBar.data[2]).toBeNaN();
    expect(bBar.data[3]).toBeCloseTo(9 * Math.log(3), 14);
    expect(bBar.data[4]).toBe(0);
    const [, yDot] = jvp((a: Tensor) => pow(a, 2), [vector([-2])], [vector([1])]);
    expect(numbers(yDot)).toEqual([-4]);
  });

  test("sqrt and power 1/2 have the same gradient where the inside vanishes", () => {
    const spread = (t: Tensor): Tensor => sum(pow(sub(t, t), 2));
    expect(numbers(grad((t: Tensor) => sqrt(spread(t)))(vector([1, 2]))[0])).toEqual([0, 0]);
    expect(numbers(grad((t: Tensor) => pow(spread(t), 0.5))(vector([1, 2]))[0])).toEqual([0, 0]);
  });

  test("mixed second derivatives, by closed form", () => {
    // d²/da db a^b = a^(b-1) (1 + b ln a)
    const a = scalar(1.7);
    const b = scalar(2.3);
    const mixed = grad((p: Tensor, q: Tensor) => grad((r: Tensor) => pow(r, q))(p)[0]);
    const other = grad((p: Tensor, q: Tensor) => grad((r: Tensor) => pow(p, r))(q)[0]);
    const expected = 1.7 ** 1.3 * (1 + 2.3 * Math.log(1.7));
    expect(mixed(a, b)[1].item()).toBeCloseTo(expected, 13);
    expect(other(a, b)[0].item()).toBeCloseTo(expected, 13);
  });
});

describe("xlogy", () => {
  test("what has no weight costs nothing, and has no gradient", () => {
    const y = vector([1, 0]);
    const loss = (p: Tensor): Tensor => neg(sum(xlogy(y, p)));
    expect(loss(vector([1, 0])).item() + 0).toBe(0);
    expect(numbers(grad(loss)(vector([1, 0]))[0])).toEqual([-1, 0]);
  });

  test("entropy: d/dp p ln p = 1 + ln p", () => {
    expect(numbers(slopes((p) => xlogy(p, p), vector([1, Math.E])))).toEqual([1, 2]);
    expect(numbers(xlogy(vector([0, 0]), vector([nan, inf])))).toEqual([nan, 0]);
  });
});

describe("where", () => {
  test("three-way broadcasting, and cotangents summed back", () => {
    const cond = fromData([2, 1], "bool", Uint8Array.of(1, 0));
    const a = vector([1, 2, 3]);
    const b = scalar(7);
    const [y, back] = vjp((p: Tensor, q: Tensor) => where(cond, p, q), a, b);
    expect(y.shape).toEqual([2, 3]);
    expect(numbers(y)).toEqual([1, 2, 3, 7, 7, 7]);
    const [aBar, bBar] = back(fromData([2, 3], "float64", Float64Array.of(1, 2, 3, 4, 5, 6)));
    expect(numbers(aBar)).toEqual([1, 2, 3]);
    expect(bBar.item()).toBe(15);
  });

  test("what is not taken makes no NaN, in either mode", () => {
    const x = scalar(1000);
    const f = (t: Tensor): Tensor => where(ops.lessEqual(t, 0), exp(t), add(1, t));
    expect(grad(f)(x)[0].item()).toBe(1);
    expect(jvp(f, [x], [scalar(1)])[1].item()).toBe(1);
    const n = vector([0, 2]);
    const safe = (t: Tensor): Tensor => sum(where(ops.equal(n, 0), 0, div(t, n)));
    expect(numbers(grad(safe)(vector([0, 1]))[0])).toEqual([0, 0.5]);
    // The tangent of the branch not taken is NaN, and is not multiplied by 0.
    const bad = where(vector([true], "bool"), vector([1]), vector([nan]));
    expect(numbers(bad)).toEqual([1]);
  });

  test("a NaN cotangent goes only where it was taken from", () => {
    const cond = vector([true, false], "bool");
    const [, back] = vjp((p: Tensor, q: Tensor) => where(cond, p, q), vector([1, 2]), vector([3, 4]));
    const [aBar, bBar] = back(vector([nan, nan]));
    expect(numbers(aBar)).toEqual([nan, 0]);
    expect(numbers(bBar)).toEqual([0, nan]);
  });

  test("numbers adopt the other branch's dtype", () => {
    const cond = vector([true, false], "bool");
    expect(where(cond, 0, vector([1, 2], "float32")).dtype).toBe("float32");
    expect(where(cond, vector([1, 2], "int32"), 0).dtype).toBe("int32");
    expect(where(cond, vector([1, 2], "int32"), 0.5).dtype).toBe("float64");
    expect(where(cond, 1, 0).dtype).toBe("float64");
    expect(where(cond, cond, cond).dtype).toBe("bool");
    expect(where(true, vector([1]), 0).item()).toBe(1);
  });

  test("the condition is a bool", () => {
    expect(() => where(vector([1, 0]), 1, 0)).toThrow(DTypeError);
    expect(() => where(1, 1, 0)).toThrow("use a comparison");
    expect(() => where(vector([1, 0], "bool"), vector([1, 2, 3]), 0)).toThrow(ShapeError);
    expect(() => where(true, vector([1]), vector([1], "float32"))).toThrow(DTypeError);
  });
});

describe("cast and stopGradient", () => {
  test("values", () => {
    const x = vector([1.9, -1.9, 0.1, nan, inf, 2 ** 31, "-0"]);
    expect(numbers(cast(x, "int32"))).toEqual([1, -1, 0, 0, 0, -(2 ** 31), 0]);
    expect(numbers(cast(x, "bool"))).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect(numbers(cast(vector([0.1]), "float32"))).toEqual([Math.fround(0.1)]);
    expect(numbers(cast(vector([true, false], "bool"), "float64"))).toEqual([1, 0]);
    expect(cast(256, "bool").data[0]).toBe(1);
    expect(cast(x, "float64")).toBe(x);
    expect(cast(3, "int32").dtype).toBe("int32");
    expect(() => cast(x, "float16" as DType)).toThrow(DTypeError);
  });

  test("derivatives pass between floats and end at int32 and bool", () => {
    const x = vector([1.5, 2], "float32");
    const [xBar] = grad((t: Tensor) => sum(ops.square(cast(t, "float64"))))(x);
    expect(xBar.dtype).toBe("float32");
    expect(numbers(xBar)).toEqual([3, 4]);
    const cut = (t: Tensor): Tensor => sum(mul(t, cast(cast(t, "int32"), "float32")));
    expect(numbers(grad(cut)(x)[0])).toEqual([1, 2]);
    expect(numbers(jvp((t: Tensor) => cast(cast(t, "int32"), "float32"), [x], [x])[1])).toEqual([0, 0]);
    const mask = (t: Tensor): Tensor => sum(mul(t, ops.less(t, 1.7)));
    expect(numbers(grad(mask)(x)[0])).toEqual([1, 0]);
  });

  test("stopGradient is a view of the value, and ends every derivative", () => {
    const x = vector([2, 3]);
    expect(stopGradient(x).data).toBe(x.data);
    const f = (t: Tensor): Tensor => sum(mul(t, stopGradient(t)));
    expect(numbers(grad(f)(x)[0])).toEqual([2, 3]);
    expect(jvp(f, [x], [vector([1, 1])])[1].item()).toBe(5);
    const twice = grad((t: Tensor) => sum(grad(f)(t)[0]));
    expect(numbers(twice(x)[0])).toEqual([0, 0]);
    // A structural zero: 0 times infinity is never formed.
    expect(numbers(slopes((t) => add(t, log(stopGradient(mul(t, 0)))), x))).toEqual([1, 1]);
  });
});

describe("cases of kink_gradient", () => {
  test("BR-027: four spellings of max(x, 0)", () => {
    const { input, expected } = caseOf("kink_gradient", "BR-027");
    const x = scalar(Number(input["x"]));
    const spellings: Unary[] = [
      relu,
      (t) => maximum(t, 0),
      (t) => clamp(t, { min: 0 }),
      (t) => where(greater(t, 0), t, 0),
    ];
    expect(spellings.map((f) => f(x).item())).toEqual(expected["value"]);
    expect(spellings.map((f) => slopes(f, x).item())).toEqual([0, 0.5, 0, 0]);
  });

  test("BR-029: cross-entropy of logits, by abs, at logit 0", () => {
    const { input, expected } = caseOf("kink_gradient", "BR-029");
    const t = stored(input["t"]);
    const loss = (z: Tensor): Tensor =>
      sum(add(sub(maximum(z, 0), mul(z, t)), ops.log1p(exp(neg(ops.abs(z))))));
    const z = stored(input["z"]);
    expect(loss(z).item()).toBeCloseTo(Number(expected["value"]), 15);
    expect(numbers(grad(loss)(z)[0])).toEqual([0.5, -0.5]);
  });

  test("BR-030: relu(x) - relu(-x) has twice the slope chosen at 0", () => {
    const { expected } = caseOf("kink_gradient", "BR-030");
    const f = (x: Tensor): Tensor => sub(relu(x), relu(neg(x)));
    expect(f(scalar(0)).item()).toBe(expected["value"]);
    expect(grad(f)(scalar(0))[0].item()).toBe(expected["grad_expected_from_framework"]);
  });

  test("BR-031: relu6 at both corners", () => {
    const { input, expected } = caseOf("kink_gradient", "BR-031");
    const x = stored(input["x"]);
    const relu6: Unary = (t) => minimum(maximum(t, 0), 6);
    expect(sum(relu6(x)).item()).toBe(expected["value"]);
    expect(numbers(slopes(relu6, x))).toEqual([0.5, 0.5, 1, 0]);
    expect(numbers(slopes((t) => clamp(t, { min: 0, max: 6 }), x))).toEqual([0, 0, 1, 0]);
  });
});
