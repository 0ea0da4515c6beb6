import type { CheckRow } from "../result.ts";
import { asIs, listed } from "./printed.ts";

/** Where figures lie that other people printed, or how sure a figure can be. */
export interface Band {
  readonly low: number;
  readonly high: number;
  readonly note: string;
}

/** A figure that a notebook prints. */
export interface Printed {
  readonly what: string;
  readonly published: string;
  readonly value: number;
  /** How it is printed; {@link asIs} unless said otherwise. */
  readonly print?: (value: number) => string;
  /** For a figure that is rounding noise. */
  readonly band?: Band | undefined;
  readonly note?: string | undefined;
}

/** What the tests show of each figure that is not the same for this reason. */
export const LIKE_NUMPY = "rounded as in NumPy, all digits are the same";

/** "same" where it prints alike, else "band" where it lies in its band, else "differs". */
export function figure(
  section: string,
  { what, published, value, print = asIs, band, note }: Printed,
): CheckRow {
  const ours = print(value);
  const row = { section, what, published, ours };
  if (ours === published) return noted({ ...row, verdict: "same" }, note);
  if (band === undefined) return noted({ ...row, verdict: "differs" }, note);
  const isIn = value >= band.low && value <= band.high;
  return { ...row, verdict: isIn ? "band" : "differs", note: band.note };
}

/** An array as NumPy prints it. */
export function figures(
  section: string,
  what: string,
  published: string,
  values: ArrayLike<number>,
): CheckRow {
  const ours = listed(values);
  return { section, what, published, ours, verdict: ours === published ? "same" : "differs" };
}

/** Something that need only be small. */
export interface Bounded {
  readonly what: string;
  readonly published: string;
  readonly value: number;
  readonly bound: number;
  readonly note: string;
}

/** "within" up to its bound, else "differs". */
export function bounded(section: string, { what, published, value, bound, note }: Bounded): CheckRow {
  const verdict = Math.abs(value) <= bound ? "within" : "differs";
  return { section, what, published, ours: value.toExponential(1), verdict, note };
}

/**
 * The band of an error of so many digits that the last bits of what is measured show in it: one bit moves an error by
 * 1e-16, and more where a gradient is a difference.
 */
export function lastBits(published: string, reach = 1e-15): Band {
  const value = Number(published);
  return {
    low: value - reach,
    high: value + reach,
    note: `the last digits of so small an error show how the last bits were rounded; ${LIKE_NUMPY}`,
  };
}

function noted(row: CheckRow, note: string | undefined): CheckRow {
  return note === undefined ? row : { ...row, note };
}
