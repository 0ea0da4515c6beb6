/** The tape and the two walks over it: what no law of a single op can see. */
import { describe, expect, test, vi } from "vitest";
import {
  bind,
  filled,
  fromData,
  type Inputs,
  isDifferentiating,
  type Primitive,
  pullback,
  pushforward,
  RuleError,
  ShapeError,
  scalar,
  type Tensor,
  trace,
} from "../graph/index.ts";
import { elementwise, type One } from "../ops/families/elementwise.ts";
import {
  add,
  div,
  greater,
  Mul,
  mul,
  neg,
  reciprocal,
  scale,
  sqrt,
  square,
  sub,
  sum,
  where,
} from "../ops/index.ts";
import * as s from "../ops/kernels/scalar.ts";
import { grad, jvp, valueAndGrad, vjp } from "../src/transforms/derivatives.ts";

type Two = readonly [Tensor, Tensor];
type Curve = (t: Tensor) => Tensor;

const vector = (...values: readonly number[]): Tensor =>
  fromData([values.length], "float64", Float64Array.from(values));
const numbers = (t: Tensor): number[] => [...t.data];
const one = scalar(1);

/** d/dt by either mode: the walks have to agree wherever they are nested in each other. */
const forwards =
  (f: Curve): Curve =>
  (t) =>
    jvp(f, [t], [one])[1];
const backwards =
  (f: Curve): Curve =>
  (t) =>
    grad(f)(t)[0];
const MODES: readonly (readonly [string, (f: Curve) => Curve])[] = [
  ["forwards", forwards],
  ["backwards", backwards],
];
const NESTINGS = MODES.flatMap(([outer, o]) => MODES.map(([inner, i]) => [outer, inner, o, i] as const));

describe("where paths meet", () => {
  const x = vector(1.5, 4);

  test("the same tensor as both inputs of an op", () => {
    expect(numbers(grad((t: Tensor) => sum(mul(t, t)))(x)[0])).toEqual([3, 8]);
    expect(numbers(grad((t: Tensor) => sum(div(t, t)))(x)[0])).toEqual([0, 0]);
    expect(numbers(grad((t: Tensor) => sum(sub(t, t)))(x)[0])).toEqual([0, 0]);
    expect(numbers(jvp((t: Tensor) => mul(t, t), [x], [vector(1, -1)])[1])).toEqual([3, -8]);
  });

  test("one tensor into several ops", () => {
    // d (3t + t² - 1/t) = 3 + 2t + 1/t²
    const f = (t: Tensor): Tensor => sum(sub(add(mul(t, 3), square(t)), reciprocal(t)));
    const [a, b] = numbers(grad(f)(x)[0]);
    expect(a).toBeCloseTo(3 + 3 + 1 / 2.25, 13);
    expect(b).toBeCloseTo(3 + 8 + 1 / 16, 13);
  });

  test("thirty diamonds on top of each other: 2^30 paths, each node visited once", () => {
    const f = (t: Tensor): Tensor => {
      let y = t;
      for (let i = 0; i < 30; i++) y = add(y, y);
      return y;
    };
    const visit = vi.fn();
    const [xBar] = pullback(
      trace((t) => [f(t!)], [one], true),
      [one],
      add,
      visit,
    );
    expect(xBar?.item()).toBe(2 ** 30);
    expect(visit).toHaveBeenCalledTimes(30);
    expect(visit.mock.calls.map(([step]) => step.index)).toEqual(
      Array.from({ length: 30 }, (_, i) => 30 - i),
    );
    expect(jvp(f, [one], [one])[1].item()).toBe(2 ** 30);
  });

  test("arms of different lengths, one of them broadcast", () => {
    // y = Σ (a b)², a a row, b a column: ā = 2 a Σ b², b̄ = 2 b Σ a²
    const a = fromData([1, 3], "float64", Float64Array.of(1, 2, 3));
    const b = fromData([2, 1], "float64", Float64Array.of(5, 7));
    const [aBar, bBar] = grad((s: Tensor, t: Tensor) => sum(square(mul(s, t))))(a, b);
    expect([aBar.shape, numbers(aBar)]).toEqual([
      [1, 3],
      [148, 296, 444],
    ]);
    expect([bBar.shape, numbers(bBar)]).toEqual([
      [2, 1],
      [140, 196],
    ]);
  });
});

