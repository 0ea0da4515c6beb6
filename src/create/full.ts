import {
  ArgumentError,
  allocate,
  checkedShape,
  type DType,
  describe,
  filled,
  type Shape,
  ShapeError,
  type Spec,
  sizeOf,
  Tensor,
} from "../../graph/index.ts";
import { checkedDType, type DTypeOption, store } from "./dtype.ts";

/** More elements than any engine's typed arrays hold. */
const MOST_ELEMENTS = 2 ** 32;

/** Zeros: float64 unless a dtype is named. @throws ShapeError, DTypeError for what is no shape or dtype. */
export function zeros(shape: Shape, { dtype = "float64" }: DTypeOption = {}): Tensor {
  return filled(sized("zeros", shape), checkedDType("zeros", dtype), 0);
}

/** Ones: float64 unless a dtype is named. @throws ShapeError, DTypeError for what is no shape or dtype. */
export function ones(shape: Shape, { dtype = "float64" }: DTypeOption = {}): Tensor {
  return filled(sized("ones", shape), checkedDType("ones", dtype), 1);
}

/**
 * One value throughout: float64 for a number, bool for a boolean, unless a dtype is named.
 *
 * @throws ShapeError, DTypeError for what is no shape or dtype, or where the dtype cannot hold the value
 * @throws ArgumentError where the value is neither a number nor a boolean
 */
export function full(shape: Shape, value: number | boolean, options: DTypeOption = {}): Tensor {
  const size = sized("full", shape);
  const dtype = checkedDType("full", options.dtype ?? (typeof value === "boolean" ? "bool" : "float64"));
  return filled(size, dtype, held("full", value, dtype));
}

/** Zeros of x's shape, and of its dtype unless another is named. */
export function zerosLike(x: Spec, options: DTypeOption = {}): Tensor {
  return like("zerosLike", x, 0, options);
}

/** Ones of x's shape, and of its dtype unless another is named. */
export function onesLike(x: Spec, options: DTypeOption = {}): Tensor {
  return like("onesLike", x, 1, options);
}

/** One value throughout, in x's shape, and in its dtype unless another is named. */
export function fullLike(x: Spec, value: number | boolean, options: DTypeOption = {}): Tensor {
  return like("fullLike", x, value, options);
}

/** @throws ShapeError where it is no shape, or of more elements than can be. */
export function sized(op: string, shape: unknown): Shape {
  const checked = checkedShape(op, shape);
  if (sizeOf(checked) > MOST_ELEMENTS) throw new ShapeError(op, "at most 2^32 elements", `[${checked}]`);
  return checked;
}

function like(op: string, x: Spec, value: number | boolean, options: DTypeOption): Tensor {
  if (!(x instanceof Tensor)) throw new ArgumentError(op, "a tensor", describe(x));
  const dtype = checkedDType(op, options.dtype ?? x.dtype);
  return filled(x.shape, dtype, held(op, value, dtype));
}

/** @throws ArgumentError, DTypeError where it is no value that the dtype holds. */
function held(op: string, value: unknown, dtype: DType): number {
  if (typeof value !== "number" && typeof value !== "boolean") {
    throw new ArgumentError(op, "a number or a boolean", describe(value));
  }
  return store(op, allocate(dtype, 1), dtype, [Number(value)], () => "")[0]!;
}
