import { ArgumentError, describe, inNameOf, ShapeError } from "../graph/errors.ts";
import { sizeOf } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { Indices } from "./families/indices.ts";
import { ravelIndex } from "./ravelIndex.ts";
import { reshape } from "./reshape.ts";
import { take } from "./take.ts";

/**
 * The elements of x at [i, j, ...], an array of indices for each of x's leading axes: NumPy's `x[i, j]`.
 *
 *     gatherNd(z, [rows, labels])   // z[rows, labels]: from each row the score of its label
 *
 * The arrays of indices broadcast, and their common shape replaces the axes that they point into. Negative indices
 * count from the end. An element may come several times: the gradients then add up.
 *
 * @throws IndexError where an index is outside its axis
 * @throws ShapeError where there are more indices than axes, or they do not broadcast
 * @throws DTypeError where indices are a tensor that is not int32
 */
export function gatherNd(x: TensorLike, indices: readonly Indices[]): Tensor {
  const t = asTensor("gatherNd", x);
  if (!Array.isArray(indices) || indices.length === 0)
    throw new ArgumentError("gatherNd", "an array of indices for each leading axis", describe(indices));
  const n = indices.length;
  if (n > t.rank)
    throw new ShapeError("gatherNd", `indices for at most ${t.rank} axes of [${t.shape}]`, `${n}`);
  const leading = t.shape.slice(0, n);
  const flat = reshape(t, [sizeOf(leading), ...t.shape.slice(n)]);
  return inNameOf("gatherNd", () => take(flat, ravelIndex(indices, leading), 0));
}
