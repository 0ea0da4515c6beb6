import { bind } from "../../graph/bind.ts";
import type { Primitive } from "../../graph/primitive.ts";
import { type Axes, normalizeAxes } from "../../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../../graph/tensor.ts";
import { type ReduceLoop, reduce } from "../kernels/reduce.ts";
import { discrete } from "./discrete.ts";
import type { One } from "./elementwise.ts";
import {
  AXES_REFUSED,
  type KeepDims,
  keepDimsOf,
  latexAxes,
  type Over,
  samplesOver,
  shapeOver,
  textAxes,
} from "./reducing.ts";

/** One yes or no from many. Numbers count as yes unless they are 0. */
export function truth(name: string, loop: ReduceLoop, symbol: string): Primitive<One, Over> {
  return discrete<Over>(name, {
    shape: ([x], over) => shapeOver(name, x, over),
    dtype: () => "bool",
    kernel: ([x], { axes }, y) => reduce(x, axes, y, loop),
    samples: (draw) => samplesOver((shape) => draw.bools(shape)),
    rejects: () => AXES_REFUSED,
    text: ([x], over) => `${name}(${x}${textAxes(over)})`,
    latex: ([x], over) => `${symbol}${latexAxes(over)} ${x}`,
  });
}

/** The op as a function. */
export function truthOver(
  op: Primitive<One, Over>,
  x: TensorLike,
  axes: Axes | undefined,
  options: KeepDims,
): Tensor {
  const t = asTensor(op.name, x);
  return bind(op, [t], {
    axes: normalizeAxes(op.name, axes, t.rank),
    keepDims: keepDimsOf(op.name, options),
  });
}
