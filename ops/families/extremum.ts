import { bind } from "../../graph/bind.ts";
import { ShapeError } from "../../graph/errors.ts";
import type { ScalarFunction } from "../../graph/lowering.ts";
import type { Primitive } from "../../graph/primitive.ts";
import { type Axes, normalizeAxes } from "../../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../../graph/tensor.ts";
import { cast } from "../cast.ts";
import { div } from "../div.ts";
import { equal } from "../equal.ts";
import { type ReduceLoop, reduce } from "../kernels/reduce.ts";
import { scale } from "../scale.ts";
import { sum } from "../sum.ts";
import type { One } from "./elementwise.ts";
import {
  AXES_REFUSED,
  assertNotEmpty,
  distinct,
  type KeepDims,
  keepAxes,
  keepDimsOf,
  latexAxes,
  type Over,
  reduction,
  samplesOver,
  shapeOver,
  textAxes,
} from "./reducing.ts";
import { array, zerosLike } from "./samples.ts";

export interface ExtremumRule {
  readonly loop: ReduceLoop;
  readonly combine: ScalarFunction;
  /** Its value on nothing. */
  readonly initial: number;
}

/** The element of x that stands out; its derivative is its own, shared equally where several do. */
export function extremum(name: string, { loop, combine, initial }: ExtremumRule): Primitive<One, Over> {
  return Object.freeze({
    name,
    shape([x], over) {
      const shape = shapeOver(name, x, over);
      assertNotEmpty(name, x, over.axes);
      return shape;
    },
    dtype: ([x]) => x.dtype,
    kernel: ([x], { axes }, y) => reduce(x, axes, y, loop),
    jvp: ({ x: [x], y, params: { axes, keepDims } }, [xDot]) =>
      xDot === null ? null : sum(scale(xDot, shares(x, y, axes)), axes, { keepDims }),
    vjp: ({ x: [x], y, params: { axes } }, yBar) => [
      scale(keepAxes(yBar, x.shape, axes), shares(x, y, axes)),
    ],
    samples: (draw) => samplesOver((shape) => distinct(draw, shape)),
    rejects: () => [
      ...AXES_REFUSED,
      { x: [zerosLike([0, 3])], params: { axes: [0], keepDims: false }, error: ShapeError },
    ],
    conventions: () => [
      {
        x: [array([1, 1])],
        params: { axes: [0], keepDims: false },
        xBar: [array([0.5, 0.5])],
        because: "elements that tie share the derivative equally",
      },
    ],
    lowering: reduction(combine, initial),
    text: ([x], over) => `${name}(${x}${textAxes(over)})`,
    latex: ([x], over) => `\\${name}${latexAxes(over)} ${x}`,
  } satisfies Primitive<One, Over>);
}

/** 1 / (how many tie) where x is the extremum y, 0 elsewhere: constant in pieces. NaN beside a NaN. */
function shares(x: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const isExtreme = cast(equal(x, keepAxes(y, x.shape, axes)), x.dtype);
  return div(isExtreme, sum(isExtreme, axes, { keepDims: true }));
}

/** The op as a function. */
export function extremumOver(
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
