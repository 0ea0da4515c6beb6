import {
  filled,
  isFloat,
  NotDifferentiableError,
  NotScalarError,
  pullback,
  pushforward,
  type Tensor,
} from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";
import { add } from "../../ops/index.ts";
import type { AllLoose, AllTraced, Loose, Tree } from "../tree.ts";
import { differentials, materialize, run, tangents, unaliased } from "./run.ts";

/**
 * f's value at x, and the map ȳ -> x̄ = Jᵀ ȳ, which may be called any number of times.
 *
 * @param f from trees of tensors to a tree of tensors
 * @returns the value, and the pullback: from a cotangent like the value to one like the inputs
 * @throws NotDifferentiableError where an input is int32 or bool
 * @throws ArgumentError where f returns anything but a tree of tensors
 */
export function vjp<X extends readonly unknown[], Y extends Tree>(
  f: (...x: AllTraced<X>) => Y,
  ...x: X
): readonly [y: Y, pullback: (yBar: Loose<Y>) => AllTraced<X>] {
  const { tape, x: inputs, y } = run<X, Y>("vjp", f, x as AllLoose<X>, true);
  return [
    y.rebuild(y.leaves),
    (yBar) => {
      const bars = differentials("vjp", "the cotangent", yBar, y);
      const xBars = materialize(pullback(tape, bars, add), inputs.leaves);
      return inputs.rebuild(unaliased(xBars, [...bars, ...inputs.leaves]));
    },
  ];
}

/**
 * f's value at x, and its derivative J ẋ along ẋ.
 *
 * @param x the inputs
 * @param xDot a tangent for each input, of its shape and dtype (null for zero)
 * @throws ArgumentError, ShapeError, DTypeError, before f is run, where a tangent does not fit its input
 * @throws NotDifferentiableError where an input is int32 or bool
 */
export function jvp<const X extends readonly unknown[], Y extends Tree>(
  f: (...x: AllTraced<X>) => Y,
  x: X,
  xDot: { readonly [K in keyof X]: Loose<X[K]> | null },
): readonly [y: Y, yDot: Y] {
  return jvpAt("jvp", f, x, xDot);
}

/** As {@link jvp}, for whoever has another name. */
export function jvpAt<const X extends readonly unknown[], Y extends Tree>(
  op: string,
  f: (...x: AllTraced<X>) => Y,
  x: X,
  xDot: { readonly [K in keyof X]: Loose<X[K]> | null },
): readonly [y: Y, yDot: Y] {
  checkedFunction(op, "f", f);
  const dots = tangents(op, x, xDot);
  const { tape, x: inputs, y } = run<X, Y>(op, f, x as AllLoose<X>, true);
  const yDots = materialize(pushforward(tape, dots), y.leaves);
  return [y.rebuild(y.leaves), y.rebuild(unaliased(yDots, [...dots, ...inputs.leaves, ...y.leaves]))];
}

/**
 * The value of a scalar f, and its gradient with respect to every input: x -> [y, x̄].
 *
 * @throws NotScalarError where f does not return a scalar: nothing is ever summed unasked
 * @throws NotDifferentiableError where an input is int32 or bool
 */
export function valueAndGrad<X extends readonly unknown[]>(
  f: (...x: X) => Tensor,
): (...x: AllLoose<X>) => readonly [y: Tensor, xBar: AllTraced<X>] {
  checkedFunction("valueAndGrad", "f", f);
  return (...x) => gradientAt("valueAndGrad", f, x);
}

/**
 * The gradient of a scalar f: x -> x̄, a tuple with one part for each input, of its type, shape and dtype.
 *
 * @throws NotScalarError where f does not return a scalar: nothing is ever summed unasked
 * @throws NotDifferentiableError where an input is int32 or bool
 */
export function grad<X extends readonly unknown[]>(
  f: (...x: X) => Tensor,
): (...x: AllLoose<X>) => AllTraced<X> {
  checkedFunction("grad", "f", f);
  return (...x) => gradientAt("grad", f, x)[1];
}

/** As {@link valueAndGrad}, at a point, for whoever has another name. */
export function gradientAt<X extends readonly unknown[]>(
  op: string,
  f: (...x: X) => Tensor,
  x: AllLoose<X>,
): readonly [Tensor, AllTraced<X>] {
  // What f takes and what it will be given differ in this alone, that f may take numbers too.
  const { tape, x: inputs, y } = run<X, Tensor>(op, f as (...x: AllTraced<X>) => Tensor, x, true);
  const value = y.leaves[0];
  if (y.leaves.length !== 1 || value === undefined || y.path(0) !== "" || value.rank !== 0) {
    const received =
      y.leaves.length === 1 && y.path(0) === ""
        ? `[${value?.shape}]`
        : `a tree of ${y.leaves.length} tensors`;
    throw new NotScalarError(op, "f must return a scalar", received, "use vjp with a cotangent");
  }
  if (!isFloat(value.dtype)) {
    throw new NotDifferentiableError(
      op,
      "f must return a float",
      value.dtype,
      "cast inside f cuts the gradient",
    );
  }
  const xBars = materialize(pullback(tape, [filled([], value.dtype, 1)], add), inputs.leaves);
  return [value, inputs.rebuild(unaliased(xBars, inputs.leaves))];
}
