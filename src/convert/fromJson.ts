import {
  ArgumentError,
  checkedDType,
  checkedShape,
  describe,
  type Tensor,
  type TensorJson,
} from "../../graph/index.ts";
import { tensorFor } from "../create/tensor.ts";

/**
 * The tensor that `JSON.stringify` wrote: the same numbers to the last bit, NaN, infinities and -0 included.
 *
 * @param json what `JSON.parse` gave, or `x.toJSON()`
 * @throws ArgumentError, DTypeError, ShapeError where it is nothing of the kind
 */
export function fromJson(json: TensorJson): Tensor {
  const given: unknown = json;
  if (typeof given !== "object" || given === null || !("data" in given) || !Array.isArray(given.data)) {
    throw new ArgumentError("fromJson", "{ dtype, shape, data } as toJSON gives it", describe(given));
  }
  const dtype = checkedDType("fromJson", json.dtype);
  const shape = checkedShape("fromJson", json.shape);
  // Not data.map, which passes over holes.
  return tensorFor("fromJson", Array.from(given.data, numberOf), { dtype, shape });
}

const NAMED: readonly unknown[] = ["NaN", "Infinity", "-Infinity", "-0"];

function numberOf(item: unknown, i: number): number {
  if (typeof item === "number" || NAMED.includes(item)) return Number(item);
  throw new ArgumentError("fromJson", `a number at data[${i}]`, describe(item));
}
