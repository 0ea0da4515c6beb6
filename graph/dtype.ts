/** What the numbers of a tensor are, and what becomes of them when kinds meet. */
import { DTypeError } from "./errors.ts";

export type DType = "float64" | "float32" | "int32" | "bool";

/** Storage that may be written: for kernels, into the output they were given. */
export type Data = Float64Array | Float32Array | Int32Array | Uint8Array;

/** The same storage as everybody else sees it: to be read only. */
export interface Numbers extends Iterable<number> {
  readonly length: number;
  readonly buffer: ArrayBufferLike;
  readonly [index: number]: number;
  slice(start?: number, end?: number): Data;
  subarray(start?: number, end?: number): Numbers;
}

const ARRAYS = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

export const DTYPES: readonly DType[] = Object.freeze(["float64", "float32", "int32", "bool"] as const);

/** Zeroed storage for `size` numbers. */
export function allocate(dtype: DType, size: number): Data {
  // Float64Array first and by name: this is on the path of every eager op, and most are float64.
  return dtype === "float64" ? new Float64Array(size) : new ARRAYS[dtype](size);
}

/** Whether derivatives can flow through this kind of number. */
export function isFloat(dtype: DType): boolean {
  return dtype === "float64" || dtype === "float32";
}

/**
 * The dtype in which a and b meet: `bool < int32 < any float`.
 *
 * @throws DTypeError for float32 with float64: widening hides a loss of digits, narrowing makes one.
 */
export function promote(op: string, a: DType, b: DType): DType {
  if (a === b) return a;
  if (isFloat(a) && isFloat(b)) {
    throw new DTypeError(
      op,
      "one float dtype",
      `${a} with ${b}`,
      `cast one of them: cast(x, "${a}") or cast(x, "${b}")`,
    );
  }
  if (isFloat(a)) return a;
  if (isFloat(b)) return b;
  return "int32";
}

/** As {@link promote}, for arithmetic: true + true is 2, so booleans count as int32. */
export function promoteArithmetic(op: string, a: DType, b: DType): DType {
  const dtype = promote(op, a, b);
  return dtype === "bool" ? "int32" : dtype;
}

/** As {@link promote}, for ops whose values are real numbers: integers become float64. */
export function promoteReal(op: string, a: DType, b: DType): DType {
  const dtype = promote(op, a, b);
  return isFloat(dtype) ? dtype : "float64";
}
