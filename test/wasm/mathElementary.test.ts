import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Scalar, ScalarFunction } from "../../graph/lowering.ts";
import * as s from "../../ops/kernels/scalar.ts";
import { between, FLOATS, type FloatType, mapped, moduleOf } from "./mapped.ts";
import { disassembled } from "./witness.ts";

function recordOf(formula: Scalar): ScalarFunction {
  if (formula.kind !== "call") throw new RangeError("no call");
  return formula.fn;
}

/**
 * The largest errors in these tables, in units of the last place of the exact value; half a unit is that of the nearest
 * number, 2 are allowed. (Among more points, a tenth more or so.)
 */
const WORST = {
  exp: [0.73, 0.82],
  expm1: [1.12, 1.12],
  log: [0.95, 1.05],
  log1p: [1.11, 0.98],
  sin: [0.97, 0.7],
  cos: [1.16, 0.68],
  tanh: [0.89, 1.19],
  erf: [1.19, 0.96],
  pow: [0.5, 0.75],
} as const satisfies Record<string, readonly [float32: number, float64: number]>;

type Name = keyof typeof WORST;

const FUNCTIONS: Readonly<Record<Name, ScalarFunction>> = {
  exp: recordOf(s.exp(0)),
  expm1: recordOf(s.expm1(0)),
  log: recordOf(s.log(0)),
  log1p: recordOf(s.log1p(0)),
  sin: recordOf(s.sin(0)),
  cos: recordOf(s.cos(0)),
  tanh: recordOf(s.tanh(0)),
  erf: recordOf(s.erf(0)),
  pow: recordOf(s.pow(0, 0)),
};

const NAMES = Object.keys(WORST) as Name[];

interface Table {
  readonly columns: readonly (readonly number[])[];
  /** The number nearest to the exact value, which is this part of the last place above it. */
  readonly expected: readonly number[];
  readonly above: readonly number[];
}

/** By mpmath: see `generate.py` there. */
function table(name: Name, dtype: FloatType): Table {
  const file = new URL(`../fixtures/elementary/${name}.json`, import.meta.url);
  const stored: Readonly<Record<FloatType, readonly string[]>> = JSON.parse(readFileSync(file, "utf8"));
  const rows = stored[dtype].map((row) => row.split(" "));
  return {
    columns: rows[0]!.slice(0, -2).map((_, k) => rows.map((row) => ofHex(row[k]!))),
    expected: rows.map((row) => ofHex(row.at(-2)!)),
    above: rows.map((row) => Number(row.at(-1)!) / 256),
  };
}

function ofHex(hex: string): number {
  const bytes = Buffer.from(hex, "hex");
  return bytes.length === 4 ? bytes.readFloatBE() : bytes.readDoubleBE();
}

/** By the sign bit: -0 is. */
function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

describe.each(FLOATS)("%s", (dtype) => {
  describe.each(NAMES)("%s", (name) => {
    const fn = FUNCTIONS[name];
    const arity = name === "pow" ? 2 : 1;

    test("is as near to the exact value as is said, over all the range", () => {
      const { columns, expected, above } = table(name, dtype);
      const y = mapped(dtype, fn, ...columns);
      let [worst, at] = [0, -1];
      expected.forEach((e, i) => {
        const places = isNegative(y[i]!) === isNegative(e) ? between(dtype, e, y[i]!) : Infinity;
        // Where a power of two is passed, half the places are twice as long: so much the better.
        const error = Math.abs(places - above[i]!);
        if (error > worst) [worst, at] = [error, i];
      });
      const where = `${name}(${columns.map((c) => c[at])}) = ${y[at]}, but ${expected[at]} expected`;
      expect(expected.length).toBeGreaterThan(400);
      expect(worst, where).toBeLessThanOrEqual(WORST[name][dtype === "float32" ? 0 : 1]);
    });

    test("special values are those of JavaScript, or of IEEE 754 for powers", () => {
      const round = dtype === "float32" ? Math.fround : (x: number): number => x;
      const tiny = dtype === "float32" ? 2 ** -149 : 5e-324;
      const large = dtype === "float32" ? 3.4028234663852886e38 : Number.MAX_VALUE;
      const some = [0, 1, 2, 3, 0.5, 1.5, 2.5, 7, 1e5, 2 ** 24 - 1, 2 ** 53, 1e30, tiny, large, 1 - 2 ** -24];
      const all = [...some, ...some.map((x) => -x), Infinity, -Infinity, Number.NaN];
      const columns = arity === 1 ? [all] : [all.flatMap((a) => all.map(() => a)), all.flatMap(() => all)];
      const y = mapped(dtype, fn, ...columns);
      let exact = 0;
      y.forEach((actual, i) => {
        const x = columns.map((column) => round(column[i]!));
        const e = round(fn.f(...x));
        const isSpecial = e === 0 || e === 1 || !Number.isFinite(e) || x.some((v) => v === 0);
        exact += isSpecial ? 1 : 0;
        // V8's own functions are a unit or so off.
        const error = isSpecial ? (Object.is(actual, e) ? 0 : Infinity) : Math.abs(between(dtype, e, actual));
        expect(error, `${name}(${x}) = ${actual}, but ${e} expected`).toBeLessThanOrEqual(2);
      });
      expect(exact).toBeGreaterThan(3);
    });

    test("a lane's value does not depend on the other lanes, nor on which it is", () => {
      const columns = table(name, dtype).columns.map((column) => column.filter((_, i) => i % 5 === 0));
      const y = mapped(dtype, fn, ...columns);
      // As neighbours, what takes the long way round: enormous, subnormal, NaN.
      const strange = [1e30, Number.NaN, 1e-40, -1];
      for (const lane of [0, 1, 2, 3]) {
        const spread = columns.map((column) =>
          column.flatMap((x) => strange.map((other, k) => (k === lane ? x : other))),
        );
        const again = mapped(dtype, fn, ...spread).filter((_, i) => i % 4 === lane);
        expect(again).toEqual(y);
      }
    });

    test("another implementation finds the module valid", () => {
      const text = disassembled(moduleOf(dtype, fn, arity));
      expect(text).toContain(dtype === "float32" ? "f32x4.mul" : "f64x2.mul");
      expect(text).not.toContain("relaxed");
    });
  });
});

test.each(FLOATS)("squares of %s are rounded once, as products are", (dtype) => {
  const x = table("tanh", dtype).columns[0]!;
  const two = x.map(() => 2);
  expect(mapped(dtype, FUNCTIONS.pow, x, two)).toEqual(mapped(dtype, s.MUL, x, x));
});

describe("what only a good reduction gets right", () => {
  // W. Kahan's and J.-M. Muller's examples of numbers that are nearly multiples of pi/2.
  test.each([
    [6381956970095103 * 2 ** 797, 1, -4.687165924254628e-19],
    [1e22, -0.8522008497671888, 0.5232147853951389],
    [1e300, -0.8178819121159085, -0.5753861119575491],
  ])("sin and cos of %d", (x, sine, cosine) => {
    expect(mapped("float64", FUNCTIONS.sin, [x])[0]).toBeCloseTo(sine, 14);
    expect(mapped("float64", FUNCTIONS.cos, [x])[0]! / cosine).toBeCloseTo(1, 14);
  });
});
