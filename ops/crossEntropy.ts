import { isFloat, promote } from "../graph/dtype.ts";
import { inNameOf, ShapeError } from "../graph/errors.ts";
import { normalizeAxis, type Shape, sameShape } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { asIndices, assertIndices, type Indices } from "./families/indices.ts";
import { logSoftmax } from "./logSoftmax.ts";
import { oneHot } from "./oneHot.ts";
import { scale } from "./scale.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { transpose } from "./transpose.ts";
import { where } from "./where.ts";

/**
 * -log softmax of the logits at the label, along `axis` (the last unless said otherwise): one loss for each label, to
 * be averaged or summed as it suits.
 *
 * It is right for logits of any size; classes masked by -Infinity have the derivative 0.
 *
 * @param labels int32: the class of each, of the logits' shape without the axis. Or floats of the logits' own shape:
 *   a distribution over the classes, in which a class of probability 0 costs nothing, even if it is masked
 * @throws ShapeError where labels and logits do not fit
 * @throws IndexError where a label is not one of the classes
 * @throws AxisError where the axis is not the logits'
 * @throws DTypeError where labels are neither int32 nor of the logits' float dtype
 */
export function crossEntropy(logits: TensorLike, labels: Indices, axis = -1): Tensor {
  const z = asTensor("crossEntropy", logits, "float64", "the logits");
  const along = normalizeAxis("crossEntropy", axis, z.rank);
  const t = asIndices("crossEntropy", labels);
  const isDistribution = isFloat(t.dtype);
  if (!isDistribution) assertIndices("crossEntropy", "labels", t);
  const expected = isDistribution ? z.shape : z.shape.toSpliced(along, 1);
  if (!sameShape(t.shape, expected)) throw misfit(t, expected, isDistribution);
  if (isDistribution) promote("crossEntropy", isFloat(z.dtype) ? z.dtype : "float64", t.dtype);
  const logP = logSoftmax(z, along);
  const chosen = isDistribution
    ? scale(t, logP)
    : where(
        inNameOf("crossEntropy", () => classes(t, z.shape, along)),
        logP,
        0,
      );
  // From 0, rather than negated: a loss of 0 is not -0.
  return sub(0, sum(chosen, along));
}

/** Where in the logits the labels point. */
function classes(labels: Tensor, shape: Shape, axis: number): Tensor {
  const isLabel = oneHot(labels, shape[axis]!, "bool");
  const last = shape.length - 1;
  return axis === last
    ? isLabel
    : transpose(
        isLabel,
        shape.map((_, k) => (k < axis ? k : k === axis ? last : k - 1)),
      );
}

function misfit(labels: Tensor, expected: Shape, isDistribution: boolean): ShapeError {
  return new ShapeError(
    "crossEntropy",
    isDistribution ? `a distribution of shape [${expected}]` : `labels of shape [${expected}]`,
    `[${labels.shape}]`,
    isDistribution
      ? 'labels that number classes have to be int32: cast(labels, "int32")'
      : "one label for each row of logits",
  );
}
