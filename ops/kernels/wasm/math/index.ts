/** The functions of numbers that formulas are made of, as instructions on vectors. */
import type { Scalar, ScalarFunction } from "../../../../graph/lowering.ts";
import * as s from "../../scalar.ts";
import * as arithmetic from "./arithmetic.ts";
import * as comparison from "./comparison.ts";
import { floorDivide, remainder } from "./division.ts";
import { erf } from "./erf.ts";
import { exp, expm1 } from "./exponential.ts";
import type { VectorFunction } from "./function.ts";
import { log, log1p } from "./logarithm.ts";
import { pow } from "./power.ts";
import { tanh } from "./tanh.ts";
import { cos, sin } from "./trigonometric.ts";

export { maskOf, numbersOf, type Operand, type Result, type VectorFunction } from "./function.ts";
export { F32, F64, type FloatVector, type MaskOf, type Width } from "./width.ts";

/** By the record itself: a function of the user's own may be called "exp" too. */
const FUNCTIONS: ReadonlyMap<ScalarFunction, VectorFunction> = new Map([
  [s.ADD, arithmetic.add],
  [s.MUL, arithmetic.mul],
  [s.DIV, arithmetic.div],
  [s.MAX, arithmetic.max],
  [s.MIN, arithmetic.min],
  [s.SELECT, comparison.select],
  [called(s.sub(0, 0)), arithmetic.sub],
  [called(s.neg(0)), arithmetic.neg],
  [called(s.abs(0)), arithmetic.abs],
  [called(s.sign(0)), arithmetic.sign],
  [called(s.sqrt(0)), arithmetic.sqrt],
  [called(s.floor(0)), arithmetic.floor],
  [called(s.ceil(0)), arithmetic.ceil],
  [called(s.round(0)), arithmetic.round],
  [called(s.trunc(0)), arithmetic.trunc],
  [s.EQ, comparison.eq],
  [called(s.ne(0, 0)), comparison.ne],
  [called(s.lt(0, 0)), comparison.lt],
  [called(s.le(0, 0)), comparison.le],
  [called(s.floorDivide(0, 0)), floorDivide],
  [called(s.remainder(0, 0)), remainder],
  [called(s.exp(0)), exp],
  [called(s.expm1(0)), expm1],
  [called(s.log(0)), log],
  [called(s.log1p(0)), log1p],
  [called(s.sin(0)), sin],
  [called(s.cos(0)), cos],
  [called(s.tanh(0)), tanh],
  [called(s.erf(0)), erf],
  [called(s.pow(0, 0)), pow],
]);

/** How vectors of floats go through a function; null for one that is not known here. */
export function vectorFunctionOf(fn: ScalarFunction): VectorFunction | null {
  return FUNCTIONS.get(fn) ?? null;
}

/** The record of the function that a formula calls. */
export function called(formula: Scalar): ScalarFunction {
  if (formula.kind !== "call") throw new RangeError("a formula that calls nothing");
  return formula.fn;
}
