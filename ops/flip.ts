import { bind } from "../graph/bind.ts";
import { AxisError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { type Axes, normalizeAxes } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { AtAxes } from "./expandDims.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import { zerosLike } from "./families/samples.ts";
import { layoutOf } from "./families/window.ts";
import { copyStrided, rowMajor } from "./kernels/strided.ts";

/** y = x, backwards along axes; it is its own adjoint. */
export const Flip: Primitive<One, AtAxes> = linear<AtAxes>("flip", {
  shape(x, { axes }) {
    normalizeAxes("flip", axes, x.shape.length);
    return x.shape;
  },
  kernel(x, { axes }, y) {
    const start = x.shape.map((n, k) => (axes.includes(k) ? n - 1 : 0));
    const step = x.shape.map((_, k) => (axes.includes(k) ? -1 : 1));
    const backwards = layoutOf({ start, size: x.shape, step }, x.shape);
    copyStrided(x.shape, x.data, backwards, y.data, rowMajor(x.shape));
  },
  lowering: {
    kind: "move",
    from: ({ shape }, { axes }) =>
      shape.map((n, axis) =>
        axes.includes(axis) ? { axis, start: n - 1, step: -1 } : { axis, start: 0, step: 1 },
      ),
  },
  apply: (x, { axes }) => flip(x, axes),
  adjoint: (yBar, _, { axes }) => flip(yBar, axes),
  samples: (draw) => [
    { x: [draw.normal([])], params: { axes: [] } },
    { x: [draw.normal([3])], params: { axes: [0] } },
    { x: [draw.normal([2, 3, 2])], params: { axes: [0, 2] } },
    { x: [draw.normal([0, 3])], params: { axes: [0, 1] } },
  ],
  rejects: () => [
    { x: [zerosLike([2, 3])], params: { axes: [2] }, error: AxisError },
    { x: [zerosLike([2, 3])], params: { axes: [1, 1] }, error: AxisError },
  ],
  text: (x, { axes }) => `flip(${x}, [${axes}])`,
  latex: (x, { axes }) => `\\operatorname{flip}_{${axes.join(",")}} ${x}`,
});

/**
 * x with the order of its elements reversed along `axes` (all of them unless named).
 *
 * @throws AxisError where an axis is not x's, or named twice
 */
export function flip(x: TensorLike, axes?: Axes): Tensor {
  const t = asTensor("flip", x);
  const normal = normalizeAxes("flip", axes, t.rank);
  return normal.length === 0 ? t : bind(Flip, [t], { axes: normal });
}
