import { bind } from "../graph/bind.ts";
import { IndexError, ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { checkedShape, type Shape, sameShape } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import { zerosLike } from "./families/samples.ts";
import { assertWithin, checkedWindow, layoutOf, textWindow, type Window } from "./families/window.ts";
import { copyStrided, rowMajor } from "./kernels/strided.ts";
import { sliceWindow } from "./slice.ts";

export interface Into extends Window {
  readonly shape: Shape;
}

/** y = zeros, but for x in a window: the adjoint of {@link slice}. */
export const Unslice: Primitive<One, Into> = linear<Into>("unslice", {
  shape(x, into) {
    const shape = checkedShape("unslice", into.shape);
    assertWithin("unslice", into, shape);
    if (!sameShape(x.shape, into.size)) {
      throw new ShapeError("unslice", `x of the window's shape [${into.size}]`, `[${x.shape}]`);
    }
    return shape;
  },
  kernel: (x, into, y) => copyStrided(x.shape, x.data, rowMajor(x.shape), y.data, layoutOf(into, y.shape)),
  apply: (x, into) => unslice(x, into.shape, into),
  adjoint: (yBar, _, { start, size, step }) => sliceWindow(yBar, { start, size, step }),
  samples: (draw) => [
    { x: [draw.normal([])], params: { shape: [], start: [], size: [], step: [] } },
    { x: [draw.normal([3])], params: { shape: [5], start: [4], size: [3], step: [-2] } },
    { x: [draw.normal([2, 1])], params: { shape: [3, 4], start: [1, 2], size: [2, 1], step: [1, 1] } },
    { x: [draw.normal([2, 0])], params: { shape: [2, 3], start: [0, 0], size: [2, 0], step: [1, 1] } },
  ],
  rejects: () => [
    { x: [zerosLike([3])], params: { shape: [3], start: [1], size: [3], step: [1] }, error: IndexError },
    { x: [zerosLike([2])], params: { shape: [3], start: [0], size: [3], step: [1] }, error: ShapeError },
  ],
  text: (x, into) => `unslice(${x}, [${into.shape}], [${textWindow(into)}])`,
  latex: (x, into) =>
    `\\operatorname{unslice}_{${into.shape.join("\\times")}} ${x}\\left[${textWindow(into).replaceAll(":", "{:}")}\\right]`,
});

/**
 * x in a window of an array of zeros of the given shape.
 *
 * @throws ShapeError, IndexError, ArgumentError unless x has the window's shape and the window lies within `shape`
 */
export function unslice(x: TensorLike, shape: Shape, window: Window): Tensor {
  const t = asTensor("unslice", x);
  const { start, size, step } = checkedWindow("unslice", window);
  return bind(Unslice, [t], { shape: checkedShape("unslice", shape), start, size, step });
}
