import { bind } from "../graph/bind.ts";
import { AxisError, describe, listed } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { normalizeAxis, stridesOf } from "../graph/shape.ts";
import { asTensor, type NdArray, type Output, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import { zerosLike } from "./families/samples.ts";
import { copyStrided, rowMajor, transposeMatrix } from "./kernels/strided.ts";

export interface Permutation {
  /** Axis k of y is axis `axes[k]` of x. */
  readonly axes: readonly number[];
}

/** y = x with its axes in another order; its adjoint puts them back. */
export const Transpose: Primitive<One, Permutation> = linear<Permutation>("transpose", {
  shape: (x, { axes }) => permuted(axes, x.shape.length).map((axis) => x.shape[axis]!),
  kernel: permute,
  lowering: {
    kind: "move",
    from: (_, { axes }) => inverse(axes).map((axis) => ({ axis, start: 0, step: 1 })),
  },
  apply: (x, { axes }) => transpose(x, axes),
  adjoint: (yBar, _, { axes }) => transpose(yBar, inverse(axes)),
  samples: (draw) => [
    { x: [draw.normal([])], params: { axes: [] } },
    { x: [draw.normal([2, 3])], params: { axes: [1, 0] } },
    { x: [draw.normal([2, 3, 4])], params: { axes: [2, 0, 1] } },
    { x: [draw.normal([2, 1, 3, 2])], params: { axes: [3, 1, 0, 2] } },
    { x: [draw.normal([0, 3])], params: { axes: [1, 0] } },
  ],
  rejects: () => [
    { x: [zerosLike([2, 3])], params: { axes: [0] }, error: AxisError },
    { x: [zerosLike([2, 3])], params: { axes: [0, 0] }, error: AxisError },
    { x: [zerosLike([2, 3])], params: { axes: [0, 2] }, error: AxisError },
  ],
  text: (x, { axes }) => `transpose(${x}, [${axes}])`,
  latex: (x, { axes }) =>
    axes.length === 2 && axes[0] === 1
      ? `{${x}}^{\\mathsf{T}}`
      : `\\operatorname{transpose}_{${axes.join(",")}} ${x}`,
});

function permute(x: NdArray, { axes }: Permutation, y: Output): void {
  const [rows, columns] = x.shape;
  if (axes.length === 2 && axes[0] === 1) {
    transposeMatrix(x.data, rows!, columns!, y.data);
    return;
  }
  const strides = stridesOf(x.shape);
  const read = { start: 0, strides: axes.map((axis) => strides[axis]!) };
  copyStrided(y.shape, x.data, read, y.data, rowMajor(y.shape));
}

function inverse(axes: readonly number[]): number[] {
  const back = new Array<number>(axes.length);
  for (let k = 0; k < axes.length; k++) back[axes[k]!] = k;
  return back;
}

/** @throws AxisError unless axes are all of 0, ..., rank - 1, in some order */
function permuted(axes: readonly number[], rank: number): readonly number[] {
  if (!Array.isArray(axes)) throw new AxisError("transpose", "an array of axes", describe(axes));
  // Not axes.map, which passes over holes.
  const normal = Array.from(axes, (axis: number) => normalizeAxis("transpose", axis, rank));
  if (normal.length !== rank || new Set(normal).size !== rank)
    throw new AxisError("transpose", `each of ${rank} axes once`, listed(axes));
  return normal;
}

/**
 * x with its axes in another order: axis k of the result is axis `axes[k]` of x. Reversed, unless said otherwise.
 *
 * @throws AxisError unless `axes` names each axis of x once
 */
export function transpose(x: TensorLike, axes?: readonly number[]): Tensor {
  const t = asTensor("transpose", x);
  const order = axes === undefined ? [...t.shape.keys()].reverse() : permuted(axes, t.rank);
  return order.every((axis, k) => axis === k) ? t : bind(Transpose, [t], { axes: order });
}
