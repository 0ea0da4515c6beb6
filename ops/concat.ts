import { bind } from "../graph/bind.ts";
import { ArgumentError, AxisError, DTypeError, ShapeError } from "../graph/errors.ts";
import type { Inputs, Primitive } from "../graph/primitive.ts";
import { normalizeAxis, type Shape, stridesOf } from "../graph/shape.ts";
import type { Spec, Tensor, TensorLike } from "../graph/tensor.ts";
import { type AlongAxis, assertSome, asTensors, promoteAll, tangents } from "./families/joining.ts";
import { zerosLike } from "./families/samples.ts";
import { type Window, windowAt } from "./families/window.ts";
import { copyStrided, rowMajor } from "./kernels/strided.ts";
import { sliceWindow } from "./slice.ts";

/** y = the inputs one behind the other along an axis; to each goes back its part of ȳ. */
export const Concat: Primitive<Inputs, AlongAxis> = Object.freeze({
  name: "concat",
  shape: (xs, { axis }) => joinedShape(xs, axis),
  dtype: (xs) => promoteAll("concat", xs),
  kernel(xs, { axis }, y) {
    const strides = stridesOf(y.shape);
    let start = 0;
    for (const x of xs) {
      copyStrided(x.shape, x.data, rowMajor(x.shape), y.data, { start, strides });
      start += x.shape[axis]! * strides[axis]!;
    }
  },
  jvp({ x, y, params: { axis } }, xDot) {
    const parts = tangents(xDot, x, y.dtype);
    return parts === null ? null : concat(parts, axis);
  },
  vjp: ({ x, params: { axis } }, yBar, wanted) =>
    partsOf(x, axis).map((part, k) => (wanted[k] ? sliceWindow(yBar, part) : null)),
  samples: (draw) => [
    { x: [draw.normal([3])], params: { axis: 0 } },
    { x: [draw.normal([2]), draw.normal([0]), draw.normal([3])], params: { axis: 0 } },
    { x: [draw.normal([2, 1, 2]), draw.normal([2, 3, 2])], params: { axis: 1 } },
    { x: [draw.normal([2, 3]), draw.integers([2, 1], 5), draw.normal([2, 2])], params: { axis: 1 } },
    { x: [draw.normal([0, 2]), draw.normal([0, 1])], params: { axis: 1 } },
  ],
  rejects: () => [
    { x: [], params: { axis: 0 }, error: ArgumentError },
    { x: [zerosLike([])], params: { axis: 0 }, error: AxisError },
    { x: [zerosLike([2]), zerosLike([2])], params: { axis: 1 }, error: AxisError },
    { x: [zerosLike([2, 3]), zerosLike([2, 4])], params: { axis: 0 }, error: ShapeError },
    { x: [zerosLike([2]), zerosLike([2, 1])], params: { axis: 0 }, error: ShapeError },
    { x: [zerosLike([2]), zerosLike([2], "float32")], params: { axis: 0 }, error: DTypeError },
  ],
  conventions: () => [],
  lowering: { kind: "kernel" },
  text: (xs, { axis }) => `concat([${xs.join(", ")}], ${axis})`,
  latex: (xs, { axis }) => `\\operatorname{concat}_{${axis}} \\left(${xs.join(", ")}\\right)`,
} satisfies Primitive<Inputs, AlongAxis>);

function joinedShape(xs: readonly Spec[], axis: number): Shape {
  assertSome("concat", xs);
  const first = xs[0]!.shape;
  const along = normalizeAxis("concat", axis, first.length);
  let size = 0;
  for (const { shape } of xs) {
    if (!fits(shape, first, along)) {
      throw new ShapeError(
        "concat",
        `shapes that differ on axis ${along} alone, as [${first}]`,
        `[${shape}]`,
        "nothing is stretched: broadcastTo does that",
      );
    }
    size += shape[along]!;
  }
  return first.with(along, size);
}

function fits(shape: Shape, first: Shape, axis: number): boolean {
  return shape.length === first.length && shape.every((n, k) => k === axis || n === first[k]);
}

/** Where in the result each input lies. */
function partsOf(xs: readonly Spec[], axis: number): Window[] {
  let end = 0;
  return xs.map(({ shape }) => {
    const start = shape.map((_, k) => (k === axis ? end : 0));
    end += shape[axis]!;
    return windowAt(start, shape);
  });
}

/**
 * Tensors one behind the other along an axis that they have (0 unless named). They meet in one dtype.
 *
 * @throws ArgumentError where there are none
 * @throws ShapeError where they differ on another axis
 * @throws AxisError where the axis is not theirs
 * @throws DTypeError where float32 meets float64
 */
export function concat(xs: readonly TensorLike[], axis = 0): Tensor {
  const ts = asTensors("concat", xs);
  const along = ts.length === 0 ? axis : normalizeAxis("concat", axis, ts[0]!.rank);
  return bind(Concat, ts, { axis: along });
}
