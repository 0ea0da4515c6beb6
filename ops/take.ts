import { bind } from "../graph/bind.ts";
import { AxisError, DTypeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { normalizeAxis, sizeOf } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { asIndices, assertIndices, type Indexed, type Indices } from "./families/indices.ts";
import type { AlongAxis } from "./families/joining.ts";
import { array, zerosLike } from "./families/samples.ts";
import { gatherRows, positionsOf } from "./kernels/gather.ts";
import { scatterAdd } from "./scatterAdd.ts";

/** y = x at indices along an axis; its adjoint adds ȳ up where it came from. */
export const Take: Primitive<Indexed, AlongAxis> = Object.freeze({
  name: "take",
  shape([x, indices], { axis }) {
    const along = normalizeAxis("take", axis, x.shape.length);
    return x.shape.toSpliced(along, 1, ...indices.shape);
  },
  dtype([x, indices]) {
    assertIndices("take", "indices", indices);
    return x.dtype;
  },
  kernel([x, indices], { axis }, y) {
    const n = x.shape[axis]!;
    gatherRows(x, positionsOf("take", indices, axis, n), n, sizeOf(x.shape.slice(axis + 1)), y);
  },
  jvp: ({ x: [, indices], params: { axis } }, [xDot]) => (xDot === null ? null : take(xDot, indices, axis)),
  vjp: ({ x: [x, indices], params: { axis } }, yBar, [wanted]) => [
    wanted ? scatterAdd(yBar, indices, axis, x.shape[axis]!) : null,
    null,
  ],
  samples: (draw) => [
    { x: [draw.normal([3]), array([2, -1, 0, 2], [4], "int32")], params: { axis: 0 } },
    { x: [draw.normal([3, 2]), draw.integers([], 3)], params: { axis: 0 } },
    { x: [draw.normal([2, 3, 2]), draw.integers([2, 2], 3)], params: { axis: 1 } },
    { x: [draw.normal([2, 1]), draw.integers([3], 1)], params: { axis: 1 } },
    { x: [draw.normal([3, 2]), draw.integers([0, 2], 3)], params: { axis: 0 } },
    { x: [draw.normal([0, 2]), draw.integers([3], 2)], params: { axis: 1 } },
  ],
  rejects: () => [
    { x: [zerosLike([3]), zerosLike([2], "int32")], params: { axis: 1 }, error: AxisError },
    { x: [zerosLike([]), zerosLike([2], "int32")], params: { axis: 0 }, error: AxisError },
    { x: [zerosLike([3]), zerosLike([2])], params: { axis: 0 }, error: DTypeError },
    { x: [zerosLike([3]), zerosLike([3], "bool")], params: { axis: 0 }, error: DTypeError },
  ],
  conventions: () => [],
  lowering: { kind: "kernel" },
  text: ([x, indices], { axis }) => `take(${x}, ${indices}, ${axis})`,
  latex: ([x, indices], { axis }) => `\\operatorname{take}_{${axis}} \\left(${x}, ${indices}\\right)`,
} satisfies Primitive<Indexed, AlongAxis>);

/**
 * The elements of x that indices point to along an axis, which the indices' own axes replace: `x[:, indices, :]`
 * for axis 1 of three.
 *
 * Negative indices count from the end. An index may come several times: the gradients then add up.
 *
 * @param indices an int32 tensor, an integer, or arrays of integers
 * @throws IndexError where an index is outside the axis
 * @throws AxisError where the axis is not x's, or not named
 * @throws DTypeError where indices are a tensor that is not int32
 */
export function take(x: TensorLike, indices: Indices, axis: number): Tensor {
  const t = asTensor("take", x);
  return bind(Take, [t, asIndices("take", indices)], { axis: normalizeAxis("take", axis, t.rank) });
}
