import type { Data, TensorLike } from "../../graph/index.ts";
import { asTensor } from "../../graph/tensor.ts";

/**
 * A copy of the numbers in row-major order, in the typed array of x's dtype (Uint8Array of 0 and 1 for bool). It
 * belongs to the caller, and is on no tape.
 *
 * @throws ArgumentError for what is no tensor
 */
export function toTypedArray(x: TensorLike): Data {
  return asTensor("toTypedArray", x).toTypedArray();
}
