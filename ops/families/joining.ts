/** What ops that put any number of arrays together have in common. */
import { type DType, promote } from "../../graph/dtype.ts";
import { ArgumentError, describe } from "../../graph/errors.ts";
import type { Differentials, Inputs } from "../../graph/primitive.ts";
import { asTensor, filled, type Spec, Tensor, type TensorLike } from "../../graph/tensor.ts";

export interface AlongAxis {
  /** Counted from the front. */
  readonly axis: number;
}

/** The dtype in which all of them meet. */
export function promoteAll(op: string, xs: readonly Spec[]): DType {
  return xs.reduce((dtype, x) => promote(op, dtype, x.dtype), xs[0]!.dtype);
}

/**
 * Arguments as tensors: numbers adopt the dtype of the first tensor among them.
 *
 * @throws ArgumentError for anything but an array of tensors, numbers and booleans
 */
export function asTensors(op: string, xs: readonly TensorLike[]): Tensor[] {
  if (!Array.isArray(xs)) {
    throw new ArgumentError(op, "an array of tensors", describe(xs), `write ${op}([a, b], axis)`);
  }
  const first = xs.find((x) => x instanceof Tensor);
  // Not xs.map, which passes over holes.
  return Array.from(xs, (x: TensorLike, k) => asTensor(op, x, first?.dtype, `[${k}]`));
}

/** @throws ArgumentError where there is nothing to join */
export function assertSome(op: string, xs: readonly Spec[]): void {
  if (xs.length > 0) return;
  throw new ArgumentError(op, "at least one tensor", "none", "what comes of none has no shape and no dtype");
}

/** Tangents of all inputs, to be joined like them: zeros where there is none. Null if there is none at all. */
export function tangents(xDot: Differentials<Inputs>, x: Inputs, dtype: DType): Tensor[] | null {
  if (xDot.every((dot) => dot === null)) return null;
  return xDot.map((dot, k) => dot ?? filled(x[k]!.shape, dtype, 0));
}
