/** Numbers as Python and NumPy print them. */

/** `print(x)`: the fewest digits that tell it from every other number. */
export function asIs(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e16) return twoDigitExponent(value.toExponential());
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** `"%.2e" % x` */
export function withExponent(value: number): string {
  return twoDigitExponent(value.toExponential(2));
}

/** `print(x)` of Python 2: twelve digits. */
export function twelveDigits(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** `"%.10f" % x` */
export function tenDecimals(value: number): string {
  return value.toFixed(10);
}

/** `print(array)`: each number to at most eight decimals. */
export function listed(values: ArrayLike<number>): string {
  return Array.from(values, (value) => value.toFixed(8).replace(/0+$/, "")).join(", ");
}

function twoDigitExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}
