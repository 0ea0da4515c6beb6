import { describe, expect, test } from "vitest";
import type { Scalar, ScalarFunction } from "../../graph/lowering.ts";
import * as s from "../../ops/kernels/scalar.ts";
import { encodeModule, func } from "../../ops/kernels/wasm/encoder/index.ts";
import { F64, numbersOf, vectorFunctionOf } from "../../ops/kernels/wasm/math/index.ts";
import { stream } from "../../src/random/stream.ts";
import { FLOATS, type FloatType, mapped, moduleOf } from "./mapped.ts";
import { disassembled, functionTexts } from "./witness.ts";

function recordOf(formula: Scalar): ScalarFunction {
  if (formula.kind !== "call") throw new RangeError("no call");
  return formula.fn;
}

const ONE = {
  neg: s.neg,
  abs: s.abs,
  sign: s.sign,
  sqrt: s.sqrt,
  floor: s.floor,
  ceil: s.ceil,
  round: s.round,
  trunc: s.trunc,
};
const TWO = {
  add: s.add,
  sub: s.sub,
  mul: s.mul,
  div: s.div,
  max: s.max,
  min: s.min,
  eq: s.eq,
  ne: s.ne,
  lt: s.lt,
  le: s.le,
  floorDivide: s.floorDivide,
  remainder: s.remainder,
};
const INEXACT = [s.exp, s.expm1, s.log, s.log1p, s.sin, s.cos, s.tanh, s.erf].map((f) => recordOf(f(0)));

const EXACT: readonly (readonly [string, ScalarFunction, number])[] = [
  ...Object.entries(ONE).map(([name, f]) => [name, recordOf(f(0)), 1] as const),
  ...Object.entries(TWO).map(([name, f]) => [name, recordOf(f(0, 0)), 2] as const),
  ["select", s.SELECT, 3],
];

const CORNERS: Readonly<Record<FloatType, readonly number[]>> = {
  float32: [2 ** -149, 3 * 2 ** -149, 2 ** -126 - 2 ** -149, 2 ** -126, 3.4028234663852886e38, 2 ** 23 + 0.5],
  float64: [
    5e-324,
    15e-324,
    2.225073858507201e-308,
    2.2250738585072014e-308,
    Number.MAX_VALUE,
    2 ** 52 + 0.5,
  ],
};

const ORDINARY = [
  0,
  0.1,
  0.2,
  0.49999999999999994,
  0.5,
  0.7,
  1,
  1.5,
  2,
  2.5,
  3,
  5,
  7.25,
  10,
  100.1,
  2 ** 31,
  1e10,
  1e30,
];

function special(dtype: FloatType): number[] {
  const positive = [...ORDINARY, ...CORNERS[dtype], Number.POSITIVE_INFINITY];
  return [...positive, ...positive.map((x) => -x), Number.NaN];
}

/** Any bits, so any exponents; and quotients that are integers or next to one. */
function drawn(dtype: FloatType, count: number, arity: number): number[][] {
  const from = stream(11, "data", dtype, arity);
  const bits = new Uint32Array(2);
  const [double] = [new Float64Array(bits.buffer)];
  const any = (): number => {
    bits.set([from.integer(2 ** 32), from.integer(2 ** 32)]);
    if (dtype === "float64") return double[0]!;
    return new Float32Array(bits.buffer)[0]!;
  };
  return Array.from({ length: arity }, (_, column) =>
    Array.from({ length: count }, (_, i) => {
      if (i % 3 === 0) return any();
      if (i % 3 === 1) return from.gaussian() * 10 ** from.integer(12);
      return column === 0 ? (from.integer(4000) - 2000) * 0.1 : (from.integer(40) - 20) * 0.1;
    }),
  );
}

