import { isAbstract } from "../../graph/abstract.ts";
import {
  asTensor,
  DTypeError,
  IndexError,
  isFloat,
  ShapeError,
  type Tensor,
  type TensorLike,
} from "../../graph/index.ts";
import { asIndices, assertIndices, type Indices } from "../../ops/families/indices.ts";

/**
 * Scores of classes, a row for each example.
 *
 * @throws ShapeError unless they are [N, C], N and C at least 1
 * @throws DTypeError unless they are float
 */
export function checkedScores(op: string, scores: TensorLike): Tensor {
  const z = asTensor(op, scores, "float64", "the scores");
  if (z.rank !== 2 || z.size === 0) {
    throw new ShapeError(op, "scores of shape [N, C], one row for each of N >= 1 examples", `[${z.shape}]`);
  }
  if (!isFloat(z.dtype)) throw new DTypeError(op, "float64 or float32 scores", z.dtype, "cast them");
  return z;
}

/**
 * The class of each example.
 *
 * @throws ShapeError unless they are [N]
 * @throws DTypeError where they are a tensor of anything but int32, ArgumentError where numbers are no integers
 * @throws IndexError where one is none of 0, ..., C - 1
 */
export function checkedLabels(op: string, labels: Indices, count: number, classes: number): Tensor {
  const t = asIndices(op, labels);
  assertIndices(op, "labels", t);
  if (t.rank !== 1 || t.shape[0] !== count) {
    throw new ShapeError(op, `labels of shape [${count}], one for each example`, `[${t.shape}]`);
  }
  // While a function is traced for compile, there are no numbers; the op that takes the labels looks at them later.
  if (isAbstract(t)) return t;
  const { data } = t;
  for (let i = 0; i < count; i++) {
    const label = data[i]!;
    if (label >= 0 && label < classes) continue;
    throw new IndexError(op, `labels from 0 to ${classes - 1}`, `${label} at position ${i}`);
  }
  return t;
}
