import { asTensor, ShapeError, sizeOf, type Tensor, type TensorLike } from "../../graph/index.ts";
import { add, matmul, reshape } from "../../ops/index.ts";

/**
 * An affine map of each example: y = x W + b, with what an example consists of laid out as one row.
 *
 * @param x [N, d1, ..., dk], k >= 1
 * @param W [D, M], with D = d1 · ... · dk
 * @param b [M]
 * @returns [N, M]
 * @throws ShapeError where they do not fit
 * @throws DTypeError where float32 meets float64
 * @throws ArgumentError for what is no tensor
 */
export function affine(x: TensorLike, W: TensorLike, b: TensorLike): Tensor {
  const t = asTensor("affine", x, "float64", "x");
  const weights = asTensor("affine", W, t.dtype, "W");
  const shift = asTensor("affine", b, t.dtype, "b");
  const rows = asRows("affine", t);
  const [features, units] = weights.shape;
  if (weights.rank !== 2 || features !== rows.shape[1]) {
    throw new ShapeError(
      "affine",
      `W of shape [${rows.shape[1]}, M], for x of [${t.shape}]`,
      `[${weights.shape}]`,
    );
  }
  if (shift.rank !== 1 || shift.shape[0] !== units) {
    throw new ShapeError("affine", `b of shape [${units}], for W of [${weights.shape}]`, `[${shift.shape}]`);
  }
  return add(matmul(rows, weights), shift);
}

/** [N, d1, ..., dk] as [N, d1 · ... · dk]. @throws ShapeError where there is no second axis */
export function asRows(op: string, x: Tensor): Tensor {
  if (x.rank < 2) {
    const remedy = "a single example needs an axis in front: expandDims(x, 0)";
    throw new ShapeError(op, "x of shape [N, d1, ..., dk], k >= 1", `[${x.shape}]`, remedy);
  }
  return x.rank === 2 ? x : reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]);
}
