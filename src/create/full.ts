import {
  ArgumentError,
  allocate,
  checkedShape,
  type DType,
  describe,
  filled,
  type Shape,
  type Spec,
  Tensor,
} from "../../graph/index.ts";
import { NONE } from "../../graph/options.ts";
import { type DTypeOption, dtypeOf, store } from "./dtype.ts";

/** Zeros: float64 unless a dtype is named. @throws ShapeError, DTypeError for what is no shape or dtype. */
export function zeros(shape: Shape, options: DTypeOption = NONE): Tensor {
  return filled(checkedShape("zeros", shape), dtypeOf("zeros", options, "float64"), 0);
}

/** Ones: float64 unless a dtype is named. @throws ShapeError, DTypeError for what is no shape or dtype. */
export function ones(shape: Shape, options: DTypeOption = NONE): Tensor {
  return filled(checkedShape("ones", shape), dtypeOf("ones", options, "float64"), 1);
}

/**
 * One value throughout: float64 for a number, bool for a boolean, unless a dtype is named.
 *
 * @throws ShapeError, DTypeError for what is no shape or dtype, or where the dtype cannot hold the value
 * @throws ArgumentError where the value is neither a number nor a boolean
 */
export function full(shape: Shape, value: number | boolean, options: DTypeOption = NONE): Tensor {
  const size = checkedShape("full", shape);
  const dtype = dtypeOf("full", options, typeof value === "boolean" ? "bool" : "float64");
  return filled(size, dtype, held("full", value, dtype));
}

/** Zeros of x's shape, and of its dtype unless another is named. */
export function zerosLike(x: Spec, options: DTypeOption = NONE): Tensor {
  return like("zerosLike", x, 0, options);
}

/** Ones of x's shape, and of its dtype unless another is named. */
export function onesLike(x: Spec, options: DTypeOption = NONE): Tensor {
  return like("onesLike", x, 1, options);
}

/** One value throughout, in x's shape, and in its dtype unless another is named. */
export function fullLike(x: Spec, value: number | boolean, options: DTypeOption = NONE): Tensor {
  return like("fullLike", x, value, options);
}

function like(op: string, x: Spec, value: number | boolean, options: DTypeOption): Tensor {
  if (!(x instanceof Tensor)) throw new ArgumentError(op, "a tensor", describe(x));
  const dtype = dtypeOf(op, options, x.dtype);
  return filled(x.shape, dtype, held(op, value, dtype));
}

/** @throws ArgumentError, DTypeError where it is no value that the dtype holds. */
function held(op: string, value: unknown, dtype: DType): number {
  if (typeof value !== "number" && typeof value !== "boolean") {
    throw new ArgumentError(op, "a number or a boolean", describe(value));
  }
  return store(op, allocate(dtype, 1), dtype, [Number(value)], () => "")[0]!;
}
