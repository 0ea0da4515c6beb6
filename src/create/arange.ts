import { ArgumentError, allocate, checkedShape, describe, fromData, type Tensor } from "../../graph/index.ts";
import { NONE } from "../../graph/options.ts";
import { type DTypeOption, dtypeOf, store } from "./dtype.ts";

/**
 * `start, start + step, ...`, up to `stop` but without it: ceil((stop - start) / step) numbers, float64 unless a
 * dtype is named. As with NumPy's, a fractional step may reach `stop` by rounding: `linspace` is for those.
 *
 * @throws ArgumentError where an argument is not finite, or the step 0
 * @throws DTypeError where the numbers are not of the dtype
 */
export function arange(stop: number, options?: DTypeOption): Tensor;
export function arange(start: number, stop: number, options?: DTypeOption): Tensor;
export function arange(start: number, stop: number, step: number, options?: DTypeOption): Tensor;
export function arange(...args: readonly (number | DTypeOption | undefined)[]): Tensor {
  const last = args.at(-1);
  const options = typeof last === "object" ? last : NONE;
  const numbers = typeof last === "object" || last === undefined ? args.slice(0, -1) : args;
  if (numbers.length > 3)
    throw new ArgumentError("arange", "start, stop and step", `${numbers.length} numbers`);
  const [start, stop, step] = (
    numbers.length === 1
      ? [0, numbers[0], 1]
      : [numbers[0], numbers[1], numbers[2] === undefined ? 1 : numbers[2]]
  ).map(finite) as [number, number, number];
  if (step === 0) throw new ArgumentError("arange", "a step that is not 0", "0");
  const dtype = dtypeOf("arange", options, "float64");
  const size = Math.max(0, Math.ceil((stop - start) / step));
  const [n] = checkedShape("arange", [size]) as readonly [number];
  // Not by adding steps up: the error would add up too.
  const values = Float64Array.from({ length: n }, (_, i) => start + i * step);
  return fromData(
    [n],
    dtype,
    store("arange", allocate(dtype, n), dtype, values, (i) => ` at [${i}]`),
  );
}

function finite(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ArgumentError("arange", "finite numbers", describe(value));
}
