import { bind } from "../graph/bind.ts";
import { listed, ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { checkedShape, type Shape, sameShape, sizeOf } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { To } from "./broadcastTo.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import { zerosLike } from "./families/samples.ts";

/** y = x's numbers in x's order, under another shape; its adjoint gives the old shape back. */
export const Reshape: Primitive<One, To> = linear("reshape", {
  shape(x, { shape }) {
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new ShapeError(
        "reshape",
        `a shape of ${sizeOf(x.shape)} elements, as [${x.shape}]`,
        `[${shape}]`,
      );
    }
    return shape;
  },
  kernel: (x, _, y) => y.data.set(x.data),
  lowering: { kind: "view" },
  apply: (x, { shape }) => reshape(x, shape),
  adjoint: (yBar, x) => reshape(yBar, x.shape),
  samples: (draw) =>
    [[6], [3, 2], [1, 6, 1]].map((shape) => ({ x: [draw.normal([2, 3])], params: { shape } })),
  rejects: () => [{ x: [zerosLike([2, 3])], params: { shape: [4] }, error: ShapeError }],
  text: (x, { shape }) => `reshape(${x}, [${shape}])`,
  latex: (x, { shape }) => `\\operatorname{reshape}_{${shape.join("\\times")}} ${x}`,
});

/**
 * The same numbers in the same (row-major) order under another shape. One size may be -1: it is worked out.
 *
 * @throws ShapeError where the sizes do not multiply to x's.
 */
export function reshape(x: TensorLike, shape: Shape): Tensor {
  const t = asTensor("reshape", x);
  if (Array.isArray(shape) && sameShape(t.shape, shape)) return t;
  return bind(Reshape, [t], { shape: checkedShape("reshape", resolved(t, shape)) });
}

function resolved(x: Tensor, shape: Shape): Shape {
  if (!Array.isArray(shape) || !shape.includes(-1)) return shape;
  const others = sizeOf(shape.filter((d) => d !== -1));
  const missing = x.size / others;
  if (shape.indexOf(-1) !== shape.lastIndexOf(-1) || !Number.isInteger(missing)) {
    throw new ShapeError("reshape", `one -1 that makes ${x.size} elements`, listed(shape));
  }
  return shape.map((d) => (d === -1 ? missing : d));
}
