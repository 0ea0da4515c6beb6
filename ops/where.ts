import { bind } from "../graph/bind.ts";
import { type DType, promote } from "../graph/dtype.ts";
import { DTypeError, ShapeError } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { broadcastShapes } from "../graph/shape.ts";
import { asOperands, asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { broadcastTo } from "./broadcastTo.ts";
import { zerosLike } from "./families/samples.ts";
import { mapKernel } from "./kernels/map.ts";
import { input, select } from "./kernels/scalar.ts";
import { sumTo } from "./sumTo.ts";

type Three = readonly [cond: Tensor, a: Tensor, b: Tensor];

const formula = select(input(0), input(1), input(2));

/** y = a where c holds, else b. Differentials are selected, not multiplied: what was not taken gives 0, never NaN. */
export const Where: Primitive<Three> = Object.freeze({
  name: "where",
  shape: ([c, a, b]) => broadcastShapes("where", c.shape, broadcastShapes("where", a.shape, b.shape)),
  dtype([c, a, b]): DType {
    if (c.dtype !== "bool") {
      throw new DTypeError("where", "a bool condition", c.dtype, "use a comparison, such as notEqual(c, 0)");
    }
    return promote("where", a.dtype, b.dtype);
  },
  kernel: mapKernel(formula),
  jvp({ x: [c], y }, [, aDot, bDot]) {
    if (aDot === null && bDot === null) return null;
    return broadcastTo(where(c, aDot ?? 0, bDot ?? 0), y.shape);
  },
  vjp: ({ x: [c, a, b] }, yBar, [, wantsA, wantsB]) => [
    null,
    wantsA ? sumTo(where(c, yBar, 0), a.shape) : null,
    wantsB ? sumTo(where(c, 0, yBar), b.shape) : null,
  ],
  samples: (draw) =>
    SHAPES.map(([c, a, b]) => ({
      x: [draw.bools(c), draw.uniform(a, -2, 2), draw.uniform(b, -2, 2)],
      params: undefined,
    })),
  rejects: () => [
    { x: [zerosLike([2], "bool"), zerosLike([3]), zerosLike([3])], params: undefined, error: ShapeError },
    { x: [zerosLike([2], "bool"), zerosLike([2]), zerosLike([3])], params: undefined, error: ShapeError },
    { x: [zerosLike([2]), zerosLike([2]), zerosLike([2])], params: undefined, error: DTypeError },
    { x: [zerosLike([2], "int32"), zerosLike([2]), zerosLike([2])], params: undefined, error: DTypeError },
    {
      x: [zerosLike([2], "bool"), zerosLike([2]), zerosLike([2], "float32")],
      params: undefined,
      error: DTypeError,
    },
  ],
  conventions: () => [],
  lowering: { kind: "map", formula },
  text: ([c, a, b]) => `where(${c}, ${a}, ${b})`,
  latex: ([c, a, b]) => `\\begin{cases} ${a} & \\text{if } ${c} \\\\ ${b} & \\text{otherwise} \\end{cases}`,
} satisfies Primitive<Three>);

const SHAPES = [
  [[], [], []],
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  [[2, 1], [3], []],
  [[3], [2, 1], [1, 3]],
  [[], [3], [2, 3]],
  [[4, 1, 1], [2, 1], [3]],
  [[0, 3], [3], [1]],
] as const;

/**
 * a where `cond` holds, else b, element by element; all three stretch to a common shape.
 *
 * A JavaScript number takes the dtype of the other branch. The branch that is not taken has the derivative 0, whatever
 * its value is there and however it was come by: `where(greater(x, 0), log(x), 0)` has a gradient everywhere.
 *
 * @throws ShapeError where the three do not broadcast
 * @throws DTypeError unless cond is bool; where one branch is float32 and the other float64
 */
export function where(cond: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  const c = asTensor("where", cond, "float64", "the condition");
  return bind(Where, [c, ...asOperands("where", a, b, "a", "b")], undefined);
}
