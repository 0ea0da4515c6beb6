import { checkedDType, type Data, type DType, DTypeError, isFloat } from "../../graph/index.ts";
import { checkedOptions } from "../../graph/options.ts";

/** What every constructor takes. */
export interface DTypeOption {
  readonly dtype?: DType;
}

/**
 * The dtype that was asked for.
 *
 * @throws ArgumentError for other options, DTypeError for what is no dtype
 */
export function dtypeOf(op: string, options: DTypeOption, otherwise: DType): DType {
  const { dtype } = checkedOptions(op, options, ["dtype"]);
  return dtype === undefined ? otherwise : checkedDType(op, dtype);
}

/**
 * Write numbers into storage of `dtype`, refusing those that it would change into others. Rounding to float32 is
 * what was asked for; 0.5 as an integer, or 2 as a boolean, is a mistake.
 *
 * @param path where the i-th number was, for the error
 * @throws DTypeError naming the first number that does not fit
 */
export function store(
  op: string,
  into: Data,
  dtype: DType,
  numbers: ArrayLike<number>,
  path: (i: number) => string,
): Data {
  for (let i = 0; i < numbers.length; i++) into[i] = numbers[i]!;
  if (isFloat(dtype)) return into;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    if (into[i] === value && (dtype !== "bool" || value <= 1)) continue;
    throw new DTypeError(
      op,
      dtype === "bool" ? "booleans, 0 or 1" : "integers from -2^31 to 2^31 - 1",
      `${value}${path(i)}`,
      'leave the dtype out, or say "float64"',
    );
  }
  return into;
}
