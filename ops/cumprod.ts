import { bind } from "../graph/bind.ts";
import { NONE } from "../graph/options.ts";
import type { Primitive } from "../graph/primitive.ts";
import { normalizeAxis } from "../graph/shape.ts";
import { asTensor, type Tensor, type TensorLike } from "../graph/tensor.ts";
import { add } from "./add.ts";
import type { One } from "./families/elementwise.ts";
import { array } from "./families/samples.ts";
import {
  latexScan,
  SCANS_REFUSED,
  SCANS_SAMPLED,
  type Scanning,
  scanAxis,
  scanOptions,
  textScan,
} from "./families/scanning.ts";
import { runningProduct, type Scan } from "./kernels/scan.ts";
import { recurrence } from "./recurrence.ts";
import { scale } from "./scale.ts";

/**
 * y_i = Π_{j≤i} x_j along an axis.
 *
 * With e_i = Π_{j<i} x_j, the product is the recurrence e_{i+1} = x_i e_i, so its tangent is one too:
 * ė_{i+1} = x_i ė_i + e_i ẋ_i. Nothing is divided, so zeros are ordinary.
 */
export const CumProd: Primitive<One, Scan> = Object.freeze({
  name: "cumprod",
  shape([x], { axis }) {
    normalizeAxis("cumprod", axis, x.shape.length);
    return x.shape;
  },
  dtype: ([x]) => (x.dtype === "bool" ? "int32" : x.dtype),
  kernel: ([x], scan, y) => runningProduct(x, scan, y),
  jvp({ x: [x], y, params: { axis, exclusive, reverse } }, [xDot]) {
    if (xDot === null) return null;
    const e = exclusive ? y : cumprod(x, axis, { exclusive: true, reverse });
    const step = scale(xDot, e);
    const eDot = recurrence(x, step, axis, { reverse });
    return exclusive ? eDot : add(scale(eDot, x), step);
  },
  vjp({ x: [x], y, params: { axis, exclusive, reverse } }, yBar) {
    const e = exclusive ? y : cumprod(x, axis, { exclusive: true, reverse });
    const eBar = exclusive ? yBar : scale(yBar, x);
    const later = recurrence(x, eBar, axis, { reverse: !reverse });
    return [scale(exclusive ? later : add(later, yBar), e)];
  },
  samples: (draw) => [
    ...SCANS_SAMPLED.map((params) => ({ x: [draw.uniform([2, 3, 2], 0.5, 2)] as const, params })),
    ...SCANS_SAMPLED.map(({ exclusive, reverse }) => ({
      x: [array([2, 0, 3, 0, 5])] as const,
      params: { axis: 0, exclusive, reverse },
    })),
    { x: [draw.normal([0, 3])], params: { axis: 0, exclusive: false, reverse: false } },
    { x: [draw.normal([1])], params: { axis: 0, exclusive: false, reverse: false } },
  ],
  rejects: () => SCANS_REFUSED,
  conventions: () => [],
  lowering: { kind: "kernel" },
  text: ([x], scan) => `cumprod(${x}${textScan(scan)})`,
  latex: ([x], scan) => `${latexScan("cumprod", scan)} ${x}`,
} satisfies Primitive<One, Scan>);

/**
 * The product of each element and all before it along an axis, which has to be named unless x is a vector. int32 and
 * bool multiply to int32; float32 is multiplied in float64. Derivatives are right whatever the number of zeros.
 *
 * @throws AxisError where the axis is not x's, or not named
 * @throws ArgumentError for other options, or for one that is neither true nor false
 */
export function cumprod(x: TensorLike, axis?: number, options: Scanning = NONE): Tensor {
  const t = asTensor("cumprod", x);
  return bind(CumProd, [t], { axis: scanAxis("cumprod", axis, t), ...scanOptions("cumprod", options) });
}
