import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ArgumentError, DTypeError, ShapeError } from "../graph/errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import * as ops from "../ops/index.ts";
import { jvp } from "../src/transforms/derivatives.ts";
import { type Binary, slopes, type Unary, vector, type Written } from "./support/elementwise.ts";
import { caseOf, stored } from "./support/fixtures.ts";

const { add, clamp, exp, floor, greater, log, maximum, minimum, mul, neg, pow, relu } = ops;
const { sigmoid, softplus, sub, xlogy } = ops;
const { NaN: nan } = Number;

interface Smooth {
  readonly x: readonly Written[];
  readonly y: readonly Written[];
  readonly dy: readonly Written[];
  readonly special: { readonly x: readonly Written[]; readonly y: readonly Written[] };
}

type Columns<K extends string> = Readonly<Record<K, readonly Written[]>>;

/** Made with mpmath, NumPy and SciPy; the file says how. */
const fixture: {
  readonly smooth: Readonly<Record<keyof typeof SMOOTH, Smooth>>;
  readonly pieces: Columns<"x" | keyof typeof PIECES>;
  readonly pairs: Columns<"a" | "b" | keyof typeof PAIRS>;
  readonly integers: Columns<"a" | "b" | keyof typeof INTEGER_PAIRS> & {
    readonly pow: Columns<"a" | "b" | "y">;
    readonly unary: Columns<"x" | keyof typeof INTEGER_UNARY>;
  };
} = JSON.parse(readFileSync(new URL("fixtures/elementwise.json", import.meta.url), "utf8"));

const SMOOTH = {
  cos: ops.cos,
  erf: ops.erf,
  exp,
  expm1: ops.expm1,
  log,
  log1p: ops.log1p,
  rsqrt: ops.rsqrt,
  sigmoid,
  sin: ops.sin,
  softplus,
  tanh: ops.tanh,
} satisfies Record<string, Unary>;

const PIECES = {
  abs: ops.abs,
  ceil: ops.ceil,
  floor,
  isFinite: ops.isFinite,
  isNaN: ops.isNaN,
  logicalNot: ops.logicalNot,
  relu,
  round: ops.round,
  sign: ops.sign,
  trunc: ops.trunc,
} satisfies Record<string, Unary>;

const PAIRS = {
  equal: ops.equal,
  floorDivide: ops.floorDivide,
  greater,
  greaterEqual: ops.greaterEqual,
  less: ops.less,
  lessEqual: ops.lessEqual,
  logicalAnd: ops.logicalAnd,
  logicalOr: ops.logicalOr,
  maximum,
  minimum,
  notEqual: ops.notEqual,
  pow,
  remainder: ops.remainder,
  xlogy,
} satisfies Record<string, Binary>;

const INTEGER_PAIRS = {
  add,
  equal: ops.equal,
  floorDivide: ops.floorDivide,
  greaterEqual: ops.greaterEqual,
  less: ops.less,
  logicalAnd: ops.logicalAnd,
  maximum,
  minimum,
  mul,
  remainder: ops.remainder,
  sub,
} satisfies Record<string, Binary>;

const INTEGER_UNARY = {
  abs: ops.abs,
  floor,
  neg,
  round: ops.round,
  sign: ops.sign,
  square: ops.square,
} satisfies Record<string, Unary>;

function names<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[];
}

/** Equal to within so many times the distance from 1 to the next float64; special values exactly. */
function expectNear(actual: Tensor, expected: readonly Written[], epsilons: number, x = expected): void {
  expect(actual.size).toBe(expected.length);
  expected.map(Number).forEach((e, i) => {
    const a = actual.data[i]!;
    // A subnormal number has fewer digits.
    const tolerance = Math.max(epsilons * Number.EPSILON * Math.abs(e), 5e-324);
    const isNear = Object.is(a, e) || Math.abs(a - e) <= tolerance;
    expect(isNear, `${a} for ${e}, at ${x[i]}`).toBe(true);
  });
}

