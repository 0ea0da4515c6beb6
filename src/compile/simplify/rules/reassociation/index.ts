import type { AlgebraRule } from "../../rule.ts";
import { smallFirst, timesItself, timesNothing } from "./products.ts";
import {
  chosenConstant,
  constantFactor,
  deviations,
  meanBesideSum,
  oneFormOfSums,
  termByTerm,
} from "./sums.ts";
import { likeTerms } from "./terms.ts";

/**
 * Rules that keep values up to rounding: numbers are added and multiplied in another order. With them the gradient of
 * a normalisation, composed of primitives, becomes what one derives by hand:
 * `simplify(program, { rules: [...ALGEBRA_RULES, ...ZERO_RULES, ...REASSOCIATION_RULES] })`.
 *
 * A centred square is never made into a difference of squares, which would cost digits.
 *
 * They come to an end: products and like terms are rewritten only where that is fewer multiplications of fewer
 * elements, and a sum only where less is left to be summed.
 */
export const REASSOCIATION_RULES: readonly AlgebraRule[] = Object.freeze([
  oneFormOfSums,
  deviations,
  constantFactor,
  chosenConstant,
  termByTerm,
  meanBesideSum,
  timesNothing,
  timesItself,
  likeTerms,
  smallFirst,
]);
