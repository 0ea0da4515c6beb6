import { bind } from "../graph/bind.ts";
import { promoteArithmetic } from "../graph/dtype.ts";
import { AxisError, DTypeError, ShapeError } from "../graph/errors.ts";
import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import { normalizeAxis, sameShape } from "../graph/shape.ts";
import { asOperands, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import type { Two } from "./families/broadcasting.ts";
import { array, zerosLike } from "./families/samples.ts";
import { latexScan, type Scanning, scanAxis, scanOptions, textScan } from "./families/scanning.ts";
import { recurrenceLoop, type Scan } from "./kernels/scan.ts";
import { scale } from "./scale.ts";

type Along = Pick<Scan, "axis" | "reverse">;

/**
 * y_0 = 0, y_{i+1} = a_i y_i + b_i along an axis: y_i is what has been gathered before step i.
 *
 * It is its own derivative: ẏ_{i+1} = a_i ẏ_i + (ȧ_i y_i + ḃ_i), and with κ the recurrence of a and ȳ from the
 * other end, b̄ = κ and ā = κ y.
 */
export const Recurrence: Primitive<Two, Along> = Object.freeze({
  name: "recurrence",
  shape([a, b], { axis }) {
    if (!sameShape(a.shape, b.shape)) {
      throw new ShapeError(
        "recurrence",
        "a and b of one shape",
        `[${a.shape}] and [${b.shape}]`,
        "broadcastTo one of them",
      );
    }
    normalizeAxis("recurrence", axis, a.shape.length);
    return a.shape;
  },
  dtype: ([a, b]) => promoteArithmetic("recurrence", a.dtype, b.dtype),
  kernel: ([a, b], along, y) => recurrenceLoop(a, b, along, y),
  jvp({ x: [a], y, params: { axis, reverse } }, [aDot, bDot]) {
    const fromA = aDot === null ? null : scale(aDot, y);
    const step = fromA === null ? bDot : bDot === null ? fromA : add(fromA, bDot);
    return step === null ? null : recurrence(a, step, axis, { reverse });
  },
  vjp({ x: [a], y, params: { axis, reverse } }, yBar, wanted) {
    const kappa = recurrence(a, yBar, axis, { reverse: !reverse });
    return [wanted[0] ? scale(kappa, y) : null, wanted[1] ? kappa : null];
  },
  samples: (draw) => [
    ...[0, 1, 2].map((axis) => ({
      x: [draw.normal([2, 3, 2]), draw.normal([2, 3, 2])] as const,
      params: { axis, reverse: axis === 1 },
    })),
    { x: [array([2, 0, 3, 0, 5]), array([1, -2, 0, 3, 1])], params: { axis: 0, reverse: false } },
    { x: [draw.normal([1]), draw.normal([1])], params: { axis: 0, reverse: false } },
    { x: [draw.normal([0, 3]), draw.normal([0, 3])], params: { axis: 1, reverse: true } },
  ],
  rejects: () => [
    { x: [zerosLike([2, 3]), zerosLike([3])], params: { axis: 0, reverse: false }, error: ShapeError },
    { x: [zerosLike([2, 3]), zerosLike([2, 3])], params: { axis: 2, reverse: false }, error: AxisError },
    {
      x: [zerosLike([2], "float32"), zerosLike([2])],
      params: { axis: 0, reverse: false },
      error: DTypeError,
    },
  ],
  conventions: () => [],
  lowering: { kind: "kernel" },
  text: ([a, b], along) => `recurrence(${a}, ${b}${textScan({ ...along, exclusive: false })})`,
  latex: ([a, b], along) =>
    `${latexScan("recurrence", { ...along, exclusive: false })}\\left(${a}, ${b}\\right)`,
} satisfies Primitive<Two, Along>);

/**
 * y_0 = 0, y_{i+1} = a_i y_i + b_i along an axis, which has to be named unless a is a vector: a linear recurrence, of
 * which y_i is what came before step i (after it is a_i y_i + b_i).
 *
 * @throws ShapeError unless a and b have one shape
 * @throws AxisError where the axis is not theirs, or not named
 * @throws DTypeError where one is float32 and the other float64
 * @throws ArgumentError for other options, or a reverse that is neither true nor false
 */
export function recurrence(
  a: TensorLike,
  b: TensorLike,
  axis?: number,
  options: Pick<Scanning, "reverse"> = NONE,
): Tensor {
  const x = asOperands("recurrence", a, b);
  const { reverse } = scanOptions("recurrence", options, ["reverse"]);
  return bind(Recurrence, x, { axis: scanAxis("recurrence", axis, x[0]), reverse });
}
