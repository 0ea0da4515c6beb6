import type { AlgebraRule } from "../rule.ts";
import { eitherWay, notNot, otherwise, twiceIsOnce } from "./choices.ts";
import { firstPower, minusZero, overOne, timesOne } from "./identities.ts";
import {
  flippedTwice,
  stretchedOperand,
  thereAndBack,
  toOwnShape,
  transposedTwice,
  viewOfOneNumber,
  viewOfView,
} from "./movements.ts";
import { overPowerOfTwo, scaleByConstant, secondPower } from "./powers.ts";
import {
  evenOfMinus,
  minusMinus,
  minusTimesConstant,
  minusTimesMinus,
  plusMinus,
  timesMinusOne,
} from "./signs.ts";
import { minusDifference, plusZero, sumOfOne, zeroMinus } from "./zeros.ts";

/**
 * The rules that `simplify` uses, in the order in which they are tried. Each keeps every bit of every value.
 *
 * They come to an end: each makes the expression that a node stands for shorter when it is written out, or leaves it
 * as long and puts in an op that comes later in the order pow, div, scale, mul, square, neg.
 */
export const ALGEBRA_RULES: readonly AlgebraRule[] = Object.freeze([
  timesOne,
  overOne,
  minusZero,
  firstPower,
  timesMinusOne,
  minusMinus,
  plusMinus,
  minusTimesMinus,
  minusTimesConstant,
  evenOfMinus,
  secondPower,
  overPowerOfTwo,
  scaleByConstant,
  viewOfView,
  viewOfOneNumber,
  toOwnShape,
  stretchedOperand,
  transposedTwice,
  flippedTwice,
  thereAndBack,
  eitherWay,
  otherwise,
  notNot,
  twiceIsOnce,
]);

/** Further rules, for whom 0 and -0 are the same: `simplify(program, { rules: [...ALGEBRA_RULES, ...ZERO_RULES] })`. */
export const ZERO_RULES: readonly AlgebraRule[] = Object.freeze([
  plusZero,
  zeroMinus,
  minusDifference,
  sumOfOne,
]);

export { REASSOCIATION_RULES } from "./reassociation/index.ts";
