import {
  ArgumentError,
  allocate,
  checkedDType,
  checkedShape,
  describe,
  fromData,
  type Tensor,
} from "../../graph/index.ts";
import { checkedOptions, NONE } from "../../graph/options.ts";
import type { DTypeOption } from "./dtype.ts";

/**
 * The n by n identity, or any matrix with ones on one diagonal.
 *
 * @param options columns: n unless given; diagonal: 0 the main one, 1 the one above it, -1 the one below
 * @throws ArgumentError where a size or the diagonal is no integer
 */
export function eye(
  n: number,
  options: DTypeOption & { readonly columns?: number; readonly diagonal?: number } = NONE,
): Tensor {
  const given = checkedOptions("eye", options, ["columns", "diagonal", "dtype"]);
  const { columns = n, diagonal = 0, dtype = "float64" } = given;
  const [rows, width] = checkedShape("eye", [n, columns]) as readonly [number, number];
  if (!Number.isSafeInteger(diagonal))
    throw new ArgumentError("eye", "an integer diagonal", describe(diagonal));
  const data = allocate(checkedDType("eye", dtype), rows * width);
  for (let i = Math.max(0, -diagonal); i < rows && i + diagonal < width; i++)
    data[i * width + i + diagonal] = 1;
  return fromData([rows, width], dtype, data);
}