describe("what no path leads to", () => {
  const x = vector(1.5, 4);

  test("an input that is not used has a gradient of zeros, of its shape and dtype", () => {
    const b = filled([3, 1], "float32", 7);
    const [, unused] = grad((a: Tensor, _: Tensor) => sum(mul(a, 2)))(x, b);
    expect([unused.shape, unused.dtype, numbers(unused)]).toEqual([[3, 1], "float32", [0, 0, 0]]);
  });

  test("an output that is a constant, an input, or returned twice", () => {
    const constant = vector(9);
    const f = (t: Tensor): Inputs => [t, constant, t];
    const [y, back] = vjp<readonly [Tensor], Inputs>(f, x);
    expect(y.map(numbers)).toEqual([[1.5, 4], [9], [1.5, 4]]);
    expect(numbers(back([vector(1, 2), vector(5), vector(10, 20)])[0])).toEqual([11, 22]);
    const yDot = jvp<readonly [Tensor], Inputs>(f, [x], [vector(3, 4)])[1];
    expect(yDot.map(numbers)).toEqual([[3, 4], [0], [3, 4]]);
    expect(numbers(grad((_: Tensor) => scalar(3))(x)[0])).toEqual([0, 0]);
  });

  test("several outputs, of which some get no cotangent", () => {
    const tape = trace((t) => [square(t!), mul(t!, 3), neg(t!)], [x], true);
    expect(numbers(pullback(tape, [null, vector(1, 1), null], add)[0]!)).toEqual([3, 3]);
    expect(numbers(pullback(tape, [vector(1, 1), null, vector(1, 2)], add)[0]!)).toEqual([2, 6]);
    expect(pullback(tape, [null, null, null], add)).toEqual([null]);
    expect(pushforward(tape, [null])).toEqual([null, null, null]);
  });

  /** Its rules must not be called: they would give NaN where the truth is zero. */
  const untouchable = (): Primitive<One> => ({
    ...elementwise("untouchable", { formula: s.neg, derivative: null }),
    jvp: () => expect.fail("jvp was called without a tangent"),
    vjp: () => expect.fail("vjp was called without a cotangent"),
  });

  test("the rules of a dead branch are never called", () => {
    const op = untouchable();
    const f = (a: Tensor, b: Tensor): Inputs => {
      bind(op, [a], undefined);
      return [mul(a, b), bind(op, [square(b)], undefined)];
    };
    const tape = trace((a, b) => f(a!, b!), [x, x], true);
    expect(pullback(tape, [vector(1, 1), null], add).map((t) => numbers(t!))).toEqual([
      [1.5, 4],
      [1.5, 4],
    ]);
    const inactive = trace((a) => [add(a!, bind(op, [x], undefined))], [x], true);
    expect(numbers(pullback(inactive, [vector(1, 1)], add)[0]!)).toEqual([1, 1]);
    expect(numbers(pushforward(inactive, [vector(1, 1)])[0]!)).toEqual([1, 1]);
    // A tangent of zero by structure stays one.
    const second = trace((_, b) => [bind(op, [b!], undefined)], [x, x], true);
    expect(pushforward(second, [vector(1, 1), null])).toEqual([null]);
  });

  test("a rule may end a branch: what lies behind it is not walked", () => {
    const Stop: Primitive<One> = elementwise("stop", { formula: s.floor, derivative: null });
    const f = (t: Tensor): Tensor => add(bind(Stop, [bind(untouchable(), [t], undefined)], undefined), t);
    expect(numbers(vjp(f, x)[1](vector(1, 2))[0])).toEqual([1, 2]);
  });

  test("an element that is not chosen sends nothing back, however wild its derivative", () => {
    // √ at 0 and below it, under a cotangent of 0.
    const f = (t: Tensor): Tensor => sum(scale(vector(0, 0, 1), sqrt(t)));
    expect(numbers(grad(f)(vector(0, -1, 4))[0])).toEqual([0, 0, 0.25]);
    expect(numbers(jvp(sqrt, [vector(0, -1, 4)], [vector(0, 0, 1)])[1])).toEqual([0, 0, 0.25]);
  });

  test("the branch of a where that was not taken, to any order and in both modes", () => {
    const f: Curve = (t) => where(greater(t, 0), sqrt(t), mul(t, 3));
    for (const [, d] of MODES) {
      expect([-1, 0, 4].map((v) => d(f)(scalar(v)).item())).toEqual([3, 3, 0.25]);
    }
    for (const [, , outer, inner] of NESTINGS) {
      expect([-1, 0, 4].map((v) => outer(inner(f))(scalar(v)).item())).toEqual([0, 0, -1 / 32]);
    }
    const wild = (t: Tensor): Tensor => sum(where(greater(t, 1.5), div(1, sub(t, t)), mul(t, 2)));
    expect(grad(wild)(vector(1, 2))[0].data[0]).toBe(2);
  });

  test("integers have no derivative, and none flows through them", () => {
    const Whole: Primitive<One> = {
      ...untouchable(),
      dtype: () => "int32",
      kernel: ([t], _, y) => y.data.set(Array.from(t.data, Math.trunc)),
    };
    const f = (t: Tensor): Tensor => sum(mul(t, bind(Whole, [t], undefined)));
    expect(numbers(grad(f)(x)[0])).toEqual([1, 4]);
  });
});

