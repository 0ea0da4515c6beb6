import { bind } from "../graph/bind.ts";
import { AxisError, ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes, reducedShape } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { type AtAxes, expandDims } from "./expandDims.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import { zerosLike } from "./families/samples.ts";

/** y = x without some axes of size one; its adjoint puts them back. */
export const Squeeze: Primitive<One, AtAxes> = linear<AtAxes>("squeeze", {
  shape(x, { axes }) {
    const normal = normalizeAxes("squeeze", axes, x.shape.length);
    const wide = normal.find((axis) => x.shape[axis] !== 1);
    if (wide !== undefined) {
      throw new ShapeError(
        "squeeze",
        "size 1 on the axes that go",
        `[${x.shape}], of size ${x.shape[wide]} on axis ${wide}`,
        "slice(x, ...) takes one position of an axis, reshape(x, [-1]) joins them",
      );
    }
    return reducedShape(x.shape, normal, false);
  },
  kernel: (x, _, y) => y.data.set(x.data),
  lowering: { kind: "view" },
  apply: (x, { axes }) => squeeze(x, axes),
  adjoint: (yBar, _, { axes }) => expandDims(yBar, axes),
  samples: (draw) => [
    { x: [draw.normal([1, 1])], params: { axes: [0, 1] } },
    { x: [draw.normal([3, 1])], params: { axes: [1] } },
    { x: [draw.normal([1, 2, 1, 3])], params: { axes: [2] } },
    { x: [draw.normal([1, 0])], params: { axes: [0] } },
  ],
  rejects: () => [
    { x: [zerosLike([1, 3])], params: { axes: [1] }, error: ShapeError },
    { x: [zerosLike([1, 0])], params: { axes: [1] }, error: ShapeError },
    { x: [zerosLike([1, 3])], params: { axes: [2] }, error: AxisError },
    { x: [zerosLike([1, 3])], params: { axes: [0, 0] }, error: AxisError },
  ],
  text: (x, { axes }) => `squeeze(${x}, [${axes}])`,
  latex: (x, { axes }) => `\\operatorname{squeeze}_{${axes.join(",")}} ${x}`,
});

/**
 * x without the axes named, which must have size one; without all that have it where none are named.
 *
 * @throws ShapeError where a named axis has another size
 * @throws AxisError where an axis is not x's, or named twice
 */
export function squeeze(x: TensorLike, axes?: Axes): Tensor {
  const t = asTensor("squeeze", x);
  const gone =
    axes === undefined
      ? [...t.shape.keys()].filter((axis) => t.shape[axis] === 1)
      : normalizeAxes("squeeze", axes, t.rank);
  return gone.length === 0 ? t : bind(Squeeze, [t], { axes: gone });
}
