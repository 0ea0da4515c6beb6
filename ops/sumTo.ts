import { bind } from "../graph/bind.ts";
import { ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { checkedShape, type Shape, sameShape, stretchedAxes, stretchesTo } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { broadcastTo, type To } from "./broadcastTo.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import { zerosLike } from "./families/samples.ts";
import { reduce, sumLoop } from "./kernels/reduce.ts";
import * as s from "./kernels/scalar.ts";

/** y = Σ x, down to a shape that broadcasts to x's: the adjoint of {@link broadcastTo}. */
export const SumTo: Primitive<One, To> = linear("sumTo", {
  shape(x, { shape }) {
    if (!stretchesTo(shape, x.shape)) {
      throw new ShapeError("sumTo", `a shape that broadcasts to [${x.shape}]`, `[${shape}]`);
    }
    return shape;
  },
  kernel: (x, { shape }, y) => reduce(x, stretchedAxes(shape, x.shape), y, sumLoop),
  lowering: {
    kind: "reduce",
    combine: s.ADD,
    initial: 0,
    over: (x, { shape }) => stretchedAxes(shape, x.shape),
  },
  apply: (x, { shape }) => sumTo(x, shape),
  adjoint: (yBar, x) => broadcastTo(yBar, x.shape),
  samples: (draw) =>
    [[], [3], [1, 3], [2, 1]].map((shape) => ({ x: [draw.uniform([2, 3], -2, 2)], params: { shape } })),
  rejects: () => [{ x: [zerosLike([2, 3])], params: { shape: [2] }, error: ShapeError }],
  text: (x, { shape }) => `sumTo(${x}, [${shape}])`,
  latex: (x) => `\\sum ${x}`,
});

/**
 * Sum x down to `shape`, undoing a broadcast.
 *
 * @throws ShapeError unless `shape` broadcasts to x's.
 */
export function sumTo(x: TensorLike, shape: Shape): Tensor {
  const t = asTensor("sumTo", x);
  if (Array.isArray(shape) && sameShape(t.shape, shape)) return t;
  return bind(SumTo, [t], { shape: checkedShape("sumTo", shape) });
}