describe("depth", () => {
  const factor = 1 + 1e-6;
  const length = 100_000;
  const chain = (t: Tensor): Tensor => {
    let y = t;
    for (let i = 0; i < length; i++) y = mul(y, factor);
    return y;
  };
  const slope = Math.exp(length * Math.log1p(1e-6));

  test.each(MODES)("a chain of 100,000 ops differentiates %s", (_, d) => {
    expect(d(chain)(scalar(2)).item() / slope).toBeCloseTo(1, 9);
  });

  test("and so does the second derivative of a long one", () => {
    // y = x / (1 + n x): x <- x / (1 + x), n times;  y'' = -2n / (1 + n x)³
    const n = 3000;
    const f = (t: Tensor): Tensor => {
      let y = t;
      for (let i = 0; i < n; i++) y = div(y, add(y, 1));
      return y;
    };
    const exact = (-2 * n) / (1 + n * 0.5) ** 3;
    for (const [, , outer, inner] of NESTINGS)
      expect(outer(inner(f))(scalar(0.5)).item() / exact).toBeCloseTo(1, 9);
  });
});

describe.each(NESTINGS)("%s over %s", (_o, _i, outer, inner) => {
  test("perturbations are not confused: d/dx [x d/dy (x + y)] = 1", () => {
    // A. Siskind & B. Pearlmutter, "Perturbation confusion and referential transparency", IFL 2005.
    const f: Curve = (x) => mul(x, inner((y) => add(x, y))(one));
    expect(outer(f)(one).item()).toBe(1);
  });

  test("nor where the inner function closes over the outer variable", () => {
    // d/dx [x d/dy (x y²)] at y = 3x:  x · 2xy = 6x³, so 18x²
    const f: Curve = (x) => mul(x, inner((y) => mul(x, square(y)))(mul(x, 3)));
    expect(outer(f)(scalar(2)).item()).toBe(72);
  });

  test("the inner derivative of something that does not depend on its variable", () => {
    const f: Curve = (x) => add(x, inner(() => square(x))(x));
    expect(outer(f)(scalar(5)).item()).toBe(1);
  });

  test("d² x³ = 6x, d² √x = -x^(-3/2) / 4, d² 1/x = 2/x³", () => {
    const at = (f: Curve): number => outer(inner(f))(scalar(1.7)).item();
    expect(at((t) => mul(t, mul(t, t)))).toBeCloseTo(6 * 1.7, 12);
    expect(at(sqrt)).toBeCloseTo(-0.25 * 1.7 ** -1.5, 13);
    expect(at(reciprocal)).toBeCloseTo(2 / 1.7 ** 3, 13);
  });
});

