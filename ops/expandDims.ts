import { bind } from "../graph/bind.ts";
import { AxisError, describe } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes, type Shape } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import { zerosLike } from "./families/samples.ts";
import { squeeze } from "./squeeze.ts";

export interface AtAxes {
  /** Normalized: counted from the front, sorted. */
  readonly axes: readonly number[];
}

/** y = x with axes of size one put in; its adjoint takes them out. */
export const ExpandDims: Primitive<One, AtAxes> = linear<AtAxes>("expandDims", {
  shape: (x, { axes }) => expandedShape(x.shape, axes),
  kernel: (x, _, y) => y.data.set(x.data),
  lowering: { kind: "view" },
  apply: (x, { axes }) => expandDims(x, axes),
  adjoint: (yBar, _, { axes }) => squeeze(yBar, axes),
  samples: (draw) => [
    { x: [draw.normal([])], params: { axes: [0, 1] } },
    { x: [draw.normal([3])], params: { axes: [1] } },
    { x: [draw.normal([2, 3])], params: { axes: [0, 2] } },
    { x: [draw.normal([0])], params: { axes: [0] } },
  ],
  rejects: () => [
    { x: [zerosLike([3])], params: { axes: [2] }, error: AxisError },
    { x: [zerosLike([3])], params: { axes: [0, 0] }, error: AxisError },
  ],
  text: (x, { axes }) => `expandDims(${x}, [${axes}])`,
  latex: (x, { axes }) => `\\operatorname{expandDims}_{${axes.join(",")}} ${x}`,
});

function expandedShape(shape: Shape, axes: readonly number[]): Shape {
  const rank = shape.length + axes.length;
  const ones = normalizeAxes("expandDims", axes, rank);
  const sizes = [...shape];
  for (const axis of ones) sizes.splice(axis, 0, 1);
  return sizes;
}

/**
 * x with axes of size one put in, so that they stand at `axes` of the result (as NumPy's `expand_dims`).
 *
 * @throws AxisError where an axis is not one of the result's, or named twice
 */
export function expandDims(x: TensorLike, axes: Axes): Tensor {
  const t = asTensor("expandDims", x);
  const given = typeof axes === "number" ? [axes] : axes;
  if (!Array.isArray(given)) throw new AxisError("expandDims", "an axis or an array of axes", describe(axes));
  const normal = normalizeAxes("expandDims", given, t.rank + given.length);
  return normal.length === 0 ? t : bind(ExpandDims, [t], { axes: normal });
}
