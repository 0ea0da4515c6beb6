import { bind } from "../graph/bind.ts";
import { ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { checkedShape, type Shape, sameShape, stretchesTo } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import { zerosLike } from "./families/samples.ts";
import { mapKernel } from "./kernels/map.ts";
import { input } from "./kernels/scalar.ts";
import { sumTo } from "./sumTo.ts";

export interface To {
  readonly shape: Shape;
}

const stretch = mapKernel(input(0));

/** y = x stretched to a larger shape (NumPy's rule); its adjoint sums back. */
export const BroadcastTo: Primitive<One, To> = linear("broadcastTo", {
  shape(x, { shape }) {
    if (!stretchesTo(x.shape, shape)) {
      throw new ShapeError(
        "broadcastTo",
        `a shape to which [${x.shape}] stretches`,
        `[${shape}]`,
        "sizes are aligned from the right; only sizes of 1 stretch",
      );
    }
    return shape;
  },
  kernel: (x, _, y) => stretch([x], undefined, y),
  lowering: { kind: "map", formula: input(0) },
  apply: (x, { shape }) => broadcastTo(x, shape),
  adjoint: (yBar, x) => sumTo(yBar, x.shape),
  samples: (draw) =>
    [[], [3], [1, 3], [2, 1]].map((shape) => ({
      x: [draw.uniform(shape, -2, 2)],
      params: { shape: [2, 3] },
    })),
  rejects: () => [{ x: [zerosLike([2])], params: { shape: [2, 3] }, error: ShapeError }],
  text: (x, { shape }) => `broadcastTo(${x}, [${shape}])`,
  latex: (x) => x,
});

/**
 * Stretch x to `shape`, repeating it along axes where it has size 1 or none.
 *
 * @throws ShapeError unless x's shape broadcasts to `shape`.
 */
export function broadcastTo(x: TensorLike, shape: Shape): Tensor {
  const t = asTensor("broadcastTo", x);
  if (Array.isArray(shape) && sameShape(t.shape, shape)) return t;
  return bind(BroadcastTo, [t], { shape: checkedShape("broadcastTo", shape) });
}
