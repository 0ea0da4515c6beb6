import { bind } from "../graph/bind.ts";
import { type DType, isFloat } from "../graph/dtype.ts";
import { ArgumentError, DTypeError, describe, listed, ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { checkedShape, type Shape } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { zerosLike } from "./families/samples.ts";
import { layoutOf, windowAt } from "./families/window.ts";
import { copyStrided, rowMajor } from "./kernels/strided.ts";
import { sliceWindow } from "./slice.ts";

/** How many elements go before and after an axis. */
export type Width = readonly [before: number, after: number];

export interface Padding {
  /** One an axis. */
  readonly widths: readonly Width[];
  readonly value: number;
}

/** y = x with a constant all around; its adjoint cuts that off. */
export const Pad: Primitive<One, Padding> = Object.freeze({
  name: "pad",
  shape([x], { widths }) {
    if (widths.length !== x.shape.length)
      throw new ShapeError(
        "pad",
        `${x.shape.length} widths, one an axis of [${x.shape}]`,
        `${widths.length}`,
      );
    const shape = x.shape.map((n, k) => {
      const [before, after] = widths[k]!;
      if (!isCount(before) || !isCount(after)) {
        throw new ArgumentError(
          "pad",
          "widths that are integers >= 0",
          `${listed([before, after])} for axis ${k}`,
          "slice(x, ...) takes elements away",
        );
      }
      return before + n + after;
    });
    return checkedShape("pad", shape);
  },
  dtype: ([x], { value }) => assertHolds(x.dtype, value),
  kernel([x], { widths, value }, y) {
    if (value !== 0) y.data.fill(value);
    copyStrided(x.shape, x.data, rowMajor(x.shape), y.data, layoutOf(inside(widths, x.shape), y.shape));
  },
  jvp: ({ params: { widths } }, [xDot]) => (xDot === null ? null : pad(xDot, widths)),
  vjp: ({ x: [x], params: { widths } }, yBar) => [sliceWindow(yBar, inside(widths, x.shape))],
  samples: (draw) => [
    { x: [draw.normal([])], params: { widths: [], value: 1 } },
    { x: [draw.normal([3])], params: { widths: [[1, 2]], value: 0 } },
    {
      x: [draw.normal([2, 1, 3])],
      params: {
        widths: [
          [0, 1],
          [2, 0],
          [0, 0],
        ],
        value: -3,
      },
    },
    {
      x: [draw.normal([0, 2])],
      params: {
        widths: [
          [1, 1],
          [0, 1],
        ],
        value: 2,
      },
    },
  ],
  rejects: () => [
    { x: [zerosLike([2, 3])], params: { widths: [[1, 1]], value: 0 }, error: ShapeError },
    { x: [zerosLike([2])], params: { widths: [[-1, 0]], value: 0 }, error: ArgumentError },
    { x: [zerosLike([2])], params: { widths: [[0, 0.5]], value: 0 }, error: ArgumentError },
    { x: [zerosLike([2], "int32")], params: { widths: [[1, 0]], value: 0.5 }, error: DTypeError },
    { x: [zerosLike([2], "bool")], params: { widths: [[1, 0]], value: 2 }, error: DTypeError },
  ],
  conventions: () => [],
  lowering: { kind: "kernel" },
  text: ([x], { widths, value }) =>
    `pad(${x}, [${widths.map((width) => `[${width}]`)}]${value === 0 ? "" : `, ${value}`})`,
  latex: ([x], { widths }) =>
    `\\operatorname{pad}_{${widths.map(([before, after]) => `${before}|${after}`).join(",")}} ${x}`,
} satisfies Primitive<One, Padding>);

/** Where x lies in the result. */
function inside(widths: readonly Width[], shape: Shape): ReturnType<typeof windowAt> {
  return windowAt(
    widths.map(([before]) => before),
    shape,
  );
}

function isCount(width: unknown): boolean {
  return Number.isSafeInteger(width) && (width as number) >= 0;
}

/** @throws DTypeError where numbers of this kind do not include the value */
function assertHolds(dtype: DType, value: number): DType {
  if (typeof value !== "number") throw new ArgumentError("pad", "a number to pad with", describe(value));
  const isHeld = isFloat(dtype) || (dtype === "int32" ? (value | 0) === value : value === 0 || value === 1);
  if (!isHeld) throw new DTypeError("pad", `a value that ${dtype} holds`, `${value}`, "cast x first");
  return dtype;
}

/**
 * x with `value` put around it, in x's dtype.
 *
 *     pad(x, 1)                   // one on every side
 *     pad(x, [[0, 2], 1])         // none before and two after axis 0, one on both sides of axis 1
 *
 * @param widths a number for every side of every axis, or for each axis a number or [before, after]
 * @throws ShapeError unless there is a width for each axis
 * @throws ArgumentError where a width is negative or no integer
 * @throws DTypeError where x's dtype does not hold the value
 */
export function pad(x: TensorLike, widths: number | readonly (number | Width)[], value = 0): Tensor {
  const t = asTensor("pad", x);
  const each = typeof widths === "number" ? t.shape.map(() => widths) : widths;
  if (!Array.isArray(each)) throw new ArgumentError("pad", "a width, or one an axis", describe(widths));
  // Not each.map, which passes over holes.
  const pairs = Array.from(each, (width: number | Width, axis): Width => {
    if (typeof width === "number") return [width, width];
    if (Array.isArray(width) && width.length === 2) return [width[0], width[1]];
    throw new ArgumentError("pad", `a number or [before, after] for axis ${axis}`, describe(width));
  });
  return bind(Pad, [t], { widths: pairs, value });
}