describe("values", () => {
  const DIGITS = {
    cos: 1,
    erf: 1,
    exp: 1,
    expm1: 1,
    log: 1,
    log1p: 1,
    rsqrt: 2,
    sigmoid: 2,
    sin: 1,
    softplus: 2,
    tanh: 2,
  };

  test.each(names(SMOOTH))("%s, as correctly rounded", (name) => {
    const { x, y, special } = fixture.smooth[name];
    expectNear(SMOOTH[name](vector(x)), y, DIGITS[name], x);
    expectNear(SMOOTH[name](vector(special.x)), special.y, 0, special.x);
  });

  test.each(names(SMOOTH))("%s in float32", (name) => {
    const x = vector(fixture.smooth[name].x, "float32");
    const y = SMOOTH[name](x);
    expect(y.dtype).toBe("float32");
    const exact = SMOOTH[name](vector([...x.data]));
    expect([...y.data]).toEqual([...exact.data].map(Math.fround));
  });

  test.each(names(PIECES))("%s", (name) => {
    expectNear(PIECES[name](vector(fixture.pieces.x)), fixture.pieces[name], 0, fixture.pieces.x);
  });

  test.each(names(PAIRS))("%s, of all pairs", (name) => {
    const { a, b, [name]: y } = fixture.pairs;
    const pairs = a.map((v, i) => `${v} and ${b[i]}`);
    const epsilons = name === "pow" || name === "xlogy" ? 2 : 0;
    expectNear(signless(name, PAIRS[name](vector(a), vector(b))), signlessWritten(name, y), epsilons, pairs);
  });

  test("pow is within 4 ulp at a point that engines differ on", () => {
    // BR-248 of the cases.
    const y = pow(3241537318337080 * 2 ** -56, 5652030872037838 * 2 ** -52).item();
    expect(Math.abs(y - 0.020398604256650372)).toBeLessThanOrEqual(4 * 2 ** -58);
  });

  test("nothing overflows on the way", () => {
    expect([...sigmoid(vector([-1e308, -800, 800, 1e308])).data]).toEqual([0, 0, 1, 1]);
    expect([...softplus(vector([-1e308, -800, 800, 1e308])).data]).toEqual([0, 0, 800, 1e308]);
    expect([...softplus(vector([20, 50, 100], "float32")).data]).toEqual([20, 50, 100]);
  });
});

/** Which zero is the larger, NumPy leaves open. */
function signless(name: string, y: Tensor): Tensor {
  return name === "maximum" || name === "minimum" ? vector([...y.data].map((v) => v + 0)) : y;
}

function signlessWritten(name: string, y: readonly Written[]): readonly Written[] {
  return name === "maximum" || name === "minimum" ? y.map((v) => (v === "-0" ? 0 : v)) : y;
}

describe("derivatives", () => {
  test.each(names(SMOOTH))("%s, as correctly rounded", (name) => {
    const { x, dy } = fixture.smooth[name];
    const actual = slopes(SMOOTH[name], vector(x));
    if (name !== "tanh") {
      // exp(-x²) multiplies the rounding of x² by x².
      expectNear(actual, dy, name === "erf" ? 1000 : 4, x);
      return;
    }
    // Near 1 and -1, 1 - y² has no digits left but those behind the point.
    dy.forEach((e, i) => {
      expect(actual.data[i]).toBeCloseTo(Number(e), 15);
    });
  });

  test.each(["floor", "ceil", "round", "trunc", "sign"] as const)("%s is flat, in both modes", (name) => {
    const f = PIECES[name];
    const x = vector([-1.3, 0.4, 2]);
    expect([...slopes((t) => add(t, f(t)), x).data]).toEqual([1, 1, 1]);
    expect([...jvp((t: Tensor) => f(t), [x], [vector([1, 1, 1])])[1].data]).toEqual([0, 0, 0]);
  });
});

