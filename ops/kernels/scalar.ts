/** The functions of numbers that elementwise formulas are made of. */
import type { Scalar, ScalarFunction } from "../../graph/lowering.ts";
import { floorDivide as floorQuotient, remainder as floorRemainder } from "./division.ts";
import { erf as errorFunction } from "./erf.ts";
import { power, powerInt32 } from "./power.ts";
import { roundToEven } from "./rounding.ts";

type Term = Scalar | number;

/** The k-th input's element. */
export function input(index: number): Scalar {
  return { kind: "input", index };
}

/** A number from the op's parameters, read when the loop starts. */
export function parameter(name: string): Scalar {
  return { kind: "parameter", name };
}

export function constant(value: number): Scalar {
  return { kind: "constant", value };
}

/** A function of the user's own, or one that is not listed here. */
export function call(fn: ScalarFunction, ...args: readonly Term[]): Scalar {
  return { kind: "call", fn, args: args.map((a) => (typeof a === "number" ? constant(a) : a)) };
}

type Unary = (x: Term) => Scalar;
type Binary = (a: Term, b: Term) => Scalar;

function unary(name: string, f: (x: number) => number): Unary {
  const fn: ScalarFunction = { name, f };
  return (x) => call(fn, x);
}

function binary(
  name: string,
  f: (a: number, b: number) => number,
  int32?: (a: number, b: number) => number,
): Binary {
  const fn: ScalarFunction = int32 === undefined ? { name, f } : { name, f, int32 };
  return (a, b) => call(fn, a, b);
}

/** What reductions combine with. */
export const ADD: ScalarFunction = { name: "add", f: (a, b) => a! + b! };
export const MUL: ScalarFunction = { name: "mul", f: (a, b) => a! * b!, int32: Math.imul };
export const DIV: ScalarFunction = { name: "div", f: (a, b) => a! / b! };
export const MAX: ScalarFunction = { name: "max", f: Math.max };
export const MIN: ScalarFunction = { name: "min", f: Math.min };

export const add: Binary = (a, b) => call(ADD, a, b);
export const sub: Binary = binary("sub", (a, b) => a - b);
export const mul: Binary = (a, b) => call(MUL, a, b);
export const div: Binary = (a, b) => call(DIV, a, b);
export const floorDivide: Binary = binary("floorDivide", floorQuotient);
export const remainder: Binary = binary("remainder", floorRemainder);
export const pow: Binary = binary("pow", power, powerInt32);
export const max: Binary = (a, b) => call(MAX, a, b);
export const min: Binary = (a, b) => call(MIN, a, b);
export const neg: Unary = unary("neg", (x) => -x);
export const abs: Unary = unary("abs", Math.abs);
export const sign: Unary = unary("sign", Math.sign);
export const sqrt: Unary = unary("sqrt", Math.sqrt);
export const exp: Unary = unary("exp", Math.exp);
export const expm1: Unary = unary("expm1", Math.expm1);
export const log: Unary = unary("log", Math.log);
export const log1p: Unary = unary("log1p", Math.log1p);
export const sin: Unary = unary("sin", Math.sin);
export const cos: Unary = unary("cos", Math.cos);
export const tanh: Unary = unary("tanh", Math.tanh);
export const erf: Unary = unary("erf", errorFunction);
export const floor: Unary = unary("floor", Math.floor);
export const ceil: Unary = unary("ceil", Math.ceil);
export const round: Unary = unary("round", roundToEven);
export const trunc: Unary = unary("trunc", Math.trunc);

// Truth is 1, falsehood 0: the numbers that a bool tensor stores.
export const EQ: ScalarFunction = { name: "eq", f: (a, b) => (a === b ? 1 : 0) };
export const eq: Binary = (a, b) => call(EQ, a, b);
export const ne: Binary = binary("ne", (a, b) => (a !== b ? 1 : 0));
export const lt: Binary = binary("lt", (a, b) => (a < b ? 1 : 0));
export const le: Binary = binary("le", (a, b) => (a <= b ? 1 : 0));

export const SELECT: ScalarFunction = { name: "select", f: (c, a, b) => (c !== 0 ? a! : b!) };

/** a where c holds, else b. Both are evaluated: a compiler makes this branch-free. */
export function select(c: Term, a: Term, b: Term): Scalar {
  return call(SELECT, c, a, b);
}