describe("higher derivatives", () => {
  /** n modes, chosen by the bits of `which`. */
  const nth = (f: Curve, n: number, which: number): Curve =>
    Array.from({ length: n }, (_, k) => ((which >> k) & 1 ? forwards : backwards)).reduce((g, d) => d(g), f);
  const falling = (p: number, n: number): number =>
    Array.from({ length: n }, (_, k) => p - k).reduce((product, v) => product * v, 1);

  test.each([0, 0b11111, 0b10101, 0b01010])("of √x to the fifth order (modes %i)", (which) => {
    for (let n = 0; n <= 5; n++) {
      const exact = falling(0.5, n) * 1.3 ** (0.5 - n);
      expect(nth(sqrt, n, which)(scalar(1.3)).item() / exact).toBeCloseTo(1, 12);
    }
  });

  test.each([0, 0b111111, 0b101010])("of x^5 to the sixth, which is exactly 0 (modes %i)", (which) => {
    const f: Curve = (t) => mul(t, square(square(t)));
    for (let n = 0; n <= 6; n++) {
      expect(nth(f, n, which)(scalar(2)).item()).toBe(n > 5 ? 0 : falling(5, n) * 2 ** (5 - n));
    }
  });

  test("a Hessian of several variables is symmetric, by all four ways", () => {
    // f = a² b + b / a:  f_ab = 2a - 1/a²
    const f = (a: Tensor, b: Tensor): Tensor => add(mul(square(a), b), div(b, a));
    const [a, b] = [scalar(2), scalar(3)];
    const exact = 4 - 0.25;
    const gradient = (s: Tensor, t: Tensor): Two => grad(f)(s, t);
    const alongA = (s: Tensor, t: Tensor): Tensor => jvp(f, [s, t], [one, null])[1];
    const mixed = [
      jvp(gradient, [a, b], [one, null])[1][1],
      jvp(gradient, [a, b], [null, one])[1][0],
      vjp(gradient, a, b)[1]([one, scalar(0)])[1],
      vjp(gradient, a, b)[1]([scalar(0), one])[0],
      grad(alongA)(a, b)[1],
      jvp(alongA, [a, b], [null, one])[1],
    ];
    for (const t of mixed) expect(t.item()).toBeCloseTo(exact, 13);
  });

  test("a pullback is a function like any other: it differentiates with respect to its cotangent", () => {
    const x = vector(2, 3);
    const back = (yBar: Tensor): Tensor => vjp(square, x)[1](yBar)[0];
    expect(numbers(jvp(back, [vector(1, 1)], [vector(10, 100)])[1])).toEqual([40, 600]);
    expect(numbers(vjp(back, vector(1, 1))[1](vector(10, 100))[0])).toEqual([40, 600]);
  });
});

