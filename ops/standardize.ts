import { named } from "../graph/named.ts";
import { NONE } from "../graph/options.ts";
import { type Axes, normalizeAxes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { center } from "./center.ts";
import { div } from "./div.ts";
import { epsOf } from "./families/normalizing.ts";
import { mean } from "./mean.ts";
import { sqrt } from "./sqrt.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

/**
 * xHat = (x - μ) / √(σ² + eps), with mean μ and biased variance σ² over `axes`.
 *
 * The variance is formed from the centred input (two passes), and eps is inside the root: a constant row gives 0 (but
 * for what rounding leaves of its mean) and a finite gradient. Deviations are squared in x's dtype, so beyond about
 * 1e19 in float32 (1e154 in float64) σ is infinite, and xHat 0; the fused normalisations, which work in float64, are
 * right for all of float32.
 *
 * @throws AxisError where an axis is not x's
 * @throws ArgumentError where eps is negative or no number
 */
export function standardize(x: TensorLike, axes?: Axes, options: { readonly eps?: number } = NONE): Tensor {
  const t = asTensor("standardize", x);
  const over = normalizeAxes("standardize", axes, t.rank);
  const eps = epsOf("standardize", options);
  const centred = called("centred", deviations(t, over));
  const variance = called("variance", mean(square(centred), over, { keepDims: true }));
  const sigma = called("sigma", sqrt(add(variance, eps)));
  return called("xHat", div(centred, sigma));
}

/** x - μ. In float32 a mean that is large beside the spread is not taken away at once: see {@link center}. */
function deviations(x: Tensor, axes: readonly number[]): Tensor {
  return x.dtype === "float32" ? center(x, axes) : sub(x, called("mu", mean(x, axes, { keepDims: true })));
}

/** What the literature calls it, for whoever reads the tape. One that is only walked back is not worth the naming. */
function called(name: string, t: Tensor): Tensor {
  return t.place === null || t.place.tape.isDifferentiated ? t : named(t, name);
}
