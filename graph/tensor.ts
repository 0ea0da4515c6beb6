import { allocate, checkedDType, type Data, type DType, isStorage, type Numbers } from "./dtype.ts";
import { ArgumentError, describe, ShapeError } from "./errors.ts";
import { type Nested, nested } from "./nested.ts";
import { checkedFunction } from "./options.ts";
import { headline, tensorText } from "./print/tensor.ts";
import { type TensorJson, tensorJson } from "./print/tensorJson.ts";
import { checkedShape, type Shape, sizeOf } from "./shape.ts";
import type { Tape } from "./tape.ts";

/** What shape rules see: everything about an array but its numbers. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What kernels read: numbers in row-major order, and no graph. */
export interface NdArray extends Spec {
  readonly data: Numbers;
}

/** What a kernel writes into. */
export interface Output extends Spec {
  readonly data: Data;
}

/** Where a traced tensor stands: on which tape, at which node, and the same value one level down. */
export interface Place {
  readonly tape: Tape;
  readonly index: number;
  readonly primal: Tensor;
}

/** Storage, or a promise of it: called at most when the numbers are first read. */
export type Storage = Data | (() => Data);

/**
 * An immutable n-dimensional array, which may be the value of a node on a tape.
 *
 * Tensors are values: no op changes one, and nothing has to be disposed of. Their numbers are read through
 * {@link Tensor.data} alone, because they need not have been computed yet.
 */
export class Tensor implements NdArray {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Not for reading: {@link Tensor.data} is. Handing it on lets a view share what is not yet computed. */
  readonly storage: Storage;
  /** Where this value was recorded, or null for plain numbers. */
  readonly place: Place | null;
  /** The name it is printed under, given by `named`. */
  readonly name: string | null;

  static {
    // What Node's console.log prints. The symbol is in the registry, so nothing of Node's is imported.
    Object.defineProperty(Tensor.prototype, Symbol.for("nodejs.util.inspect.custom"), {
      value(this: Tensor, depth: number): string {
        return depth < 0 ? `[${headline(this, this.name)}]` : this.toString();
      },
    });
  }

  constructor(
    shape: Shape,
    dtype: DType,
    storage: Storage,
    place: Place | null = null,
    name: string | null = null,
  ) {
    this.shape = shape;
    this.dtype = dtype;
    this.storage = storage;
    this.place = place;
    this.name = name;
  }

  /** The numbers in row-major order: shared, not copied, and not to be written to. */
  get data(): Numbers {
    const { storage } = this;
    return typeof storage === "function" ? storage() : storage;
  }

  get rank(): number {
    return this.shape.length;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /**
   * The one number of a tensor of size one.
   *
   * @throws ShapeError for any other size.
   */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError("item", "a tensor of one element", `[${this.shape}]`, "use toArray() or data");
    }
    return this.data[0]!;
  }

  /** The elements as nested arrays, one level an axis: numbers, or booleans of a bool tensor. */
  toArray(): Nested {
    return nested(this);
  }

  /** A copy of the numbers in row-major order (0 and 1 for bool), which the caller may write to. */
  toTypedArray(): Data {
    return this.data.slice();
  }

  /** `float64[2,3] [[1, 2, 3], [4, 5, 6]]`, rounded for reading, and summarised where it is large. */
  toString(): string {
    return tensorText(this, this.name);
  }

  /** What `JSON.stringify` writes: dtype, shape and numbers, to the last bit. `fromJson` reads it. */
  toJSON(): TensorJson {
    return tensorJson(this);
  }

  /**
   * Text in a template; the number of a plain scalar in JavaScript's own arithmetic.
   *
   * @throws ArgumentError where a number is wanted of anything larger, or of a tensor on an open tape: `x * 2` would
   *   leave the tape without a word, and its gradient would be lost.
   */
  [Symbol.toPrimitive](hint: string): string | number {
    if (hint === "string") return this.toString();
    let isTraced = false;
    for (let { place } = this; place !== null; place = place.primal.place) isTraced ||= place.tape.isOpen;
    if (this.rank === 0 && !isTraced) return this.item();
    throw new ArgumentError(
      "tensor",
      "an op, such as add(x, 1) for x + 1",
      `JavaScript arithmetic on ${headline(this, this.name)}${isTraced ? ", which is being recorded" : ""}`,
      "use ops; item() gives the bare number of a scalar, toString() text",
    );
  }
}

/** What ops take for a tensor: a number or a boolean adopts the dtype that it meets. */
export type TensorLike = Tensor | number | boolean;

