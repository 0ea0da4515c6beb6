import { promoteArithmetic } from "../graph/dtype.ts";
import { ShapeError } from "../graph/errors.ts";
import { asOperands, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";

/**
 * y_ij = a_i b_j, for two vectors.
 *
 * @throws ShapeError unless both are vectors
 * @throws DTypeError where one is float32 and the other float64
 */
export function outer(a: TensorLike, b: TensorLike): Tensor {
  const [u, v] = asOperands("outer", a, b);
  if (u.rank !== 1 || v.rank !== 1) {
    throw new ShapeError(
      "outer",
      "two vectors",
      `[${u.shape}] and [${v.shape}]`,
      "reshape(x, [-1]) makes a vector of any tensor",
    );
  }
  promoteArithmetic("outer", u.dtype, v.dtype);
  return mul(reshape(u, [u.size, 1]), v);
}
