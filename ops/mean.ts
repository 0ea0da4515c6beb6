import { bind } from "../graph/bind.ts";
import { isFloat } from "../graph/dtype.ts";
import { AxisError } from "../graph/errors.ts";
import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes, reducedShape, sizeAlong } from "../graph/shape.ts";
import { asTensor, type NdArray, type Spec, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { div } from "./div.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import {
  AXES_SAMPLED,
  type KeepDims,
  keepDimsOf,
  latexAxes,
  type Over,
  reduction,
  spreadBack,
  textAxes,
} from "./families/reducing.ts";
import { zerosLike } from "./families/samples.ts";
import { reduce, sumLoop } from "./kernels/reduce.ts";
import { ADD } from "./kernels/scalar.ts";

/** y = (1/n) Σ x over axes; integers average to float64. Its adjoint spreads ȳ/n back along them. */
export const Mean: Primitive<One, Over> = linear<Over>("mean", {
  shape: (x, { axes, keepDims }) =>
    reducedShape(x.shape, normalizeAxes("mean", axes, x.shape.length), keepDims),
  dtype: (x) => (isFloat(x.dtype) ? x.dtype : "float64"),
  kernel(x, { axes }, y) {
    // Divided before it is rounded: the sum of float32 numbers need not be one.
    const total =
      y.dtype === "float32" ? { ...y, dtype: "float64" as const, data: new Float64Array(y.data.length) } : y;
    reduce(x, axes, total, sumLoop);
    const n = countOver(x, axes);
    for (let i = 0; i < y.data.length; i++) y.data[i] = total.data[i]! / n;
  },
  lowering: reduction(ADD, 0, true),
  apply: (x, { axes, keepDims }) => mean(x, axes, { keepDims }),
  adjoint: (yBar, x, { axes }) => spreadBack(div(yBar, countOver(x, axes)), x.shape, axes),
  samples: (draw) => AXES_SAMPLED.map((params) => ({ x: [draw.normal([2, 3, 2])], params })),
  rejects: () => [{ x: [zerosLike([2, 3])], params: { axes: [-3], keepDims: false }, error: AxisError }],
  text: (x, over) => `mean(${x}${textAxes(over)})`,
  latex: (x, over) => `\\operatorname{mean}${latexAxes(over)} ${x}`,
});

/** How many elements are averaged into one. */
export function countOver(x: Spec | NdArray, axes: readonly number[]): number {
  return sizeAlong(x.shape, axes);
}

/**
 * The arithmetic mean over `axes` (all of them unless named); NaN over none.
 *
 * @throws AxisError where an axis is not x's, or named twice.
 * @throws ArgumentError for other options, or a keepDims that is neither true nor false
 */
export function mean(x: TensorLike, axes?: Axes, options: KeepDims = NONE): Tensor {
  const t = asTensor("mean", x);
  return bind(Mean, [t], {
    axes: normalizeAxes("mean", axes, t.shape.length),
    keepDims: keepDimsOf("mean", options),
  });
}
