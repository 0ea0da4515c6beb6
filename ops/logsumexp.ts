import { bind } from "../graph/bind.ts";
import { isFloat } from "../graph/dtype.ts";
import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import {
  AXES_REFUSED,
  type KeepDims,
  keepAxes,
  keepDimsOf,
  latexAxes,
  type Over,
  samplesOver,
  shapeOver,
  textAxes,
} from "./families/reducing.ts";
import { array } from "./families/samples.ts";
import { logSumExpKernel } from "./kernels/softmax.ts";
import { scale } from "./scale.ts";
import { softmax } from "./softmax.ts";
import { sum } from "./sum.ts";

/** y = log Σ exp x over axes,  dy/dx = softmax x; integers become float64 */
export const LogSumExp: Primitive<One, Over> = Object.freeze({
  name: "logsumexp",
  shape: ([x], over) => shapeOver("logsumexp", x, over),
  dtype: ([x]) => (isFloat(x.dtype) ? x.dtype : "float64"),
  kernel: ([x], { axes }, y) => logSumExpKernel(x, axes, y),
  jvp: ({ x: [x], params: { axes, keepDims } }, [xDot]) =>
    xDot === null ? null : sum(scale(xDot, softmax(x, axes)), axes, { keepDims }),
  vjp: ({ x: [x], params: { axes } }, yBar) => [scale(keepAxes(yBar, x.shape, axes), softmax(x, axes))],
  samples: (draw) => samplesOver(draw.normal),
  rejects: () => AXES_REFUSED,
  conventions: () => [
    {
      x: [array([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])],
      params: { axes: [0], keepDims: false },
      xBar: [array([0, 0])],
      because: "of terms that are all 0, none has a share in the sum",
    },
    {
      x: [array([Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY])],
      params: { axes: [0], keepDims: false },
      xBar: [array([0.5, 0, 0.5])],
      because: "infinite terms share equally, as any that tie do",
    },
  ],
  lowering: { kind: "kernel" },
  text: ([x], over) => `logsumexp(${x}${textAxes(over)})`,
  latex: ([x], over) => `\\log \\sum${latexAxes(over)} e^{${x}}`,
} satisfies Primitive<One, Over>);

/**
 * log Σ exp x over `axes` (all of them unless named), formed so that nothing overflows; -Infinity of nothing.
 *
 * Terms of -Infinity are 0 and have the derivative 0, even where all are.
 *
 * @throws AxisError where an axis is not x's, or named twice
 * @throws ArgumentError for other options, or a keepDims that is neither true nor false
 */
export function logsumexp(x: TensorLike, axes?: Axes, options: KeepDims = NONE): Tensor {
  const t = asTensor("logsumexp", x);
  return bind(LogSumExp, [t], {
    axes: normalizeAxes("logsumexp", axes, t.rank),
    keepDims: keepDimsOf("logsumexp", options),
  });
}
