/** Nested arrays taken apart: shape, kind of number, and the numbers in row-major order. */
import {
  ArgumentError,
  type DType,
  describe,
  type Shape,
  ShapeError,
  sizeOf,
  Tensor,
} from "../../graph/index.ts";

/** The typed arrays whose elements are numbers. */
export type NumericArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray;

/** A number, a boolean, a typed array, or arrays of these, each level of one length. */
export type NestedData = number | boolean | NumericArray | readonly NestedData[];

export interface Parsed {
  readonly shape: Shape;
  /** What the data are by themselves. */
  readonly dtype: DType;
  readonly numbers: ArrayLike<number>;
}

/** Small integers, signed or not, are int32; uint32 is too, where its numbers fit. */
const KINDS: ReadonlyMap<string, DType> = new Map<string, DType>([
  ["Float64Array", "float64"],
  ["Float32Array", "float32"],
  ["Float16Array", "float32"],
  ["Int32Array", "int32"],
  ["Int16Array", "int32"],
  ["Int8Array", "int32"],
  ["Uint32Array", "int32"],
  ["Uint16Array", "int32"],
  ["Uint8Array", "int32"],
  ["Uint8ClampedArray", "int32"],
]);

/** More levels than anybody has axes: an array that contains itself. */
const MOST_AXES = 64;

/**
 * Take nested arrays apart.
 *
 * @throws ShapeError where an array is not as long as its neighbours
 * @throws ArgumentError naming the path of anything that is not data: a string, a hole, a number beside arrays
 */
export function parse(op: string, data: unknown): Parsed {
  const whole = kindOf(data);
  if (whole !== null && isView(data)) return { shape: [data.length], dtype: whole, numbers: data };

  const shape: number[] = [];
  let first: unknown = data;
  while (Array.isArray(first) && shape.length <= MOST_AXES) {
    shape.push(first.length);
    first = first[0];
  }
  if (shape.length > MOST_AXES) {
    throw new ArgumentError(
      op,
      `at most ${MOST_AXES} levels of arrays`,
      "more",
      "does an array contain itself?",
    );
  }
  const isEmpty = shape.includes(0);
  if (isView(first)) shape.push(first.length);
  const dtype = isEmpty ? "float64" : kindOf(first);
  if (dtype === null)
    throw notData(
      op,
      first,
      shape.map(() => 0),
    );

  const numbers = new Array<number>(sizeOf(shape));
  let filled = 0;
  const at: number[] = [];
  const take = (node: unknown): void => {
    const axis = at.length;
    if (axis === shape.length) {
      const kind = isView(node) ? null : kindOf(node);
      if (kind === null) throw notData(op, node, at, shape);
      if (kind !== dtype) throw mixed(op, dtype, node, at);
      numbers[filled++] = Number(node);
      return;
    }
    if (!isView(node) && !Array.isArray(node)) throw shallow(op, node, at, shape);
    if (node.length !== shape[axis]) throw ragged(op, node.length, at, shape);
    if (isView(node)) {
      if (axis !== shape.length - 1) throw shallow(op, node, at, shape);
      if (kindOf(node) !== dtype) throw mixed(op, dtype, node, at);
      for (let i = 0; i < node.length; i++) numbers[filled++] = node[i]!;
      return;
    }
    at.push(0);
    for (let i = 0; i < node.length; i++) {
      at[axis] = i;
      if (node[i] === undefined && !(i in node))
        throw new ArgumentError(op, `a number${pathOf(at)}`, "a hole in the array");
      take(node[i]);
    }
    at.pop();
  };
  take(data);
  return { shape, dtype, numbers };
}

/** ` at [1][0]`, or nothing for the whole. */
export function pathOf(at: readonly number[]): string {
  return at.length === 0 ? "" : ` at ${at.map((i) => `[${i}]`).join("")}`;
}

function kindOf(value: unknown): DType | null {
  if (typeof value === "number") return "float64";
  if (typeof value === "boolean") return "bool";
  return isView(value) ? (KINDS.get(value[Symbol.toStringTag]) ?? null) : null;
}

/** A typed array of numbers, from this realm or another (a worker's, a test runner's). */
function isView(value: unknown): value is NumericArray {
  return (
    ArrayBuffer.isView(value) &&
    Symbol.toStringTag in value &&
    typeof value[Symbol.toStringTag] === "string" &&
    KINDS.has(value[Symbol.toStringTag] as string)
  );
}

function notData(op: string, value: unknown, at: readonly number[], shape?: Shape): ArgumentError {
  const expected = `${at.length === 0 ? "numbers, booleans or arrays of them" : `a number or boolean${pathOf(at)}`}`;
  if (value instanceof Tensor) {
    return new ArgumentError(
      op,
      expected,
      `a tensor of shape [${value.shape}]`,
      "stack([...]) makes one of several",
    );
  }
  const isDeeper = shape !== undefined && (Array.isArray(value) || isView(value));
  return new ArgumentError(
    op,
    expected,
    describe(value),
    isDeeper ? `every element must be ${shape.length} arrays deep, as the first is` : "",
  );
}

function shallow(op: string, value: unknown, at: readonly number[], shape: Shape): ArgumentError {
  const isNumber = typeof value === "number" || typeof value === "boolean" || isView(value);
  return new ArgumentError(
    op,
    `an array of length ${shape[at.length]}${pathOf(at)}`,
    describe(value),
    isNumber ? `every element must be ${shape.length} arrays deep, as the first is` : "",
  );
}

function ragged(op: string, length: number, at: readonly number[], shape: Shape): ShapeError {
  return new ShapeError(
    op,
    `length ${shape[at.length]}${pathOf(at)}, as${pathOf(at.map(() => 0))}`,
    `${length}`,
    "arrays of one level must be equally long: pad them, or keep them apart",
  );
}

function mixed(op: string, dtype: DType, value: unknown, at: readonly number[]): ArgumentError {
  const what = dtype === "bool" ? "a boolean" : dtype === "float64" ? "a number" : `${dtype} numbers`;
  return new ArgumentError(op, `${what}${pathOf(at)}, as the first is`, describe(value), "do not mix kinds");
}
