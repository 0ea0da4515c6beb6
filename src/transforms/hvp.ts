import type { Tensor } from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";
import type { AllLoose, AllTraced, Loose } from "../tree.ts";
import { gradientAt, jvpAt } from "./derivatives.ts";
import { scalarFunction } from "./scalarFunction.ts";

/**
 * The Hessian of a scalar f at x, times v: H v, without H. Forward mode over reverse mode: one pass of each.
 *
 * @param x the inputs
 * @param v what H is multiplied with: a tensor for each input, of its shape and dtype (null for zero)
 * @returns H v, like the inputs
 * @throws NotScalarError where f does not return a scalar
 * @throws ShapeError, DTypeError where a part of v does not fit its input
 * @throws NotDifferentiableError where an input is int32 or bool
 */
export function hvp<const X extends readonly unknown[]>(
  f: (...x: AllTraced<X>) => Tensor,
  x: X,
  v: { readonly [K in keyof X]: Loose<X[K]> | null },
): AllTraced<X> {
  checkedFunction("hvp", "f", f);
  const scalarF = scalarFunction("hvp", f as (...x: X) => Tensor);
  const gradient = (...t: AllTraced<X>): AllTraced<X> => gradientAt("hvp", scalarF, t as AllLoose<X>)[1];
  return jvpAt<X, AllTraced<X>>("hvp", gradient, x, v)[1];
}
