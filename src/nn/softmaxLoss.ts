import type { Tensor, TensorLike } from "../../graph/index.ts";
import type { Indices } from "../../ops/families/indices.ts";
import { crossEntropy, mean } from "../../ops/index.ts";
import { checkedLabels, checkedScores } from "./labels.ts";

/**
 * The mean over the examples of -log softmax(scores) at the label: a scalar. Scores of any size are right.
 *
 * @param scores [N, C]
 * @param labels [N], int32 (or an array of integers), from 0 to C - 1
 * @throws ShapeError, DTypeError, ArgumentError where they are not that
 * @throws IndexError where a label is none of the classes
 */
export function softmaxLoss(scores: TensorLike, labels: Indices): Tensor {
  const z = checkedScores("softmaxLoss", scores);
  return mean(crossEntropy(z, checkedLabels("softmaxLoss", labels, z.shape[0]!, z.shape[1]!)));
}
