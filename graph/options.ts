/** Options, looked at before they are read: `sum(x, 0, true)` and `{ keepdims: true }` must not pass for none. */
import { ArgumentError, describe } from "./errors.ts";

/** No options: what stands in for those that were left out. */
export const NONE: Readonly<Record<string, never>> = Object.freeze({});

/**
 * The options that a caller gave, once they are known to be a record of these names alone.
 *
 * @throws ArgumentError for what is no record, and for names that are not among these: a misspelt option is not one
 *   that was left out
 */
export function checkedOptions<T extends object>(op: string, options: T, names: readonly string[]): T {
  if (options === NONE) return options;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const remedy = `options go by name, as in { ${names[0]}: ... }`;
    throw new ArgumentError(op, expected(names), describe(options), remedy);
  }
  let isEmpty = true;
  for (const name in options) {
    isEmpty = false;
    if (names.includes(name)) continue;
    throw new ArgumentError(op, expected(names), `an option ${JSON.stringify(name)}`);
  }
  // A promise or a Map has no names either.
  if (isEmpty && !isRecord(options)) throw new ArgumentError(op, expected(names), describe(options));
  return options;
}

function expected(names: readonly string[]): string {
  return `options { ${names.join(", ")} }`;
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Of another realm's Object too: a prototype that has none itself.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * An option that is true or false.
 *
 * @throws ArgumentError for anything else: "no" would count as yes
 */
export function checkedFlag(
  op: string,
  name: string,
  value: boolean | undefined,
  otherwise: boolean,
): boolean {
  if (value === undefined) return otherwise;
  if (typeof value !== "boolean") throw new ArgumentError(op, `${name} to be true or false`, describe(value));
  return value;
}

/**
 * A function that a caller gave.
 *
 * @throws ArgumentError for anything else
 */
export function checkedFunction<F>(op: string, what: string, f: F): F {
  if (typeof f !== "function") throw new ArgumentError(op, `${what} to be a function`, describe(f));
  return f;
}

/**
 * A number, neither NaN nor infinite.
 *
 * @throws ArgumentError for anything else
 */
export function checkedFinite(op: string, what: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ArgumentError(op, `${what} to be a finite number`, describe(value));
}

/**
 * An integer within bounds.
 *
 * @throws ArgumentError for anything else
 */
export function checkedInteger(
  op: string,
  what: string,
  value: unknown,
  low: number,
  high: number = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high)
    return value as number;
  const range = high === Number.MAX_SAFE_INTEGER ? `>= ${low}` : `from ${low} to ${high}`;
  throw new ArgumentError(op, `${what} to be an integer ${range}`, describe(value));
}

/**
 * What random directions are drawn from: an integer.
 *
 * @throws ArgumentError for anything else
 */
export function checkedSeed(op: string, seed: unknown): number {
  if (Number.isSafeInteger(seed)) return seed as number;
  throw new ArgumentError(op, "seed to be an integer within ±(2^53 - 1)", describe(seed));
}

/**
 * What an op is made of: its name, and a record with these functions in it.
 *
 * @throws ArgumentError naming the part that is missing
 */
export function checkedRule(op: string, name: unknown, rule: unknown, functions: readonly string[]): void {
  if (typeof name !== "string" || name === "") {
    throw new ArgumentError(op, "a name that is a non-empty string", describe(name));
  }
  if (typeof rule !== "object" || rule === null) {
    throw new ArgumentError(op, `the rule of ${name}: an object`, describe(rule));
  }
  const parts = rule as Readonly<Record<string, unknown>>;
  for (const part of functions) {
    if (typeof parts[part] === "function") continue;
    throw new ArgumentError(op, `${name} to have a function ${part}`, describe(parts[part]));
  }
}
