import { bind } from "../graph/bind.ts";
import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import { normalizeAxis } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import type { One } from "./families/elementwise.ts";
import { linear } from "./families/linear.ts";
import {
  latexScan,
  SCANS_REFUSED,
  SCANS_SAMPLED,
  type Scanning,
  scanAxis,
  scanOptions,
  textScan,
} from "./families/scanning.ts";
import { runningSum, type Scan } from "./kernels/scan.ts";

/** y_i = Σ_{j≤i} x_j along an axis; its adjoint is the same from the other end. */
export const CumSum: Primitive<One, Scan> = linear<Scan>("cumsum", {
  shape(x, { axis }) {
    normalizeAxis("cumsum", axis, x.shape.length);
    return x.shape;
  },
  dtype: (x) => (x.dtype === "bool" ? "int32" : x.dtype),
  kernel: runningSum,
  apply: (x, { axis, ...how }) => cumsum(x, axis, how),
  adjoint: (yBar, _, { axis, exclusive, reverse }) => cumsum(yBar, axis, { exclusive, reverse: !reverse }),
  samples: (draw) => [
    ...SCANS_SAMPLED.map((params) => ({ x: [draw.normal([2, 3, 2])] as const, params })),
    { x: [draw.normal([0, 3])], params: { axis: 0, exclusive: false, reverse: false } },
    { x: [draw.normal([1])], params: { axis: 0, exclusive: true, reverse: false } },
  ],
  rejects: () => SCANS_REFUSED,
  text: (x, scan) => `cumsum(${x}${textScan(scan)})`,
  latex: (x, scan) => `${latexScan("cumsum", scan)} ${x}`,
});

/**
 * The sum of each element and all before it along an axis, which has to be named unless x is a vector. int32 and
 * bool sum to int32; float32 is summed in float64.
 *
 * @throws AxisError where the axis is not x's, or not named
 * @throws ArgumentError for other options, or for one that is neither true nor false
 */
export function cumsum(x: TensorLike, axis?: number, options: Scanning = NONE): Tensor {
  const t = asTensor("cumsum", x);
  return bind(CumSum, [t], { axis: scanAxis("cumsum", axis, t), ...scanOptions("cumsum", options) });
}
