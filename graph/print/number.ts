/** Numbers as people write them. */
import type { DType } from "../dtype.ts";
import { ArgumentError, describe } from "../errors.ts";

/**
 * The shortest decimal that gives the number back: 0.1, 1e-5, NaN, Infinity, -0.
 *
 * A float32 is spelled by the digits that tell it from other float32s: 0.1, not 0.10000000149011612.
 */
export function numberText(value: number, dtype: DType = "float64"): string {
  if (typeof value !== "number") throw new ArgumentError("numberText", "a number", describe(value));
  if (dtype === "bool") return value === 0 ? "false" : "true";
  return spelled(dtype === "float32" ? shortestFloat32(value) : value);
}

/**
 * The number rounded to so many significant digits, without zeros at the end.
 *
 * @throws ArgumentError for what is no number, or no number of digits
 */
export function roundedText(value: number, digits: number): string {
  if (typeof value !== "number") throw new ArgumentError("roundedText", "a number", describe(value));
  if (!(Number.isInteger(digits) && digits >= 1 && digits <= 100)) {
    throw new ArgumentError("roundedText", "digits to be an integer from 1 to 100", describe(digits));
  }
  return spelled(Number.isFinite(value) && value !== 0 ? Number(value.toPrecision(digits)) : value);
}

/** JavaScript's own spelling has zeros for an exponent where it is small (0.00001), and forgets the sign of -0. */
function spelled(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0 || (size >= 1e-3 && size < 1e7)) return String(value);
  return value.toExponential().replace("e+", "e");
}

/** The float64 of fewest decimal digits that rounds to this float32. */
function shortestFloat32(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return value === 0 ? value : candidate;
  }
  // Nine digits tell all float32s apart; NaN comes here too.
  return Number(value.toPrecision(9));
}