describe("closed tapes", () => {
  const x = vector(2, 3);

  test("a tensor that leaves its function is the value it had", () => {
    let leak: Tensor = one;
    grad((t: Tensor) => {
      leak = mul(t, t);
      return sum(leak);
    })(x);
    expect(numbers(leak)).toEqual([4, 9]);
    const twice = mul(leak, 2);
    expect([twice.place, numbers(twice)]).toEqual([null, [8, 18]]);
    expect(isDifferentiating([leak])).toBe(false);
    // Elsewhere it is a constant.
    expect(numbers(grad((t: Tensor) => sum(mul(t, leak)))(x)[0])).toEqual([4, 9]);
    expect(numbers(grad((t: Tensor) => sum(mul(t, leak)))(leak)[0])).toEqual([4, 9]);
  });

  test("what leaks out of the inner function still depends on the outer variable", () => {
    const f = (t: Tensor): Tensor => {
      let leak: Tensor = one;
      grad((u: Tensor) => {
        leak = mul(u, t);
        return sum(leak);
      })(t);
      return sum(leak);
    };
    expect(numbers(grad(f)(x)[0])).toEqual([4, 6]);
    expect(numbers(jvp(f, [x], [vector(1, 0)])[1])).toEqual([4]);
  });

  test("a pullback outlives the tape that it was made on", () => {
    let back: (yBar: Tensor) => readonly [Tensor] = (t) => [t];
    grad((t: Tensor) => {
      back = vjp((u: Tensor) => mul(u, t), t)[1];
      return sum(t);
    })(x);
    const [xBar] = back(vector(1, 10));
    expect(numbers(mul(xBar, 1))).toEqual([2, 30]);
    expect(isDifferentiating([xBar])).toBe(false);
  });

  test.each(MODES)("an error inside the function closes its tape (%s)", (_, d) => {
    let leak: Tensor = one;
    const f: Curve = (t) => {
      leak = square(t);
      return d((u) => add(mul(u, t), fromData([2], "float64", new Float64Array(3))))(t);
    };
    expect(() => d(f)(scalar(3))).toThrow(ShapeError);
    expect(isDifferentiating([leak])).toBe(false);
    expect([neg(leak).place, neg(leak).item()]).toEqual([null, -9]);
    // Later calls are as right as ever, nested ones too.
    const g: Curve = (t) => mul(t, d((u) => add(t, u))(one));
    expect(d(g)(one).item()).toBe(1);
  });

  test("whoever asks is told whether a tape is watching", () => {
    const seenInside: boolean[] = [];
    const watch: Curve = (t) => {
      seenInside.push(isDifferentiating([t]), isDifferentiating([x]), isDifferentiating([square(t)]));
      return t;
    };
    grad(watch)(one);
    trace((t) => [watch(t!)], [one], false);
    // Recorded only, but the tape outside is differentiated.
    grad((t: Tensor) => sum(trace((u) => [watch(u!)], [t], false).nodes[0]!.value))(one);
    expect(seenInside).toEqual([true, false, true, false, false, false, true, false, true]);
  });

  test("value and gradient are plain", () => {
    const [y, [xBar]] = valueAndGrad((t: Tensor) => sum(square(t)))(x);
    expect([y.place, y.item(), xBar.place, numbers(xBar)]).toEqual([null, 13, null, [4, 6]]);
  });
});

describe("a rule that breaks its contract is named", () => {
  const a = filled([2, 3], "float64", 2);
  const b = filled([3], "float64", 3);
  const apply = (op: Primitive<Two>) => (s: Tensor, t: Tensor) => sum(bind(op, [s, t], undefined));
  const narrow = filled([3], "float32", 0);
  const BACK: readonly (readonly [string, readonly (Tensor | null)[]])[] = [
    ["two cotangents, one an input", [a]],
    ["two cotangents, one an input", [a, b, b]],
    ["a cotangent for input 0 of float64[2,3]", [b, b]],
    ["a cotangent for input 1 of float64[3]", [a, a]],
    ["a cotangent for input 1 of float64[3]", [a, narrow]],
  ];

  test.each(BACK)("vjp: %s", (_, xBar) => {
    const op: Primitive<Two> = { ...Mul, vjp: () => xBar as Two };
    expect(() => grad(apply(op))(a, b)).toThrow(RuleError);
    expect(() => grad(apply(op))(a, b)).toThrow(/^vjp of mul: /);
  });

  test.each([b, filled([2, 3], "float32", 0), scalar(0)])("jvp: a tangent of float64[2,3]", (yDot) => {
    const op: Primitive<Two> = { ...Mul, jvp: () => yDot };
    expect(() => jvp(apply(op), [a, b], [a, b])).toThrow(RuleError);
    expect(() => jvp(apply(op), [a, b], [a, b])).toThrow(/^jvp of mul: a tangent of float64\[2,3\], got /);
  });

  test("cotangents for inputs that did not want one are dropped, whatever they are", () => {
    const op: Primitive<Two> = { ...Mul, vjp: () => [a, narrow] };
    expect(numbers(grad((t: Tensor) => apply(op)(t, b))(a)[0])).toEqual([2, 2, 2, 2, 2, 2]);
  });
});