/**
 * Numbers already at hand, as a tensor that owns them.
 *
 * @throws ShapeError, DTypeError, ArgumentError unless the data are of the dtype's kind, and as many as the shape has
 */
export function fromData(shape: Shape, dtype: DType, data: Data): Tensor {
  return new Tensor(
    checkedShape("fromData", shape),
    checkedDType("fromData", dtype),
    fitting("fromData", shape, dtype, data),
  );
}

/**
 * A tensor whose numbers are computed when they are first read, and once.
 *
 * @throws ShapeError, DTypeError, ArgumentError for what is no shape, dtype or function, and, when they are read, for
 *   data that are not of that shape and dtype
 */
export function deferred(shape: Shape, dtype: DType, compute: () => Data): Tensor {
  const size = checkedShape("deferred", shape);
  const kind = checkedDType("deferred", dtype);
  checkedFunction("deferred", "compute", compute);
  let known: Data | null = null;
  return new Tensor(size, kind, () => {
    known ??= fitting("deferred", size, kind, compute());
    return known;
  });
}

function fitting(op: string, shape: Shape, dtype: DType, data: Data): Data {
  if (!isStorage(data, dtype)) {
    throw new ArgumentError(op, `data in the typed array of ${dtype}`, describe(data));
  }
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(op, `${sizeOf(shape)} numbers for shape [${shape}]`, `${data.length}`);
  }
  return data;
}

/** One value throughout. @throws ShapeError, DTypeError, ArgumentError for what is no shape, dtype or number */
export function filled(shape: Shape, dtype: DType, value: number): Tensor {
  const size = checkedShape("filled", shape);
  const data = allocate(checkedDType("filled", dtype), sizeOf(size));
  if (typeof value !== "number") throw new ArgumentError("filled", "a number", describe(value));
  return new Tensor(size, dtype, Object.is(value, 0) ? data : data.fill(value));
}

/**
 * A scalar; JavaScript's numbers are float64.
 *
 * @throws ArgumentError, DTypeError for what is no number or dtype
 */
export function scalar(value: number, dtype: DType = "float64"): Tensor {
  if (typeof value !== "number") throw new ArgumentError("scalar", "a number", describe(value));
  if (dtype !== "float64") checkedDType("scalar", dtype);
  const data = allocate(dtype, 1);
  data[0] = value;
  return new Tensor(SCALAR, dtype, data);
}

const SCALAR: Shape = Object.freeze([]);

/**
 * The tensor meant by an op's argument.
 *
 * @param what the argument is called, for the error, where an op has several
 * @throws ArgumentError for anything but a tensor, a number or a boolean.
 */
export function asTensor(op: string, x: TensorLike, like: DType = "float64", what = ""): Tensor {
  if (x instanceof Tensor) return x;
  if (typeof x === "number") return scalar(x, adopt(x, like));
  if (typeof x === "boolean") return scalar(x ? 1 : 0, "bool");
  throw noTensor(op, x, what);
}

/**
 * Two arguments of one op: a JavaScript number takes the dtype of the tensor beside it.
 *
 * @param first what they are called, for the error
 * @throws ArgumentError for anything but tensors, numbers and booleans.
 */
export function asOperands(
  op: string,
  a: TensorLike,
  b: TensorLike,
  first = "the first operand",
  second = "the second operand",
): readonly [Tensor, Tensor] {
  if (a instanceof Tensor) return [a, asTensor(op, b, a.dtype, second)];
  if (b instanceof Tensor) return [asTensor(op, a, b.dtype, first), b];
  return [asTensor(op, a, "float64", first), asTensor(op, b, "float64", second)];
}

function noTensor(op: string, x: unknown, what: string): ArgumentError {
  const received = `${describe(x)}${what === "" ? "" : ` for ${what}`}`;
  return new ArgumentError(op, "a tensor, a number or a boolean", received, remedyFor(x));
}

function remedyFor(x: unknown): string {
  if (Array.isArray(x) || ArrayBuffer.isView(x)) return "make arrays into tensors with tensor([...])";
  if (x instanceof Promise) return "await it first";
  if (typeof x === "bigint" || typeof x === "string") return "make it a number with Number(...)";
  const isForeign = typeof x === "object" && x !== null && describe(x).startsWith("a tensor");
  return isForeign ? "it comes from another copy of wengert: install one, and import it once" : "";
}

/** A number beside integers stays an integer if it is one; 0.5 beside them makes the result float64. */
function adopt(value: number, like: DType): DType {
  if (like === "float64" || like === "float32") return like;
  return (value | 0) === value && !Object.is(value, -0) ? "int32" : "float64";
}
