import {
  allocate,
  checkedDType,
  checkedShape,
  DTypeError,
  fromData,
  type Shape,
  ShapeError,
  sameShape,
  sizeOf,
  Tensor,
} from "../../graph/index.ts";
import { checkedOptions, NONE } from "../../graph/options.ts";
import { type DTypeOption, store } from "./dtype.ts";
import { type NestedData, parse, pathOf } from "./parse.ts";

export interface TensorOptions extends DTypeOption {
  /** The shape, in row-major order, of data that are given flat. */
  readonly shape?: Shape;
}

/**
 * A tensor of the data, which are copied.
 *
 * Numbers are float64 and booleans bool, unless a dtype is named; typed arrays keep their kind (8- and 16-bit
 * integers become int32). A tensor is returned as it is, still on its tape if it is on one.
 *
 * @throws ShapeError where arrays are ragged, or do not fit the shape
 * @throws ArgumentError naming the path of what is no data: a string, a hole, a number beside arrays
 * @throws DTypeError where a number does not fit the dtype (0.5 as int32), or a tensor would have to be cast
 */
export function tensor(data: NestedData | Tensor, options: TensorOptions = NONE): Tensor {
  return tensorFor("tensor", data, options);
}

/** As {@link tensor}, for whoever has another name. */
export function tensorFor(op: string, data: NestedData | Tensor, options: TensorOptions): Tensor {
  const given = checkedOptions(op, options, ["dtype", "shape"]);
  const dtype = given.dtype === undefined ? null : checkedDType(op, given.dtype);
  const shape = given.shape === undefined ? null : checkedShape(op, given.shape);
  if (data instanceof Tensor) return same(op, data, dtype, shape);
  const parsed = parse(op, data);
  const finalShape = shape === null ? Object.freeze(parsed.shape) : fitted(op, parsed.shape, shape);
  const finalDType = dtype ?? parsed.dtype;
  const path = (i: number): string => pathOf(indicesOf(i, parsed.shape));
  const storage = allocate(finalDType, parsed.numbers.length);
  return fromData(finalShape, finalDType, store(op, storage, finalDType, parsed.numbers, path));
}

/** Flat data take any shape of their size; nested data have one. */
function fitted(op: string, given: Shape, shape: Shape): Shape {
  if (given.length > 1 && !sameShape(given, shape)) {
    throw new ShapeError(op, `data of shape [${shape}]`, `[${given}]`, "give the numbers flat, or no shape");
  }
  if (sizeOf(given) !== sizeOf(shape)) {
    throw new ShapeError(op, `${sizeOf(shape)} numbers for shape [${shape}]`, `${sizeOf(given)}`);
  }
  return shape;
}

function same(op: string, x: Tensor, dtype: string | null, shape: Shape | null): Tensor {
  if (dtype !== null && dtype !== x.dtype) {
    throw new DTypeError(op, `a tensor of ${dtype}`, x.dtype, `cast it: cast(x, "${dtype}")`);
  }
  if (shape !== null && !sameShape(shape, x.shape)) {
    throw new ShapeError(op, `a tensor of shape [${shape}]`, `[${x.shape}]`, "reshape it");
  }
  return x;
}

function indicesOf(i: number, shape: Shape): number[] {
  const at: number[] = [];
  let rest = i;
  for (const d of [...shape].reverse()) {
    at.unshift(rest % d);
    rest = Math.floor(rest / d);
  }
  return at;
}
