import { bind } from "../graph/bind.ts";
import { ArgumentError, AxisError, DTypeError, describe, ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { checkedShape, normalizeAxis, type Shape, sameShape, sizeOf } from "../graph/shape.ts";
import { asTensor, type Spec, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { asIndices, assertIndices, type Indexed, type Indices } from "./families/indices.ts";
import type { AlongAxis } from "./families/joining.ts";
import { array, zerosLike } from "./families/samples.ts";
import { positionsOf, scatterAddRows } from "./kernels/gather.ts";
import { take } from "./take.ts";

export interface IntoAxis extends AlongAxis {
  /** How long the axis is that is added into. */
  readonly size: number;
}

/** y = zeros with x added at indices along an axis: the adjoint of {@link take}, which is its own. */
export const ScatterAdd: Primitive<Indexed, IntoAxis> = Object.freeze({
  name: "scatterAdd",
  shape: ([x, indices], into) => scattered(x, indices, into),
  dtype([x, indices]) {
    assertIndices("scatterAdd", "indices", indices);
    return x.dtype === "bool" ? "int32" : x.dtype;
  },
  kernel([x, indices], { axis, size }, y) {
    const positions = positionsOf("scatterAdd", indices, axis, size);
    scatterAddRows(x, positions, size, sizeOf(y.shape.slice(axis + 1)), y);
  },
  jvp: ({ x: [, indices], params: { axis, size } }, [xDot]) =>
    xDot === null ? null : scatterAdd(xDot, indices, axis, size),
  vjp: ({ x: [, indices], params: { axis } }, yBar, [wanted]) => [
    wanted ? take(yBar, indices, axis) : null,
    null,
  ],
  samples: (draw) => [
    { x: [draw.normal([4]), array([2, -1, 0, 2], [4], "int32")], params: { axis: 0, size: 3 } },
    { x: [draw.normal([2]), draw.integers([], 3)], params: { axis: 0, size: 3 } },
    { x: [draw.normal([2, 2, 3, 2]), draw.integers([2, 3], 3)], params: { axis: 1, size: 3 } },
    { x: [draw.normal([2, 3]), draw.integers([3], 1)], params: { axis: 1, size: 1 } },
    { x: [draw.normal([0, 2]), draw.integers([0], 3)], params: { axis: 0, size: 3 } },
  ],
  rejects: () => [
    { x: [zerosLike([2]), zerosLike([2], "int32")], params: { axis: 1, size: 3 }, error: AxisError },
    { x: [zerosLike([2]), zerosLike([3], "int32")], params: { axis: 0, size: 3 }, error: ShapeError },
    { x: [zerosLike([]), zerosLike([2], "int32")], params: { axis: 0, size: 3 }, error: ShapeError },
    { x: [zerosLike([2]), zerosLike([2], "int32")], params: { axis: 0, size: -1 }, error: ArgumentError },
    { x: [zerosLike([2]), zerosLike([2])], params: { axis: 0, size: 3 }, error: DTypeError },
  ],
  conventions: () => [],
  lowering: { kind: "kernel" },
  text: ([x, indices], { axis, size }) => `scatterAdd(${x}, ${indices}, ${axis}, ${size})`,
  latex: ([x, indices], { axis, size }) =>
    `\\operatorname{scatterAdd}_{${axis},${size}} \\left(${x}, ${indices}\\right)`,
} satisfies Primitive<Indexed, IntoAxis>);

function scattered(x: Spec, indices: Spec, { axis, size }: IntoAxis): Shape {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new ArgumentError("scatterAdd", "a size that is an integer >= 0", describe(size));
  const along = normalizeAxis("scatterAdd", axis, outputRank(x, indices));
  const rank = indices.shape.length;
  if (!sameShape(x.shape.slice(along, along + rank), indices.shape)) {
    throw new ShapeError(
      "scatterAdd",
      `x with the indices' axes [${indices.shape}] from axis ${along} on`,
      `[${x.shape}]`,
    );
  }
  return checkedShape("scatterAdd", x.shape.toSpliced(along, rank, size));
}

/** One axis takes the place of all that the indices have. */
function outputRank(x: Spec, indices: Spec): number {
  const rank = x.shape.length - indices.shape.length + 1;
  if (rank < 1)
    throw new ShapeError("scatterAdd", `x with the indices' axes [${indices.shape}]`, `[${x.shape}]`);
  return rank;
}

/**
 * Zeros, with the elements of x added where indices point to along an axis of the given size. The indices' axes
 * stand in x where that axis will be: x is [3, 4], of which axis 1 goes to axis 1 of [3, size], say.
 *
 * Elements that go to one place are added in the order in which they come: the result is the same each time. float32
 * is summed in float64; int32 and bool sum to int32. Negative indices count from the end.
 *
 * @throws IndexError where an index is outside the axis
 * @throws ShapeError unless x has the indices' axes
 * @throws AxisError where the axis is not the result's
 * @throws DTypeError where indices are a tensor that is not int32
 */
export function scatterAdd(x: TensorLike, indices: Indices, axis: number, size: number): Tensor {
  const t = asTensor("scatterAdd", x);
  const at = asIndices("scatterAdd", indices);
  return bind(ScatterAdd, [t, at], { axis: normalizeAxis("scatterAdd", axis, outputRank(t, at)), size });
}
