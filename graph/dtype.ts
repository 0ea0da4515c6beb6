/** What the numbers of a tensor are, and what becomes of them when kinds meet. */
import { ArgumentError, DTypeError, describe, ShapeError } from "./errors.ts";

export type DType = "float64" | "float32" | "int32" | "bool";

/** Storage that may be written: for kernels, into the output they were given. */
export type Data = Float64Array | Float32Array | Int32Array | Uint8Array;

/** The same storage as everybody else sees it: to be read only. */
export interface Numbers extends Iterable<number> {
  readonly length: number;
  readonly [index: number]: number;
  slice(start?: number, end?: number): Data;
  subarray(start?: number, end?: number): Numbers;
}

const ARRAYS = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

export const DTYPES: readonly DType[] = Object.freeze(["float64", "float32", "int32", "bool"] as const);

/**
 * What a caller says is a dtype.
 *
 * @throws DTypeError unless it is the name of one.
 */
export function checkedDType(op: string, dtype: unknown): DType {
  if (dtype === "float64" || dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw noDType(op, dtype);
}

function noDType(op: string, dtype: unknown): DTypeError {
  return new DTypeError(op, `a dtype: ${DTYPES.join(", ")}`, describe(dtype));
}

/**
 * Zeroed storage for `size` numbers.
 *
 * Up to 64 bytes V8 keeps a typed array's numbers in its own heap, which is cheap. Beyond that every array is a
 * memory allocation of its own, which costs 1 to 4 us with its collection: many times the work of a small op. So
 * arrays of up to 8 KiB are cut from slabs. A slab lives as long as any array cut from it; that is why there are
 * two sizes: whoever keeps one tensor keeps at most 8 KiB for a small one and 64 KiB for a larger one.
 *
 * @throws DTypeError, ArgumentError for what is no dtype or no number of elements
 * @throws ShapeError where memory does not hold them
 */
export function allocate(dtype: DType, size: number): Data {
  const width = widthOf(dtype);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ArgumentError("allocate", "a number of elements that is an integer >= 0", describe(size));
  }
  const bytes = size * width;
  if (bytes <= 64) return new ARRAYS[dtype](size);
  if (bytes > LARGE.size / 8) return alone(dtype, size);
  const slab = bytes <= SMALL.size / 8 ? SMALL : LARGE;
  if (slab.used + bytes > slab.size) {
    slab.buffer = new ArrayBuffer(slab.size);
    slab.used = 0;
  }
  const start = slab.used;
  slab.used += (bytes + 7) & -8;
  return dtype === "float64"
    ? new Float64Array(slab.buffer, start, size)
    : new ARRAYS[dtype](slab.buffer, start, size);
}

function widthOf(dtype: DType): number {
  if (dtype === "float64") return 8;
  if (dtype === "bool") return 1;
  if (dtype === "float32" || dtype === "int32") return 4;
  throw noDType("allocate", dtype);
}

function alone(dtype: DType, size: number): Data {
  try {
    return new ARRAYS[dtype](size);
  } catch {
    throw new ShapeError("allocate", "elements that memory holds", `${size} of ${dtype}`);
  }
}

const SMALL = { size: 8192, used: 8192, buffer: new ArrayBuffer(0) };
const LARGE = { size: 65536, used: 65536, buffer: new ArrayBuffer(0) };

/** Whether storage is of the kind that a dtype has, made in this realm or in another (a worker, a test runner). */
export function isStorage(data: unknown, dtype: DType): data is Data {
  return ArrayBuffer.isView(data) && (data as Data)[Symbol.toStringTag] === ARRAYS[dtype].name;
}

/** Whether derivatives can flow through this kind of number. */
export function isFloat(dtype: DType): boolean {
  return dtype === "float64" || dtype === "float32";
}

/** A small number for each dtype, for keys. */
export function codeOf(dtype: DType): number {
  return dtype === "float64" ? 0 : dtype === "float32" ? 1 : dtype === "int32" ? 2 : 3;
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
  if (isFloat(a)) return above(op, b, a);
  return above(op, a, isFloat(b) ? b : above(op, b, "int32"));
}

/** @returns `upper`, in which int32 and bool are contained. @throws DTypeError where `lower` is neither. */
function above(op: string, lower: DType, upper: DType): DType {
  if (lower !== "int32" && lower !== "bool") throw noDType(op, lower);
  return upper;
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
