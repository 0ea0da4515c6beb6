import type { Primitive } from "../graph/primitive.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { binary, broadcasting, type Two } from "./families/broadcasting.ts";
import { eq, mul, select } from "./kernels/scalar.ts";

/**
 * y = t d, and 0 where either is exactly 0, whatever the other is.
 *
 * The product of a differential with a local derivative. A branch that was not taken sends a cotangent of 0, and
 * must not turn an infinite or undefined derivative into NaN: the gradient of where(x > 0, sqrt(x), x) is 1 at -1.
 * It has to be even-handed (0 in d counts too) so that its own derivatives, which swap the two, are products of the
 * same kind; that also makes both modes agree that d sqrt(x²) = 0 at x = 0.
 */
export const Scale: Primitive<Two> = broadcasting("scale", {
  formula(t, d) {
    const product = mul(t, d);
    // Only a product that is NaN can have to be mended, and hardly any is.
    return select(eq(product, product), product, select(eq(t, 0), 0, select(eq(d, 0), 0, product)));
  },
  partials: [(t, { x: [, d] }) => scale(t, d), (t, { x: [c] }) => scale(t, c)],
  latex: (t, d) => `${t} \\, ${d}`,
});

export function scale(t: TensorLike, d: TensorLike): Tensor {
  return binary(Scale, t, d);
}
