import { promoteArithmetic } from "../graph/dtype.ts";
import { ShapeError } from "../graph/errors.ts";
import { sameShape } from "../graph/shape.ts";
import { asOperands, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { mul } from "./mul.ts";
import { sum } from "./sum.ts";

/**
 * Σ a_i b_i, for two vectors of one length; 0 for empty ones.
 *
 * @throws ShapeError unless both are vectors, as long as each other
 * @throws DTypeError where one is float32 and the other float64
 */
export function dot(a: TensorLike, b: TensorLike): Tensor {
  const [u, v] = asOperands("dot", a, b);
  if (u.rank !== 1 || !sameShape(u.shape, v.shape)) {
    throw new ShapeError(
      "dot",
      "two vectors of one length",
      `[${u.shape}] and [${v.shape}]`,
      "use matmul for matrices, sum(mul(a, b)) over all elements of other shapes",
    );
  }
  promoteArithmetic("dot", u.dtype, v.dtype);
  return sum(mul(u, v));
}
