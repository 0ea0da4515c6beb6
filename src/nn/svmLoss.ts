import type { Tensor, TensorLike } from "../../graph/index.ts";
import type { Indices } from "../../ops/families/indices.ts";
import { add, div, oneHot, relu, sub, sum, where } from "../../ops/index.ts";
import { checkedLabels, checkedScores } from "./labels.ts";

/**
 * The multiclass hinge loss, margin 1: the sum over the wrong classes j of max(0, s_j - s_label + 1), averaged over
 * the examples (Weston & Watkins 1999). A scalar. Where a margin is met exactly, its derivative is 0.
 *
 * @param scores [N, C]
 * @param labels [N], int32 (or an array of integers), from 0 to C - 1
 * @throws ShapeError, DTypeError, ArgumentError where they are not that
 * @throws IndexError where a label is none of the classes
 */
export function svmLoss(scores: TensorLike, labels: Indices): Tensor {
  const z = checkedScores("svmLoss", scores);
  const count = z.shape[0]!;
  const classes = z.shape[1]!;
  const isLabel = oneHot(checkedLabels("svmLoss", labels, count, classes), classes, "bool");
  const right = sum(where(isLabel, z, 0), 1, { keepDims: true });
  const margins = where(isLabel, 0, relu(add(sub(z, right), 1)));
  return div(sum(margins), count);
}