describe("dtypes", () => {
  const int = vector([-3, 0, 7], "int32");
  const bool = vector([true, false, true], "bool");
  const float32 = vector([0.5, 1, 2], "float32");

  test.each(names(INTEGER_PAIRS))("%s of int32 is NumPy's, and wraps around", (name) => {
    const { a, b, [name]: y } = fixture.integers;
    expect([...INTEGER_PAIRS[name](vector(a, "int32"), vector(b, "int32")).data]).toEqual(y);
  });

  test.each(names(INTEGER_UNARY))("%s of int32 is NumPy's, and wraps around", (name) => {
    const { x, [name]: y } = fixture.integers.unary;
    const actual = INTEGER_UNARY[name](vector(x, "int32"));
    expect(actual.dtype).toBe("int32");
    expect([...actual.data]).toEqual(y);
  });

  test("pow of int32 is NumPy's, wraps around, and rounds a negative power towards 0", () => {
    const { a, b, y } = fixture.integers.pow;
    expect([...pow(vector(a, "int32"), vector(b, "int32")).data]).toEqual(y);
    const negative = pow(vector([1, -1, -1, 2, 0], "int32"), vector([-2, -2, -3, -1, -1], "int32"));
    expect([...negative.data]).toEqual([1, 1, -1, 0, 0]);
    const half = pow(vector([2], "int32"), -1);
    expect(half.dtype).toBe("float64");
    expect(half.item()).toBe(0.5);
  });

  test("real functions make float64 of integers, and keep a float's kind", () => {
    for (const f of Object.values(SMOOTH)) {
      expect(f(int).dtype).toBe("float64");
      expect(f(bool).dtype).toBe("float64");
      expect(f(float32).dtype).toBe("float32");
    }
  });

  test("yes and no are bool", () => {
    const asked = [
      ops.isNaN(int),
      ops.isFinite(float32),
      ops.logicalNot(int),
      greater(float32, 1),
      ops.equal(int, 0),
    ];
    expect(asked.map(({ dtype }) => dtype)).toEqual(["bool", "bool", "bool", "bool", "bool"]);
    expect(ops.logicalAnd(int, float32).dtype).toBe("bool");
    expect(ops.logicalOr(bool, bool).dtype).toBe("bool");
  });

  test("the larger of two bools is a bool; their power is not", () => {
    expect(maximum(bool, bool).dtype).toBe("bool");
    expect(maximum(bool, int).dtype).toBe("int32");
    expect(maximum(int, float32).dtype).toBe("float32");
    expect(pow(bool, bool).dtype).toBe("int32");
    expect(xlogy(int, int).dtype).toBe("float64");
  });

  test("numbers adopt the dtype that they meet", () => {
    expect(maximum(float32, 0).dtype).toBe("float32");
    expect(pow(float32, 2).dtype).toBe("float32");
    expect(pow(int, 2).dtype).toBe("int32");
    expect(pow(int, 0.5).dtype).toBe("float64");
    expect(ops.remainder(int, 2).dtype).toBe("int32");
    expect(clamp(float32, { min: 0.75 }).dtype).toBe("float32");
    expect(clamp(int, { min: 0 }).dtype).toBe("int32");
    const wide = clamp(int, { min: 0.5 });
    expect(wide.dtype).toBe("float64");
    expect([...wide.data]).toEqual([0.5, 0.5, 7]);
  });

  test.each(names(PAIRS))("%s refuses float32 with float64, by name and with a remedy", (name) => {
    expect(() => PAIRS[name](float32, vector([1, 2, 3]))).toThrow(DTypeError);
    expect(() => PAIRS[name](float32, vector([1, 2, 3]))).toThrow(/^\w+: .*; cast one of them/);
    expect(() => PAIRS[name](float32, vector([1, 2], "float32"))).toThrow(ShapeError);
  });
});

describe("clamp refuses", () => {
  const x = vector([1]);

  test.each([
    ["nothing to clamp to", {}],
    ["bounds in the wrong order", { min: 1, max: 0 }],
    ["a bound that is NaN", { min: nan }],
  ])("%s", (_, bounds) => {
    expect(() => clamp(x, bounds)).toThrow(ArgumentError);
  });
});

describe("cases of nan_input", () => {
  test("BR-225: max and min keep a NaN wherever it stands", () => {
    const { input, expected } = caseOf("nan_input", "BR-225");
    const x = stored(input["x"], "float32");
    const found = [...ops.max(x, 1).data, ...ops.min(x, 1).data];
    expect(found).toEqual([...stored(expected["value"]).data]);
  });

  test("BR-227: maximum, minimum and clamp keep a NaN from either side", () => {
    const { input, expected } = caseOf("nan_input", "BR-227");
    const a = stored(input["a"], "float32");
    const b = stored(input["b"], "float32");
    expect([...maximum(a, b).data]).toEqual([...stored(expected["maximum"]).data]);
    expect([...minimum(a, b).data]).toEqual([...stored(expected["minimum"]).data]);
    expect([...clamp(a, { min: 0, max: 1 }).data]).toEqual([...stored(expected["clip"]).data]);
  });

  test("BR-228: isNaN of float32", () => {
    const { input, expected } = caseOf("nan_input", "BR-228");
    expect(ops.isNaN(stored(input["x"], "float32")).toArray()).toEqual(expected["value"]);
  });

  test("BR-229: pow of 1 and -1 is C's", () => {
    const { input, expected } = caseOf("nan_input", "BR-229");
    const y = pow(stored(input["base"]), stored(input["exp"]));
    expect([...y.data]).toEqual(expected["numpy"]);
  });
});
