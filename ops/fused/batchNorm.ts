import { bind } from "../../graph/bind.ts";
import { DTypeError, ShapeError } from "../../graph/errors.ts";
import { NONE } from "../../graph/options.ts";
import type { Tensor, TensorLike } from "../../graph/tensor.ts";
import { add } from "../add.ts";
import { assertSeveral, batchNorm } from "../batchNorm.ts";
import { div } from "../div.ts";
import { type Fused, fused } from "../families/fused.ts";
import { backwardInFloat64, composedInFloat64 } from "../families/inFloat64.ts";
import {
  aligned,
  assertAligned,
  backTo,
  batchAxes,
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
import { countOver, mean } from "../mean.ts";
import { scale } from "../scale.ts";
import { sqrt } from "../sqrt.ts";
import { square } from "../square.ts";
import { sub } from "../sub.ts";
import { sum } from "../sum.ts";

/**
 * Batch normalisation in one node. With N values a channel, and sums over them,
 *
 *     x̄ = γ/σ (ȳ - Σȳ/N - xHat Σ(ȳ xHat)/N),   γ̄ = Σ ȳ xHat,   β̄ = Σ ȳ
 */
export const FusedBatchNorm: Fused<XGammaBeta, NormParams> = fused<XGammaBeta, NormParams>({
  name: "fusedBatchNorm",
  reference: composedInFloat64(batchNorm),
  shape([x, gamma, beta], { axes }) {
    assertSeveral("fusedBatchNorm", x, axes);
    return assertAligned("fusedBatchNorm", x, { gamma, beta }, otherAxes(x.shape.length, axes));
  },
  dtype: ([x, gamma, beta]) => normDType("fusedBatchNorm", x, gamma, beta),
  kernel([x, gamma, beta], { axes, eps }, y) {
    normalize(x, gamma, beta, { axes, along: otherAxes(x.shape.length, axes), eps }, y);
  },
  closedForm: backwardInFloat64(([x, gamma, beta], { axes, eps }, yBar) => {
    const n = countOver(x, axes);
    const centred = sub(x, mean(x, axes, { keepDims: true }));
    const sigma = sqrt(add(mean(square(centred), axes, { keepDims: true }), eps));
    const xHat = div(centred, sigma);
    const g = sum(yBar, axes, { keepDims: true });
    const gx = sum(scale(yBar, xHat), axes, { keepDims: true });
    const slope = div(aligned(gamma, x.shape, otherAxes(x.rank, axes)), sigma);
    return [
      scale(sub(sub(yBar, div(g, n)), scale(div(gx, n), xHat)), slope),
      backTo(gx, gamma.shape),
      backTo(g, beta.shape),
    ];
  }),
  samples: (draw) => [
    { x: drawn(draw, [6, 3], [3]), params: { axes: [0], eps: EPS } },
    { x: drawn(draw, [4, 1], []), params: { axes: [0], eps: EPS } },
    { x: drawn(draw, [3, 2, 2, 2], [2]), params: { axes: [0, 2, 3], eps: 1e-3 } },
    { x: drawn(draw, [3, 2, 2, 2], [1, 2, 1, 1]), params: { axes: [0, 2, 3], eps: EPS } },
    { x: drawn(draw, [2, 2, 2, 3], [3]), params: { axes: [0, 1, 2], eps: EPS } },
    { x: drawn(draw, [2, 3, 2], [2, 2]), params: { axes: [1], eps: EPS } },
  ],
  rejects: () => [
    { x: triple([1, 3], [3]), params: { axes: [0], eps: EPS }, error: ShapeError },
    { x: triple([4, 3], [4]), params: { axes: [0], eps: EPS }, error: ShapeError },
    {
      x: [zerosLike([4, 3], "float32"), zerosLike([3]), zerosLike([3])],
      params: { axes: [0], eps: EPS },
      error: DTypeError,
    },
  ],
  text: ([x, gamma, beta], { axes, eps }) => `fusedBatchNorm(${x}, ${gamma}, ${beta}, [${axes}], ${eps})`,
  latex: ([x, gamma, beta]) => `\\operatorname{batchNorm}\\left(${x}; ${gamma}, ${beta}\\right)`,
});

/**
 * {@link batchNorm} in one node: the same values and gradients, by a kernel and a closed form.
 *
 * @throws as batchNorm does
 */
export function fusedBatchNorm(
  x: TensorLike,
  gamma: TensorLike,
  beta: TensorLike,
  options: Normalizing = NONE,
): Tensor {
  const [t, g, b] = normOperands("fusedBatchNorm", x, gamma, beta);
  const { axes, eps } = normOptions("fusedBatchNorm", options);
  return bind(FusedBatchNorm, [t, g, b], { axes: batchAxes("fusedBatchNorm", t, axes), eps });
}
