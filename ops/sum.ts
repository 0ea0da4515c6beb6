import { bind } from "../graph/bind.ts";
import { AxisError } from "../graph/errors.ts";
import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes, reducedShape } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
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

/** y = Σ x over axes; int32 and bool sum to int32. Its adjoint spreads ȳ back along them. */
export const Sum: Primitive<One, Over> = linear<Over>("sum", {
  shape: (x, { axes, keepDims }) =>
    reducedShape(x.shape, normalizeAxes("sum", axes, x.shape.length), keepDims),
  dtype: (x) => (x.dtype === "bool" ? "int32" : x.dtype),
  kernel: (x, { axes }, y) => reduce(x, axes, y, sumLoop),
  lowering: reduction(ADD, 0),
  apply: (x, { axes, keepDims }) => sum(x, axes, { keepDims }),
  adjoint: (yBar, x, { axes }) => spreadBack(yBar, x.shape, axes),
  samples: (draw) => AXES_SAMPLED.map((params) => ({ x: [draw.normal([2, 3, 2])], params })),
  rejects: () => [
    { x: [zerosLike([2, 3])], params: { axes: [2], keepDims: false }, error: AxisError },
    { x: [zerosLike([2, 3])], params: { axes: [0, 0], keepDims: false }, error: AxisError },
  ],
  text: (x, over) => `sum(${x}${textAxes(over)})`,
  latex: (x, over) => `\\sum${latexAxes(over)} ${x}`,
});

/**
 * The sum over `axes` (all of them unless named); 0 over none.
 *
 * float32 is summed in float64 and rounded once.
 *
 * @throws AxisError where an axis is not x's, or named twice.
 * @throws ArgumentError for other options, or a keepDims that is neither true nor false
 */
export function sum(x: TensorLike, axes?: Axes, options: KeepDims = NONE): Tensor {
  const t = asTensor("sum", x);
  return bind(Sum, [t], {
    axes: normalizeAxes("sum", axes, t.shape.length),
    keepDims: keepDimsOf("sum", options),
  });
}