/** All combinations, as columns. */
function grid(values: readonly number[], arity: number): number[][] {
  if (arity === 0) return [];
  const columns = grid(values, arity - 1);
  const rows = columns[0]?.length ?? 1;
  return [
    ...columns.map((column) => values.flatMap(() => column)),
    values.flatMap((x) => new Array<number>(rows).fill(x)),
  ];
}

function expectBits(dtype: FloatType, fn: ScalarFunction, columns: readonly (readonly number[])[]): void {
  const round = dtype === "float32" ? Math.fround : (x: number): number => x;
  const y = mapped(dtype, fn, ...columns);
  const wrong: string[] = [];
  y.forEach((actual, i) => {
    const x = columns.map((column) => round(column[i]!));
    const expected = round(fn.f(...x));
    if (!Object.is(actual, expected)) wrong.push(`${fn.name}(${x.map(shown)}) = ${actual}, not ${expected}`);
  });
  expect(wrong.slice(0, 5)).toEqual([]);
}

function shown(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x);
}

describe.each(FLOATS)("%s, to the bit as in JavaScript", (dtype) => {
  test.each(EXACT)("%s of special values", (_, fn, arity) => {
    const values = special(dtype);
    expectBits(dtype, fn, grid(arity < 3 ? values : values.filter((__, i) => i % 3 === 0), arity));
  });

  test.each(EXACT)("%s of any bits", (_, fn, arity) => {
    expectBits(dtype, fn, drawn(dtype, 3000, arity));
  });

  test.each(EXACT)("%s makes a valid module", (_, fn, arity) => {
    expect(disassembled(moduleOf(dtype, fn, arity))).not.toContain("relaxed");
  });
});

test("a choice by a comparison makes no numbers in between", () => {
  const less = vectorFunctionOf(recordOf(s.lt(0, 0)))!;
  const select = vectorFunctionOf(s.SELECT)!;
  const f = func("f", ["i32"], (body, at) => {
    const [x, y] = [body.keep(F64.float.load(at)), body.keep(F64.float.load(at, 16))];
    const mask = body.keep(less.emit(F64, body, [x, y]));
    body.store(at, numbersOf(F64, select.emit(F64, body, [mask, x, y])));
  });
  const text = functionTexts(encodeModule([f]))[0]!;
  expect(text).toMatch(/f64x2\.lt[\s\S]*v128\.bitselect/);
  expect(text).not.toMatch(/v128\.and|f64x2\.ne|v128\.const/);
});

test("a comparison that arithmetic takes is 1 or 0", () => {
  const less = vectorFunctionOf(recordOf(s.lt(0, 0)))!;
  const [add, same] = [vectorFunctionOf(s.ADD)!, vectorFunctionOf(recordOf(s.eq(0, 0)))!];
  const f = func("f", ["i32"], (body, at) => {
    const mask = body.keep(less.emit(F64, body, [body.keep(F64.float.load(at)), body.keep(F64.all(2))]));
    const two = body.keep(add.emit(F64, body, [mask, mask]));
    body.store(at, numbersOf(F64, same.emit(F64, body, [two, body.keep(F64.all(2))])));
  });
  const text = functionTexts(encodeModule([f]))[0]!;
  expect(text.match(/v128\.and/g)).toHaveLength(3);
});

test("a function is known by its record, not by its name", () => {
  for (const fn of INEXACT) {
    expect(vectorFunctionOf(fn)).not.toBeNull();
    expect(vectorFunctionOf({ ...fn })).toBeNull();
  }
});

test("every function of formulas is known", () => {
  const {
    ADD,
    MUL,
    DIV,
    EQ,
    MAX,
    MIN,
    SELECT,
    input: _,
    parameter: __,
    constant: ___,
    call: ____,
    ...named
  } = s;
  const records = Object.values(named).map((f) => recordOf(f(0, 0, 0)));
  for (const fn of [ADD, MUL, DIV, EQ, MAX, MIN, SELECT, ...records])
    expect(vectorFunctionOf(fn), fn.name).not.toBeNull();
  expect(records).toHaveLength(30);
});
