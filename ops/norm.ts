import { bind } from "../graph/bind.ts";
import { isFloat } from "../graph/dtype.ts";
import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { divOrZero } from "./divOrZero.ts";
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
import { normLoop } from "./kernels/norm.ts";
import { reduce } from "./kernels/reduce.ts";
import { scale } from "./scale.ts";
import { sum } from "./sum.ts";

/** y = √Σx² over axes,  dy/dx = x / y, the direction of x, and 0 where x has none; integers become float64 */
export const Norm: Primitive<One, Over> = Object.freeze({
  name: "norm",
  shape: ([x], over) => shapeOver("norm", x, over),
  dtype: ([x]) => (isFloat(x.dtype) ? x.dtype : "float64"),
  kernel: ([x], { axes }, y) => reduce(x, axes, y, normLoop),
  jvp: ({ x: [x], y, params: { axes, keepDims } }, [xDot]) =>
    xDot === null ? null : sum(scale(xDot, direction(x, y, axes)), axes, { keepDims }),
  vjp: ({ x: [x], y, params: { axes } }, yBar) => [
    scale(keepAxes(yBar, x.shape, axes), direction(x, y, axes)),
  ],
  samples: (draw) => samplesOver((shape) => draw.uniform(shape, 0.5, 2)),
  rejects: () => AXES_REFUSED,
  conventions: () => [
    {
      x: [array([0, 0, 0])],
      params: { axes: [0], keepDims: false },
      xBar: [array([0, 0, 0])],
      because: "every vector no longer than 1 is a subgradient, and 0 is the shortest",
    },
  ],
  lowering: { kind: "kernel" },
  text: ([x], over) => `norm(${x}${textAxes(over)})`,
  latex: ([x], over) => `\\left\\lVert ${x} \\right\\rVert${latexAxes(over)}`,
} satisfies Primitive<One, Over>);

function direction(x: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  return divOrZero(x, keepAxes(y, x.shape, axes));
}

/**
 * The Euclidean length over `axes` (all of them unless named): for a matrix without axes its Frobenius norm; 0 of
 * nothing. Squares that would overflow or underflow are formed of x over its largest element.
 *
 * At 0 all derivatives are 0.
 *
 * @throws AxisError where an axis is not x's, or named twice
 * @throws ArgumentError for other options, or a keepDims that is neither true nor false
 */
export function norm(x: TensorLike, axes?: Axes, options: KeepDims = NONE): Tensor {
  const t = asTensor("norm", x);
  return bind(Norm, [t], {
    axes: normalizeAxes("norm", axes, t.rank),
    keepDims: keepDimsOf("norm", options),
  });
}
