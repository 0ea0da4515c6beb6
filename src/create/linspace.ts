import {
  ArgumentError,
  allocate,
  checkedDType,
  checkedShape,
  DTypeError,
  describe,
  fromData,
  isFloat,
  type Tensor,
} from "../../graph/index.ts";
import { checkedFlag, checkedOptions, NONE } from "../../graph/options.ts";
import type { DTypeOption } from "./dtype.ts";

/**
 * `count` numbers from `start` to `stop`, equally far apart; the ends are exact. NumPy's, number for number.
 *
 * @param options endpoint: false leaves `stop` out
 * @throws ArgumentError where start or stop is not finite
 * @throws ShapeError where the count is no integer >= 0
 * @throws DTypeError where the dtype is not a float: the numbers between are not integers
 */
export function linspace(
  start: number,
  stop: number,
  count = 50,
  options: DTypeOption & { readonly endpoint?: boolean } = NONE,
): Tensor {
  const { dtype = "float64", ...given } = checkedOptions("linspace", options, ["dtype", "endpoint"]);
  const endpoint = checkedFlag("linspace", "endpoint", given.endpoint, true);
  for (const end of [start, stop]) {
    if (!Number.isFinite(end)) throw new ArgumentError("linspace", "finite ends", describe(end));
  }
  const [n] = checkedShape("linspace", [count]) as readonly [number];
  if (!isFloat(checkedDType("linspace", dtype))) {
    throw new DTypeError("linspace", "float64 or float32", dtype, "use arange");
  }
  const data = allocate(dtype, n);
  const gaps = endpoint ? n - 1 : n;
  const step = (stop - start) / gaps;
  // Where the step underflows to 0 the quotient comes first.
  for (let i = 0; i < n; i++) data[i] = (step === 0 ? (i / gaps) * (stop - start) : i * step) + start;
  if (endpoint && n > 1) data[n - 1] = stop;
  if (n === 1) data[0] = start;
  return fromData([n], dtype, data);
}
