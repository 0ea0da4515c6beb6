import { named } from "../graph/named.ts";
import type { Axes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { checkedEps, EPS } from "./families/normalizing.ts";
import { mean } from "./mean.ts";
import { sqrt } from "./sqrt.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

/**
 * xHat = (x - μ) / √(σ² + eps), with mean μ and biased variance σ² over `axes`.
 *
 * The variance is formed from the centred input (two passes), and eps is inside the root: a constant row gives 0
 * and a finite gradient. In float32, values beyond about 1e19 overflow when they are squared; the fused
 * normalisations, which accumulate in float64, do not.
 *
 * @throws AxisError where an axis is not x's
 * @throws ArgumentError where eps is negative or no number
 */
export function standardize(
  x: TensorLike,
  axes?: Axes,
  { eps = EPS }: { readonly eps?: number } = {},
): Tensor {
  const t = asTensor("standardize", x);
  const mu = called("mu", mean(t, axes, { keepDims: true }));
  const centred = called("centred", sub(t, mu));
  const variance = called("variance", mean(square(centred), axes, { keepDims: true }));
  const sigma = called("sigma", sqrt(add(variance, checkedEps("standardize", eps))));
  return called("xHat", div(centred, sigma));
}

/** What the literature calls it, for whoever reads the tape. Plain numbers need no name. */
function called(name: string, t: Tensor): Tensor {
  return t.place === null ? t : named(t, name);
}
