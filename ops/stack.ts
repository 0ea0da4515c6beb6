import { bind } from "../graph/bind.ts";
import { ArgumentError, AxisError, DTypeError, ShapeError } from "../graph/errors.ts";
import type { Inputs, Primitive } from "../graph/primitive.ts";
import { normalizeAxis, sameShape, stridesOf } from "../graph/shape.ts";
import type { Tensor, TensorLike } from "../graph/tensor.ts";
import { type AlongAxis, assertSome, asTensors, promoteAll, tangents } from "./families/joining.ts";
import { zerosLike } from "./families/samples.ts";
import { copyStrided, rowMajor } from "./kernels/strided.ts";
import { slice } from "./slice.ts";

/** y = the inputs side by side along a new axis; to each goes back its position of ȳ. */
export const Stack: Primitive<Inputs, AlongAxis> = Object.freeze({
  name: "stack",
  shape(xs, { axis }) {
    assertSome("stack", xs);
    const first = xs[0]!.shape;
    const along = normalizeAxis("stack", axis, first.length + 1);
    const other = xs.find(({ shape }) => !sameShape(shape, first));
    if (other !== undefined)
      throw new ShapeError("stack", `tensors of one shape, [${first}]`, `[${other.shape}]`);
    return first.toSpliced(along, 0, xs.length);
  },
  dtype: (xs) => promoteAll("stack", xs),
  kernel(xs, { axis }, y) {
    const strides = stridesOf(y.shape);
    xs.forEach((x, k) => {
      const place = { start: k * strides[axis]!, strides: strides.toSpliced(axis, 1) };
      copyStrided(x.shape, x.data, rowMajor(x.shape), y.data, place);
    });
  },
  jvp({ x, y, params: { axis } }, xDot) {
    const parts = tangents(xDot, x, y.dtype);
    return parts === null ? null : stack(parts, axis);
  },
  vjp({ x, params: { axis } }, yBar, wanted) {
    const whole = new Array<null>(axis).fill(null);
    return x.map((_, k) => (wanted[k] ? slice(yBar, [...whole, k]) : null));
  },
  samples: (draw) => [
    { x: [draw.normal([]), draw.normal([]), draw.normal([])], params: { axis: 0 } },
    { x: [draw.normal([3])], params: { axis: 1 } },
    { x: [draw.normal([2, 3]), draw.normal([2, 3])], params: { axis: 1 } },
    { x: [draw.normal([2, 1]), draw.integers([2, 1], 5), draw.normal([2, 1])], params: { axis: 2 } },
    { x: [draw.normal([0]), draw.normal([0])], params: { axis: 0 } },
  ],
  rejects: () => [
    { x: [], params: { axis: 0 }, error: ArgumentError },
    { x: [zerosLike([2]), zerosLike([2])], params: { axis: 2 }, error: AxisError },
    { x: [zerosLike([2]), zerosLike([3])], params: { axis: 0 }, error: ShapeError },
    { x: [zerosLike([2]), zerosLike([2], "float32")], params: { axis: 0 }, error: DTypeError },
  ],
  conventions: () => [],
  lowering: { kind: "kernel" },
  text: (xs, { axis }) => `stack([${xs.join(", ")}], ${axis})`,
  latex: (xs, { axis }) => `\\operatorname{stack}_{${axis}} \\left(${xs.join(", ")}\\right)`,
} satisfies Primitive<Inputs, AlongAxis>);

/**
 * Tensors of one shape side by side along a new axis, which stands at `axis` of the result (0 unless named). They
 * meet in one dtype.
 *
 * @throws ArgumentError where there are none
 * @throws ShapeError where their shapes differ
 * @throws AxisError where the axis is not the result's
 * @throws DTypeError where float32 meets float64
 */
export function stack(xs: readonly TensorLike[], axis = 0): Tensor {
  const ts = asTensors("stack", xs);
  const along = ts.length === 0 ? axis : normalizeAxis("stack", axis, ts[0]!.rank + 1);
  return bind(Stack, ts, { axis: along });
}
