import { bind } from "../graph/bind.ts";
import { promoteArithmetic } from "../graph/dtype.ts";
import { DTypeError, ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { broadcastShapes, type Shape, sizeOf } from "../graph/shape.ts";
import { asOperands, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { expandDims } from "./expandDims.ts";
import type { Two } from "./families/broadcasting.ts";
import { zerosLike } from "./families/samples.ts";
import { matrixProduct } from "./kernels/matmul.ts";
import { reshape } from "./reshape.ts";
import { squeeze } from "./squeeze.ts";
import { sumTo } from "./sumTo.ts";
import { transpose } from "./transpose.ts";

/** Y = X W over the last two axes,  Ẏ = Ẋ W + X Ẇ,  X̄ = Ȳ Wᵀ,  W̄ = Xᵀ Ȳ, summed over stretched axes */
export const MatMul: Primitive<Two> = Object.freeze({
  name: "matmul",
  shape([x, w]) {
    if (x.shape.length < 2 || w.shape.length < 2) throw mismatch(x.shape, w.shape);
    assertInner(x.shape, w.shape);
    const batch = broadcastShapes("matmul", x.shape.slice(0, -2), w.shape.slice(0, -2));
    return [...batch, x.shape[x.shape.length - 2]!, w.shape[w.shape.length - 1]!];
  },
  dtype: ([x, w]) => promoteArithmetic("matmul", x.dtype, w.dtype),
  kernel: ([x, w], _, y) => matrixProduct(x, w, y),
  jvp({ x: [x, w] }, [xDot, wDot]) {
    const fromX = xDot === null ? null : matmul(xDot, w);
    const fromW = wDot === null ? null : matmul(x, wDot);
    return fromX === null ? fromW : fromW === null ? fromX : add(fromX, fromW);
  },
  vjp: ({ x: [x, w] }, yBar, [wantsX, wantsW]) => [
    wantsX ? sumTo(matmul(yBar, swapped(w)), x.shape) : null,
    wantsW ? sumTo(matmul(swapped(x), yBar), w.shape) : null,
  ],
  samples: (draw) =>
    SHAPE_PAIRS.map(([x, w]) => ({ x: [draw.normal(x), draw.normal(w)], params: undefined })),
  rejects: () => [
    { x: [zerosLike([2, 3]), zerosLike([2, 3])], params: undefined, error: ShapeError },
    { x: [zerosLike([]), zerosLike([2, 3])], params: undefined, error: ShapeError },
    { x: [zerosLike([2, 2, 3]), zerosLike([3, 3, 2])], params: undefined, error: ShapeError },
    { x: [zerosLike([2, 3], "float32"), zerosLike([3, 2])], params: undefined, error: DTypeError },
  ],
  conventions: () => [],
  lowering: { kind: "product" },
  text: ([x, w]) => `matmul(${x}, ${w})`,
  latex: ([x, w]) => `${x} \\, ${w}`,
} satisfies Primitive<Two>);

/** The last two axes, exchanged. */
function swapped(x: Tensor): Tensor {
  const axes = [...x.shape.keys()];
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** @throws ShapeError unless the last axis of x is as long as the first of w's last two */
function assertInner(x: Shape, w: Shape): void {
  if (x.length === 0 || w.length === 0) throw mismatch(x, w);
  if (x[x.length - 1] !== w[Math.max(w.length - 2, 0)]) throw mismatch(x, w);
}

function mismatch(x: Shape, w: Shape): ShapeError {
  const isScalar = x.length === 0 || w.length === 0;
  return new ShapeError(
    "matmul",
    "[..., m, k] with [..., k, n] (or vectors [k])",
    `[${x}] with [${w}]`,
    isScalar ? "mul multiplies by a scalar" : "transpose or reshape one of them",
  );
}

const SHAPE_PAIRS: readonly (readonly [Shape, Shape])[] = [
  [
    [2, 3],
    [3, 4],
  ],
  [
    [1, 3],
    [3, 1],
  ],
  [
    [5, 2],
    [2, 5],
  ],
  [
    [2, 3, 2],
    [2, 2, 3],
  ],
  [
    [2, 1, 2, 3],
    [3, 3, 2],
  ],
  [
    [2, 3],
    [2, 3, 1],
  ],
  [
    [2, 0],
    [0, 3],
  ],
  [
    [0, 3],
    [3, 2],
  ],
];

/**
 * The matrix product over the last two axes; axes before them broadcast. As NumPy's `matmul`: a vector on the left is
 * a row, one on the right a column, and the axis that makes it one is not in the result.
 *
 * Sums are formed in float64; float32 is rounded once. int32 wraps. Where the inner size is 0 the result is zeros.
 * Products follow IEEE arithmetic, in the derivatives too: 0 times infinity is NaN.
 *
 * @throws ShapeError where the inner sizes differ, leading axes do not broadcast, or one is a scalar
 * @throws DTypeError where float32 meets float64
 */
export function matmul(x: TensorLike, w: TensorLike): Tensor {
  const [a, b] = asOperands("matmul", x, w);
  assertInner(a.shape, b.shape);
  if (a.rank === 1) return squeeze(matmul(expandDims(a, 0), b), b.rank === 1 ? 0 : -2);
  if (b.rank === 1) return squeeze(matmul(a, expandDims(b, 1)), -1);
  if (a.rank === 2 || b.rank > 2) return bind(MatMul, [a, b], undefined);
  // One tall matrix: its derivatives then need no sum over the batch.
  const leading = a.shape.slice(0, -1);
  const tall = reshape(a, [sizeOf(leading), b.shape[0]!]);
  return reshape(matmul(tall, b), [...leading, b.shape[1]!]);
}
