/** What variance and standard deviation divide by, said out loud. */
import { ArgumentError, describe, ShapeError } from "../../graph/errors.ts";
import { checkedFlag, checkedOptions } from "../../graph/options.ts";
import { reducedShape, sizeAlong, sizeOf } from "../../graph/shape.ts";
import type { Spec } from "../../graph/tensor.ts";
import type { KeepDims } from "./reducing.ts";

export interface Corrected extends KeepDims {
  /**
   * What the count is lessened by: 0 (the default) for the mean of squared deviations, which is biased, 1 for
   * Bessel's unbiased estimate.
   */
  readonly correction?: number;
}

/** @throws ArgumentError for other options, or a keepDims that is neither true nor false */
export function correctedOptions(op: string, options: Corrected): Required<Corrected> {
  const { keepDims, correction = 0 } = checkedOptions(op, options, NAMES);
  return { keepDims: checkedFlag(op, "keepDims", keepDims, false), correction };
}

const NAMES = ["keepDims", "correction"];

/**
 * By which factor a mean over n becomes a sum over n - correction.
 *
 * @throws ArgumentError where correction is negative or no number
 * @throws ShapeError where nothing is left to divide by
 */
export function correctionFactor(op: string, x: Spec, axes: readonly number[], correction: number): number {
  if (typeof correction !== "number" || !(correction >= 0 && correction < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError(op, "a correction >= 0: 0 (biased) or 1 (unbiased)", describe(correction));
  }
  if (correction === 0) return 1;
  const n = sizeAlong(x.shape, axes);
  if (n <= correction && sizeOf(reducedShape(x.shape, axes, false)) > 0) {
    throw new ShapeError(
      op,
      `more than ${correction} values, as correction is ${correction}`,
      `[${x.shape}] over axes [${axes}]`,
      "use more values, or correction: 0",
    );
  }
  return n / (n - correction);
}
