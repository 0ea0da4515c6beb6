import { NotScalarError, Tensor } from "../../graph/index.ts";

/** f, made to complain in the name of the transform that was called, not of those that it is made of. */
export function scalarFunction<X extends readonly unknown[]>(
  op: string,
  f: (...x: X) => Tensor,
): (...x: X) => Tensor {
  return (...x) => {
    const y = f(...x);
    if (!(y instanceof Tensor) || y.rank === 0) return y;
    throw new NotScalarError(
      op,
      "f must return a scalar",
      `[${y.shape}]`,
      "reduce it, by sum or mean for example",
    );
  };
}
