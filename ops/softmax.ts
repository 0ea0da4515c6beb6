import { bind } from "../graph/bind.ts";
import { isFloat } from "../graph/dtype.ts";
import { AxisError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { AXES_SAMPLED, latexAxes, type Over } from "./families/reducing.ts";
import { array, zerosLike } from "./families/samples.ts";
import { softmaxKernel } from "./kernels/softmax.ts";
import { scale } from "./scale.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

/** y = exp x / Σ exp x over axes,  J = diag y - y yᵀ, its own transpose; integers become float64 */
export const Softmax: Primitive<One, Pick<Over, "axes">> = Object.freeze({
  name: "softmax",
  shape([x], { axes }) {
    normalizeAxes("softmax", axes, x.shape.length);
    return x.shape;
  },
  dtype: ([x]) => (isFloat(x.dtype) ? x.dtype : "float64"),
  kernel: ([x], { axes }, y) => softmaxKernel(x, axes, y),
  jvp: ({ y, params: { axes } }, [xDot]) => (xDot === null ? null : jacobian(xDot, y, axes)),
  vjp: ({ y, params: { axes } }, yBar) => [jacobian(yBar, y, axes)],
  samples: (draw) => [
    ...AXES_SAMPLED.map(({ axes }) => ({ x: [draw.normal([2, 3, 2])] as const, params: { axes } })),
    { x: [array([1])], params: { axes: [0] } },
    { x: [zerosLike([0, 3])], params: { axes: [1] } },
  ],
  rejects: () => [{ x: [zerosLike([2, 3])], params: { axes: [2] }, error: AxisError }],
  conventions: () => [
    {
      x: [array([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])],
      params: { axes: [0] },
      xBar: [array([0, 0])],
      because: "where all is masked there is nothing to share: values and derivatives are 0",
    },
  ],
  lowering: { kind: "kernel" },
  text: ([x], { axes }) => `softmax(${x}, [${axes}])`,
  latex: ([x], { axes }) => `\\operatorname{softmax}${latexAxes({ axes, keepDims: true })} ${x}`,
} satisfies Primitive<One, Pick<Over, "axes">>);

/** (diag y - y yᵀ) t */
function jacobian(t: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const weighted = scale(t, y);
  return sub(weighted, scale(sum(weighted, axes, { keepDims: true }), y));
}

/**
 * exp x / Σ exp x along `axis` (the last unless said otherwise; several are taken together), for logits of any size.
 *
 * A logit of -Infinity is masked: its share is 0, and its derivative too. Where all are masked, so are all the
 * shares: there is no NaN, and they add up to 0. Logits of +Infinity share equally.
 *
 * @throws AxisError where an axis is not x's, or named twice
 */
export function softmax(x: TensorLike, axis: Axes = -1): Tensor {
  const t = asTensor("softmax", x);
  return bind(Softmax, [t], { axes: normalizeAxes("softmax", axis, t.rank) });
}
