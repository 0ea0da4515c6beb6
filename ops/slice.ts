import { bind } from "../graph/bind.ts";
import { ArgumentError, describe, IndexError, ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import { zerosLike } from "./families/samples.ts";
import {
  assertWithin,
  layoutOf,
  resolveSpan,
  type Span,
  textWindow,
  type Window,
} from "./families/window.ts";
import { copyStrided, rowMajor } from "./kernels/strided.ts";
import { squeeze } from "./squeeze.ts";
import { unslice } from "./unslice.ts";

/** y = the elements of x in a window; its adjoint puts ȳ there, in zeros. */
export const Slice: Primitive<One, Window> = linear<Window>("slice", {
  shape(x, window) {
    assertWithin("slice", window, x.shape);
    return window.size;
  },
  kernel: (x, window, y) =>
    copyStrided(y.shape, x.data, layoutOf(window, x.shape), y.data, rowMajor(y.shape)),
  lowering: {
    kind: "move",
    from: (_, { start, step }) => start.map((first, axis) => ({ axis, start: first, step: step[axis]! })),
  },
  apply: sliceWindow,
  adjoint: (yBar, x, window) => unslice(yBar, x.shape, window),
  samples: (draw) => [
    { x: [draw.normal([])], params: { start: [], size: [], step: [] } },
    { x: [draw.normal([5])], params: { start: [4], size: [3], step: [-2] } },
    { x: [draw.normal([3, 4])], params: { start: [1, 0], size: [2, 2], step: [1, 3] } },
    { x: [draw.normal([2, 3, 4])], params: { start: [1, 2, 3], size: [1, 3, 2], step: [-1, -1, -2] } },
    { x: [draw.normal([2, 3])], params: { start: [0, 0], size: [2, 0], step: [1, 1] } },
    { x: [draw.normal([0, 3])], params: { start: [0, 1], size: [0, 2], step: [1, 1] } },
  ],
  rejects: () => [
    { x: [zerosLike([3])], params: { start: [1], size: [3], step: [1] }, error: IndexError },
    { x: [zerosLike([3])], params: { start: [1], size: [3], step: [-1] }, error: IndexError },
    { x: [zerosLike([3])], params: { start: [0], size: [1], step: [0] }, error: ArgumentError },
    { x: [zerosLike([3])], params: { start: [0], size: [-1], step: [1] }, error: ShapeError },
    { x: [zerosLike([3])], params: { start: [0, 0], size: [1, 1], step: [1, 1] }, error: ShapeError },
  ],
  text: (x, window) => `slice(${x}, [${textWindow(window)}])`,
  latex: (x, window) => `${x}\\left[${textWindow(window).replaceAll(":", "{:}")}\\right]`,
});

/** What is taken of one axis: all of it (null), one position, which drops the axis, or a span. */
export type AxisRange = number | null | Span;

/**
 * Part of x, a range for each axis as in NumPy's `x[...]`; axes for which none is given are taken whole.
 *
 *     slice(x, [[0, 3], null, [null, null, -1]])   // x[0:3, :, ::-1]
 *     slice(x, [2, [-2]])                          // x[2, -2:]
 *
 * A range is null (all of the axis), an index (which drops the axis), or [start, stop, step], where null or nothing
 * stands for as far as it goes. Negative positions count from the end. A span is clipped to the axis, an index is not.
 *
 * @throws ShapeError where there are more ranges than axes
 * @throws IndexError where an index is outside its axis
 * @throws ArgumentError where a range is none of these, or a step is 0
 */
export function slice(x: TensorLike, ranges: readonly AxisRange[]): Tensor {
  const t = asTensor("slice", x);
  if (!Array.isArray(ranges)) throw new ArgumentError("slice", "an array of ranges", describe(ranges));
  if (ranges.length > t.rank) {
    throw new ShapeError("slice", `at most ${t.rank} ranges for [${t.shape}]`, `${ranges.length}`);
  }
  const dropped: number[] = [];
  const resolved = t.shape.map((n, axis): readonly [number, number, number] => {
    const range: AxisRange = ranges[axis] ?? null;
    if (typeof range !== "number") return resolveSpan("slice", range ?? [], axis, n);
    dropped.push(axis);
    return [positionOf(range, axis, n), 1, 1];
  });
  const window = {
    start: resolved.map(([start]) => start),
    size: resolved.map(([, size]) => size),
    step: resolved.map(([, , step]) => step),
  };
  const part = sliceWindow(t, window);
  return dropped.length === 0 ? part : squeeze(part, dropped);
}

function positionOf(index: number, axis: number, n: number): number {
  if (!Number.isInteger(index)) {
    throw new ArgumentError(
      "slice",
      `null, an index or [start, stop, step] for axis ${axis}`,
      describe(index),
    );
  }
  if (index < -n || index >= n) {
    throw new IndexError(
      "slice",
      n === 0 ? `no index, as axis ${axis} is empty` : `an index from ${-n} to ${n - 1} for axis ${axis}`,
      `${index}`,
    );
  }
  return index < 0 ? index + n : index;
}

/** The elements in a window; x itself where that is all of it. */
export function sliceWindow(x: Tensor, window: Window): Tensor {
  const isWhole = x.shape.every((n, k) => window.size[k] === n && window.step[k] === 1);
  return isWhole && window.size.length === x.rank ? x : bind(Slice, [x], window);
}
