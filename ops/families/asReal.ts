import { type DType, isFloat } from "../../graph/dtype.ts";
import { filled, type Tensor } from "../../graph/tensor.ts";
import { mul } from "../mul.ts";

/**
 * An int32 or bool operand as the float that it has met; a float as it is.
 *
 * Beside float32 it has to become one before a function of it alone is taken: the logarithm of an int32 by itself is
 * float64, which meets float32 no more.
 */
export function asReal(x: Tensor, met: DType): Tensor {
  if (isFloat(x.dtype) || !isFloat(met)) return x;
  // Not cast: it compares with 0 to make bools, and comparisons are made by the family that needs this while it loads.
  return mul(x, filled([], met, 1));
}
