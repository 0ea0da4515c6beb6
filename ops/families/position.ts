import { bind } from "../../graph/bind.ts";
import { AxisError, ShapeError } from "../../graph/errors.ts";
import type { Primitive } from "../../graph/primitive.ts";
import { normalizeAxis } from "../../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../../graph/tensor.ts";
import { positions } from "../kernels/position.ts";
import { discrete } from "./discrete.ts";
import type { One } from "./elementwise.ts";
import { assertNotEmpty, distinct, type KeepDims, keepDimsOf, type Over, shapeOver } from "./reducing.ts";
import { zerosLike } from "./samples.ts";

export interface Along {
  /** null: over all of x, in row-major order. */
  readonly axis: number | null;
  readonly keepDims: boolean;
}

/** Where along an axis the largest (of -x, for sign -1: the smallest) element stands. */
export function position(name: string, sign: 1 | -1): Primitive<One, Along> {
  return discrete<Along>(name, {
    shape([x], along) {
      const over = overOf(x.shape.length, along);
      const shape = shapeOver(name, x, over);
      assertNotEmpty(name, x, over.axes);
      return shape;
    },
    dtype: () => "int32",
    kernel: ([x], { axis }, y) => positions(x, axis, sign, y),
    samples: (draw) => [
      { x: [distinct(draw, [])], params: { axis: null, keepDims: false } },
      { x: [distinct(draw, [2, 3])], params: { axis: null, keepDims: true } },
      { x: [distinct(draw, [2, 3, 2])], params: { axis: 1, keepDims: false } },
      { x: [distinct(draw, [0, 3])], params: { axis: 1, keepDims: false } },
    ],
    rejects: () => [
      { x: [zerosLike([2, 3])], params: { axis: 2, keepDims: false }, error: AxisError },
      { x: [zerosLike([2, 0])], params: { axis: 1, keepDims: false }, error: ShapeError },
      { x: [zerosLike([0])], params: { axis: null, keepDims: false }, error: ShapeError },
    ],
    text: ([x], { axis, keepDims }) =>
      `${name}(${x}${axis === null ? "" : `, ${axis}`}${keepDims ? ", keepDims" : ""})`,
    latex: ([x], { axis }) => `\\operatorname{${name}}${axis === null ? "" : `_{${axis}}`} ${x}`,
  });
}

function overOf(rank: number, { axis, keepDims }: Along): Over {
  return { axes: axis === null ? Array.from({ length: rank }, (_, k) => k) : [axis], keepDims };
}

/** The op as a function. */
export function positionAlong(
  op: Primitive<One, Along>,
  x: TensorLike,
  axis: number | undefined,
  options: KeepDims,
): Tensor {
  const t = asTensor(op.name, x);
  return bind(op, [t], {
    axis: axis === undefined ? null : normalizeAxis(op.name, axis, t.rank),
    keepDims: keepDimsOf(op.name, options),
  });
}
