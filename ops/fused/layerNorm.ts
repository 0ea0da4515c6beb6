import { bind } from "../../graph/bind.ts";
import { DTypeError, ShapeError } from "../../graph/errors.ts";
import { NONE } from "../../graph/options.ts";
import { normalizeAxes } from "../../graph/shape.ts";
import type { Tensor, TensorLike } from "../../graph/tensor.ts";
import { add } from "../add.ts";
import { div } from "../div.ts";
import { type Fused, fused } from "../families/fused.ts";
import { backwardInFloat64, composedInFloat64 } from "../families/inFloat64.ts";
import {
  aligned,
  assertAligned,
  backTo,
  drawn,
  EPS,
  type Normalizing,
  type NormParams,
  normDType,
  normOperands,
  normOptions,
  otherAxes,
  triple,
  type XGammaBeta,
} from "../families/normalizing.ts";
import { zerosLike } from "../families/samples.ts";
import { normalize } from "../kernels/normalize.ts";
import { layerNorm } from "../layerNorm.ts";
import { mean } from "../mean.ts";
import { reciprocal } from "../reciprocal.ts";
import { scale } from "../scale.ts";
import { sqrt } from "../sqrt.ts";
import { square } from "../square.ts";
import { sub } from "../sub.ts";
import { sum } from "../sum.ts";

/**
 * Layer normalisation in one node. With ĝ = γ ȳ, and means over each example's features,
 *
 *     x̄ = (ĝ - mean ĝ - xHat mean(ĝ xHat)) / σ,   γ̄ = Σ ȳ xHat,   β̄ = Σ ȳ   (sums over the examples)
 */
export const FusedLayerNorm: Fused<XGammaBeta, NormParams> = fused<XGammaBeta, NormParams>({
  name: "fusedLayerNorm",
  reference: composedInFloat64(layerNorm),
  shape: ([x, gamma, beta], { axes }) => assertAligned("fusedLayerNorm", x, { gamma, beta }, axes),
  dtype: ([x, gamma, beta]) => normDType("fusedLayerNorm", x, gamma, beta),
  kernel: ([x, gamma, beta], { axes, eps }, y) => normalize(x, gamma, beta, { axes, along: axes, eps }, y),
  closedForm: backwardInFloat64(([x, gamma, beta], { axes, eps }, yBar) => {
    const examples = otherAxes(x.rank, axes);
    const over = (t: Tensor): Tensor => mean(t, axes, { keepDims: true });
    const centred = sub(x, over(x));
    const sigma = sqrt(add(over(square(centred)), eps));
    const xHat = div(centred, sigma);
    const g = scale(yBar, aligned(gamma, x.shape, axes));
    return [
      scale(sub(sub(g, over(g)), scale(over(scale(g, xHat)), xHat)), reciprocal(sigma)),
      backTo(sum(scale(yBar, xHat), examples, { keepDims: true }), gamma.shape),
      backTo(sum(yBar, examples, { keepDims: true }), beta.shape),
    ];
  }),
  samples: (draw) => [
    { x: drawn(draw, [4, 5], [5]), params: { axes: [1], eps: EPS } },
    { x: drawn(draw, [3, 1], [1]), params: { axes: [1], eps: EPS } },
    { x: drawn(draw, [5], []), params: { axes: [0], eps: EPS } },
    { x: drawn(draw, [2, 3, 4], [3, 4]), params: { axes: [1, 2], eps: 1e-3 } },
    { x: drawn(draw, [2, 3, 4], [3]), params: { axes: [1], eps: EPS } },
  ],
  rejects: () => [
    { x: triple([4, 3], [4]), params: { axes: [1], eps: EPS }, error: ShapeError },
    {
      x: [zerosLike([4, 3], "float32"), zerosLike([3]), zerosLike([3])],
      params: { axes: [1], eps: EPS },
      error: DTypeError,
    },
  ],
  text: ([x, gamma, beta], { axes, eps }) => `fusedLayerNorm(${x}, ${gamma}, ${beta}, [${axes}], ${eps})`,
  latex: ([x, gamma, beta]) => `\\operatorname{layerNorm}\\left(${x}; ${gamma}, ${beta}\\right)`,
});

/**
 * {@link layerNorm} in one node: the same values and gradients, by a kernel and a closed form.
 *
 * @throws as layerNorm does
 */
export function fusedLayerNorm(
  x: TensorLike,
  gamma: TensorLike,
  beta: TensorLike,
  options: Normalizing = NONE,
): Tensor {
  const [t, g, b] = normOperands("fusedLayerNorm", x, gamma, beta);
  const { axes = -1, eps } = normOptions("fusedLayerNorm", options);
  return bind(FusedLayerNorm, [t, g, b], { axes: normalizeAxes("fusedLayerNorm", axes, t.rank), eps });
}
