import { bind } from "../graph/bind.ts";
import { ArgumentError, DTypeError, describe, ShapeError } from "../graph/errors.ts";
import type { Inputs, Primitive } from "../graph/primitive.ts";
import { broadcastShapes, checkedShape, type Shape, sizeOf } from "../graph/shape.ts";
import type { NdArray, Output, Tensor } from "../graph/tensor.ts";
import type { To } from "./broadcastTo.ts";
import { asIndices, assertIndices, type Indices } from "./families/indices.ts";
import { zerosLike } from "./families/samples.ts";
import { positionsOf } from "./kernels/gather.ts";
import { offsetsOf, stretchedStrides } from "./kernels/strided.ts";

/** y = the place, in row-major order of an array of the given shape, of the element at [i, j, ...]; no derivative. */
export const RavelIndex: Primitive<Inputs, To> = Object.freeze({
  name: "ravelIndex",
  shape(indices, { shape }) {
    const sizes = checkedShape("ravelIndex", shape);
    if (indices.length === 0) throw new ArgumentError("ravelIndex", "at least one array of indices", "none");
    if (indices.length !== sizes.length)
      throw new ShapeError("ravelIndex", `indices for ${sizes.length} axes, [${sizes}]`, `${indices.length}`);
    if (sizeOf(sizes) > 2 ** 31)
      throw new ShapeError("ravelIndex", "at most 2^31 elements, as int32 counts them", `[${sizes}]`);
    return indices.reduce<Shape>((all, i) => broadcastShapes("ravelIndex", all, i.shape), []);
  },
  dtype(indices) {
    for (const i of indices) assertIndices("ravelIndex", "indices", i);
    return "int32";
  },
  kernel: ravel,
  jvp: () => null,
  vjp: ({ x }) => x.map(() => null),
  samples: (draw) => [
    { x: [draw.integers([4], 3)], params: { shape: [3] } },
    { x: [draw.integers([], 3), draw.integers([2], 2)], params: { shape: [3, 2] } },
    {
      x: [draw.integers([2, 1], 3), draw.integers([3], 2), draw.integers([], 4)],
      params: { shape: [3, 2, 4] },
    },
    { x: [draw.integers([0], 3), draw.integers([1], 2)], params: { shape: [3, 2] } },
  ],
  rejects: () => [
    { x: [], params: { shape: [] }, error: ArgumentError },
    { x: [zerosLike([2], "int32")], params: { shape: [3, 2] }, error: ShapeError },
    {
      x: [zerosLike([2], "int32"), zerosLike([3], "int32")],
      params: { shape: [3, 2] },
      error: ShapeError,
    },
    {
      x: [zerosLike([2], "int32"), zerosLike([2], "int32")],
      params: { shape: [65536, 65536] },
      error: ShapeError,
    },
    { x: [zerosLike([2])], params: { shape: [3] }, error: DTypeError },
  ],
  conventions: () => [],
  lowering: { kind: "kernel" },
  text: (indices, { shape }) => `ravelIndex([${indices.join(", ")}], [${shape}])`,
  latex: (indices, { shape }) =>
    `\\operatorname{ravel}_{${shape.join("\\times")}} \\left(${indices.join(", ")}\\right)`,
} satisfies Primitive<Inputs, To>);

function ravel(indices: readonly NdArray[], { shape }: To, y: Output): void {
  // Every index is looked at, those too that are stretched to nothing.
  const positions = indices.map((i, axis) => positionsOf("ravelIndex", i, axis, shape[axis]!));
  positions.forEach((at, axis) => {
    const strides = stretchedStrides(indices[axis]!.shape, y.shape);
    const from = offsetsOf(y.shape, { start: 0, strides });
    for (let i = 0; i < from.length; i++) y.data[i] = y.data[i]! * shape[axis]! + at[from[i]!]!;
  });
}

/**
 * Indices on several axes, which broadcast, as one index into the same array laid flat.
 *
 * Negative indices count from the end. There is no derivative: indices are integers.
 *
 * @throws IndexError where an index is outside its axis
 * @throws ShapeError unless there is an index for each size, and they broadcast
 * @throws DTypeError where indices are a tensor that is not int32
 */
export function ravelIndex(indices: readonly Indices[], shape: Shape): Tensor {
  if (!Array.isArray(indices))
    throw new ArgumentError("ravelIndex", "an array of indices for each axis", describe(indices));
  const each = Array.from(indices as readonly Indices[], (i) => asIndices("ravelIndex", i));
  return bind(RavelIndex, each, { shape: checkedShape("ravelIndex", shape) });
}
