import { promoteReal } from "../graph/dtype.ts";
import { ShapeError } from "../graph/errors.ts";
import { sameShape } from "../graph/shape.ts";
import { asOperands, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { asReal } from "./families/asReal.ts";
import { neg } from "./neg.ts";
import { scale } from "./scale.ts";
import { softplus } from "./softplus.ts";
import { sub } from "./sub.ts";

/**
 * -t log σ(z) - (1 - t) log(1 - σ(z)), element by element: the loss of logits z against targets t from 0 to 1.
 *
 * Nothing is subtracted and nothing overflows: small losses keep their digits, the derivative is σ(z) - t everywhere,
 * at 0 too, and an infinite logit costs 0 where it agrees with its target, Infinity where it does not.
 *
 * @param targets of the logits' shape, or a number
 * @throws ShapeError where the targets have another shape: a column of targets beside a row of logits is a slip
 * @throws DTypeError where one is float32 and the other float64
 */
export function binaryCrossEntropyWithLogits(logits: TensorLike, targets: TensorLike): Tensor {
  const [given, t] = asOperands("binaryCrossEntropyWithLogits", logits, targets, "the logits", "the targets");
  const z = asReal(given, promoteReal("binaryCrossEntropyWithLogits", given.dtype, t.dtype));
  if (t.rank > 0 && !sameShape(z.shape, t.shape)) {
    throw new ShapeError(
      "binaryCrossEntropyWithLogits",
      `targets of the logits' shape [${z.shape}]`,
      `[${t.shape}]`,
      "reshape one of them, or broadcastTo if stretching is meant",
    );
  }
  // scale, because a target that has no part in a loss has none in an infinite one: 0 · Infinity is 0 here.
  return add(scale(t, softplus(neg(z))), scale(sub(1, t), softplus(z)));
}
