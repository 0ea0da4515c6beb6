import { bind } from "../graph/bind.ts";
import { isFloat } from "../graph/dtype.ts";
import { AxisError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { AXES_SAMPLED, latexAxes, type Over } from "./families/reducing.ts";
import { array, zerosLike } from "./families/samples.ts";
import { logSoftmaxKernel } from "./kernels/softmax.ts";
import { scale } from "./scale.ts";
import { softmax } from "./softmax.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

/**
 * y = x - log Σ exp x over axes,  J = I - 1 sᵀ, where s = softmax x; integers become float64.
 *
 * It is no difference of two ops: log Σ exp x, rounded to float32, would cost small differences of large logits
 * their digits.
 */
export const LogSoftmax: Primitive<One, Pick<Over, "axes">> = Object.freeze({
  name: "logSoftmax",
  shape([x], { axes }) {
    normalizeAxes("logSoftmax", axes, x.shape.length);
    return x.shape;
  },
  dtype: ([x]) => (isFloat(x.dtype) ? x.dtype : "float64"),
  kernel: ([x], { axes }, y) => logSoftmaxKernel(x, axes, y),
  jvp: ({ x: [x], params: { axes } }, [xDot]) =>
    xDot === null ? null : sub(xDot, sum(scale(xDot, softmax(x, axes)), axes, { keepDims: true })),
  vjp: ({ x: [x], params: { axes } }, yBar) => [
    sub(yBar, scale(sum(yBar, axes, { keepDims: true }), softmax(x, axes))),
  ],
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
      xBar: [array([1, 1])],
      because: "where all is masked there are no shares to take off, and the cotangent passes as it came",
    },
  ],
  lowering: { kind: "kernel" },
  text: ([x], { axes }) => `logSoftmax(${x}, [${axes}])`,
  latex: ([x], { axes }) => `\\log \\operatorname{softmax}${latexAxes({ axes, keepDims: true })} ${x}`,
} satisfies Primitive<One, Pick<Over, "axes">>);

/**
 * log softmax x along `axis` (the last unless said otherwise; several are taken together), for logits of any size.
 *
 * A logit of -Infinity is masked: its value is -Infinity, and a loss that does not look at it has the derivative 0
 * there. Weigh these values with `scale` or choose them with `where`, not with `mul`: 0 · -Infinity is NaN.
 *
 * @throws AxisError where an axis is not x's, or named twice
 */
export function logSoftmax(x: TensorLike, axis: Axes = -1): Tensor {
  const t = asTensor("logSoftmax", x);
  return bind(LogSoftmax, [t], { axes: normalizeAxes("logSoftmax", axis, t.rank) });
}
