import {
  ArgumentError,
  filled,
  isFloat,
  NotDifferentiableError,
  NotScalarError,
  pullback,
  pushforward,
  type Tensor,
} from "../../graph/index.ts";
import { add } from "../../ops/index.ts";
import { type AllLoose, type AllTraced, flatten, type Loose, type Tree } from "../tree.ts";
import { assertDifferentiable, differentials, materialize, run, unaliased } from "./run.ts";

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
  assertDifferentiable("vjp", inputs);
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
 * @throws ShapeError, DTypeError where a tangent does not fit its input
 * @throws NotDifferentiableError where an input is int32 or bool
 */
export function jvp<const X extends readonly unknown[], Y extends Tree>(
  f: (...x: AllTraced<X>) => Y,
  x: X,
  xDot: { readonly [K in keyof X]: Loose<X[K]> | null },
): readonly [y: Y, yDot: Y] {
  const { tape, x: inputs, y } = run<X, Y>("jvp", f, x as AllLoose<X>, true);
  assertDifferentiable("jvp", inputs);
  const given = xDot as readonly unknown[];
  if (given.length !== x.length)
    throw new ArgumentError("jvp", `${x.length} tangents, one an input`, `${given.length}`);
  const dots = given.flatMap((d, k) =>
    differentials("jvp", `the tangent of input ${k}`, d, flatten("jvp", `input ${k}`, x[k])),
  );
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
  return (...x) => withGradient("valueAndGrad", f, x);
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
  return (...x) => withGradient("grad", f, x)[1];
}

function withGradient<X extends readonly unknown[]>(
  op: string,
  f: (...x: X) => Tensor,
  x: AllLoose<X>,
): readonly [Tensor, AllTraced<X>] {
  // What f takes and what it will be given differ in this alone, that f may take numbers too.
  const { tape, x: inputs, y } = run<X, Tensor>(op, f as (...x: AllTraced<X>) => Tensor, x, true);
  assertDifferentiable(op, inputs);
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
