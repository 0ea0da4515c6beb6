/** How one function may be misused. */
import { fromData, type Tensor, tensor } from "../../src/index.ts";
import type { ErrorKind, Wrong } from "./kinds.ts";

export interface Misuse {
  /** Arguments that work. */
  readonly good: readonly unknown[];
  /** What is put in the place of which argument. */
  readonly wrong?: Readonly<Record<number, readonly Wrong[]>>;
  /** Arguments that are wrong together, or in ways of their own. */
  readonly calls?: readonly (readonly [what: string, args: readonly unknown[], error: ErrorKind])[];
  /** How the function is called, where that takes more than one call. */
  readonly call?: (...args: readonly unknown[]) => unknown;
  /** The name in its messages, where that is an argument. */
  readonly name?: string;
}

/** Misuses by the function's name. */
export type Table = Readonly<Record<string, Misuse>>;

/** The same for each of these functions. */
export function each(names: string, misuse: Misuse): Table {
  return Object.fromEntries(names.split(" ").map((name) => [name, misuse]));
}

export const x: Tensor = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
export const v: Tensor = tensor([1, 2, 3]);
/** Of x's shape, and of another dtype. */
export const single: Tensor = tensor(Float32Array.of(1, 2, 3, 4, 5, 6), { shape: [2, 3] });
export const integers: Tensor = tensor(Int32Array.of(1, 0, 1, 0, 1, 0), { shape: [2, 3] });
export const bools: Tensor = tensor([
  [true, false, true],
  [false, true, false],
]);
/** A shape that goes with neither x's nor v's. */
export const clash: Tensor = fromData([2, 4], "float64", new Float64Array(8));
export const empty: Tensor = fromData([0, 3], "float64", new Float64Array(0));

/** A method, as a function of its arguments. */
export function method(of: object, name: string): (...args: readonly unknown[]) => unknown {
  const f: unknown = Reflect.get(of, name);
  if (typeof f !== "function") throw new Error(`there is no method ${name}`);
  return (...args) => Reflect.apply(f, of, args);
}
