import { bind } from "../graph/bind.ts";
import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes } from "../graph/shape.ts";
import { asTensor, filled, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { cumprod } from "./cumprod.ts";
import type { One } from "./families/elementwise.ts";
import {
  AXES_REFUSED,
  type KeepDims,
  keepAxes,
  keepDimsOf,
  latexAxes,
  type Over,
  reduction,
  samplesOver,
  shapeOver,
  textAxes,
} from "./families/reducing.ts";
import { array } from "./families/samples.ts";
import { prodInt32Loop, prodLoop } from "./kernels/fold.ts";
import { reduce } from "./kernels/reduce.ts";
import { MUL } from "./kernels/scalar.ts";
import { scale } from "./scale.ts";
import { sum } from "./sum.ts";

/** y = Π x over axes,  dy/dx_i = Π_{j≠i} x_j, without a division; int32 and bool multiply to int32 */
export const Prod: Primitive<One, Over> = Object.freeze({
  name: "prod",
  shape: ([x], over) => shapeOver("prod", x, over),
  dtype: ([x]) => (x.dtype === "bool" ? "int32" : x.dtype),
  kernel: ([x], { axes }, y) => reduce(x, axes, y, y.dtype === "int32" ? prodInt32Loop : prodLoop),
  jvp: ({ x: [x], params: { axes, keepDims } }, [xDot]) =>
    xDot === null ? null : sum(scale(xDot, others(x, axes)), axes, { keepDims }),
  vjp: ({ x: [x], params: { axes } }, yBar) => [scale(keepAxes(yBar, x.shape, axes), others(x, axes))],
  samples: (draw) => [
    ...samplesOver((shape) => draw.uniform(shape, 0.5, 2)),
    { x: [array([0, 2, 3])], params: { axes: [0], keepDims: false } },
    { x: [array([0, 2, 3, 0, 0, 5], [2, 3])], params: { axes: [1], keepDims: false } },
  ],
  rejects: () => AXES_REFUSED,
  conventions: () => [],
  lowering: reduction(MUL, 1),
  text: ([x], over) => `prod(${x}${textAxes(over)})`,
  latex: ([x], over) => `\\prod${latexAxes(over)} ${x}`,
} satisfies Primitive<One, Over>);

/**
 * For each element the product of the others: of those before it and of those behind it, one axis after the other.
 *
 * Where one of these products underflowed to 0 while the other overflowed, theirs is 0: so `scale`.
 */
function others(x: Tensor, axes: readonly number[]): Tensor {
  let product = x;
  let besides = filled([], x.dtype, 1);
  for (const axis of axes.toReversed()) {
    const before = cumprod(product, axis, { exclusive: true });
    const behind = cumprod(product, axis, { exclusive: true, reverse: true });
    besides = scale(besides, scale(before, behind));
    product = prod(product, axis, { keepDims: true });
  }
  return besides;
}

/**
 * The product over `axes` (all of them unless named); 1 of nothing.
 *
 * Its derivatives are right whatever the number of zeros. float32 is multiplied in float64 and rounded once.
 *
 * @throws AxisError where an axis is not x's, or named twice
 * @throws ArgumentError for other options, or a keepDims that is neither true nor false
 */
export function prod(x: TensorLike, axes?: Axes, options: KeepDims = NONE): Tensor {
  const t = asTensor("prod", x);
  return bind(Prod, [t], {
    axes: normalizeAxes("prod", axes, t.rank),
    keepDims: keepDimsOf("prod", options),
  });
}
