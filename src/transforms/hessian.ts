import type { Tensor } from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";
import type { AllLoose, AllTraced } from "../tree.ts";
import { gradientAt } from "./derivatives.ts";
import { type Jacobian, jacobianAt } from "./jacobian.ts";
import { scalarFunction } from "./scalarFunction.ts";

/**
 * All second derivatives of a scalar f, the Jacobian of its gradient: for inputs a and b the tensor of shape
 * `[...a.shape, ...b.shape]`, at `[a][b]` of the inputs' tree squared.
 *
 *     const [[H]] = hessian((x) => dot(x, matmul(A, x)))(x); // A + Aᵀ
 *
 * For its product with a vector alone, `hvp` needs one pass instead of one for each number.
 *
 * @throws NotScalarError where f does not return a scalar
 * @throws NotDifferentiableError where an input is int32 or bool
 */
export function hessian<X extends readonly unknown[]>(
  f: (...x: X) => Tensor,
): (...x: AllLoose<X>) => Jacobian<AllTraced<X>, AllTraced<X>> {
  checkedFunction("hessian", "f", f);
  const scalarF = scalarFunction("hessian", f);
  const gradient = (...t: AllTraced<X>): AllTraced<X> => gradientAt("hessian", scalarF, t as AllLoose<X>)[1];
  return (...x) => jacobianAt<X, AllTraced<X>>("hessian", gradient, x);
}
