/** What ops that take indices have in common. */
import { allocate } from "../../graph/dtype.ts";
import { ArgumentError, DTypeError, describe, IndexError, ShapeError } from "../../graph/errors.ts";
import { type Spec, Tensor } from "../../graph/tensor.ts";

/** An int32 tensor, an integer, or (nested) arrays of integers. */
export type Indices = Tensor | number | readonly Indices[];

export type Indexed = readonly [x: Tensor, indices: Tensor];

/**
 * Indices as a tensor: int32, unless it is a tensor already, whose dtype is the op's to check.
 *
 * @throws ArgumentError for what is no integer, ShapeError for ragged arrays, IndexError past 2^31
 */
export function asIndices(op: string, indices: Indices): Tensor {
  if (indices instanceof Tensor) return indices;
  const shape: number[] = [];
  let first: unknown = indices;
  while (Array.isArray(first) && shape.length < MOST_AXES) {
    shape.push(first.length);
    first = first[0];
  }
  const numbers: number[] = [];
  const visit = (part: unknown, axis: number): void => {
    if (axis < shape.length) {
      if (!Array.isArray(part) || part.length !== shape[axis]) {
        throw new ShapeError(op, `arrays of length ${shape[axis]} at level ${axis}`, describe(part));
      }
      for (const inner of part) visit(inner, axis + 1);
      return;
    }
    if (!Number.isInteger(part))
      throw new ArgumentError(op, "integers for indices, or an int32 tensor", describe(part));
    const index = part as number;
    if (index !== (index | 0)) throw new IndexError(op, "indices within int32", `${index}`);
    numbers.push(index);
  };
  visit(indices, 0);
  const data = allocate("int32", numbers.length);
  data.set(numbers);
  return new Tensor(Object.freeze(shape), "int32", data);
}

/** More levels than anybody has axes: an array that contains itself. */
const MOST_AXES = 64;

/** @throws DTypeError for indices that are not int32 */
export function assertIndices(op: string, what: string, { dtype }: Spec): void {
  if (dtype === "int32") return;
  const remedy =
    dtype === "bool" ? "where(mask, a, b) chooses by yes and no" : 'cast them: cast(indices, "int32")';
  throw new DTypeError(op, `int32 ${what}`, dtype, remedy);
}
