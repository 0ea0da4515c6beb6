import { checkedDType, DTypeError } from "../../graph/index.ts";

/** What parameters may be. */
export type FloatDType = "float32" | "float64";

/** @throws DTypeError for what is no float dtype */
export function floatOf(op: string, dtype: unknown, otherwise: FloatDType): FloatDType {
  if (dtype === undefined) return otherwise;
  const known = checkedDType(op, dtype);
  if (known === "float32" || known === "float64") return known;
  throw new DTypeError(op, "float64 or float32", known, "parameters are trained, and so have to be floats");
}
