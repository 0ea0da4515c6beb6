import type { Nested, TensorLike } from "../../graph/index.ts";
import { asTensor } from "../../graph/tensor.ts";

/**
 * The elements as nested JavaScript arrays, one level an axis: numbers, or booleans where x is bool; of a scalar the
 * number or boolean itself. They are on no tape.
 *
 * @throws ArgumentError for what is no tensor
 */
export function toArray(x: TensorLike): Nested {
  return asTensor("toArray", x).toArray();
}
