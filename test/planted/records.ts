/** Errors in kernels and in what records declare. */
import { ArgumentError } from "../../graph/errors.ts";
import type { NdArray } from "../../graph/tensor.ts";
import { filled, fromData } from "../../graph/tensor.ts";
import { reduction } from "../../ops/families/reducing.ts";
import {
  Add,
  div,
  FusedLayerNorm,
  Mean,
  Mul,
  mul,
  Reshape,
  Scale,
  Sqrt,
  Square,
  Sub,
  Sum,
  scale,
} from "../../ops/index.ts";
import { MUL } from "../../ops/kernels/scalar.ts";
import { type Plant, plant } from "./plant.ts";

/** How often a kernel that remembers has been called. */
let calls = 0;

const ALMOST = 1 + 1e-8;

export const RECORD_PLANTS: readonly Plant[] = [
  plant(
    "all of it 1 + 1e-8 too large",
    FusedLayerNorm,
    {
      kernel(x, params, y) {
        FusedLayerNorm.kernel(x, params, y);
        for (let i = 0; i < y.data.length; i++) y.data[i] = y.data[i]! * ALMOST;
      },
      jvp(at, xDot) {
        const yDot = FusedLayerNorm.jvp(at, xDot);
        return yDot === null ? null : mul(yDot, ALMOST);
      },
      vjp: (at, yBar, wanted) => FusedLayerNorm.vjp(at, mul(yBar, ALMOST), wanted),
    },
    ["reference"],
  ),
  plant(
    "float32 values cut to 20 bits",
    FusedLayerNorm,
    {
      kernel(x, params, y) {
        FusedLayerNorm.kernel(x, params, y);
        if (y.dtype !== "float32") return;
        for (let i = 0; i < y.data.length; i++) y.data[i] = y.data[i]! * (1 + 2 ** -20);
      },
    },
    ["reference in float32"],
  ),
  plant("always float64", Add, { dtype: () => "float64" }, ["float32", "refusals"]),
  plant("float32 for float64", Sum, { dtype: () => "float64" }, ["float32"]),

  plant(
    "the kernel counts its calls",
    Mean,
    {
      kernel(x, params, y) {
        Mean.kernel(x, params, y);
        y.data[0] = y.data[0]! * (1 + (calls++ % 2) * Number.EPSILON);
      },
    },
    ["purity"],
  ),
  plant(
    "the kernel leaves a mark on its input",
    Mean,
    {
      kernel(x, params, y) {
        Mean.kernel(x, params, y);
        const data = memoryOf(x[0]);
        data[0] = data[0]! * (1 + 2 * Number.EPSILON);
      },
    },
    ["purity"],
  ),
  plant(
    "the cotangent is the incoming one's memory",
    Reshape,
    {
      vjp: (at, yBar) =>
        yBar.place === null && yBar.dtype === "float64"
          ? [fromData(at.x[0].shape, yBar.dtype, memoryOf(yBar))]
          : Reshape.vjp(at, yBar, [true]),
    },
    ["purity"],
  ),

  plant(
    "sampled on integers only",
    Square,
    { samples: (draw) => [{ x: [draw.integers([2, 3], 5)], params: undefined }] },
    ["coverage"],
  ),
  plant("the shape depends on the numbers", Square, { shape: ([x]) => ("data" in x ? x.shape : []) }, [
    "spec",
  ]),
  plant("anything goes", Reshape, { shape: (_, { shape }) => shape }, ["refusals"]),
  plant(
    "refuses by another class of error",
    Sum,
    {
      shape(x, over) {
        try {
          return Sum.shape(x, over);
        } catch {
          throw new ArgumentError("sum", "axes of x", `[${over.axes}]`);
        }
      },
    },
    ["refusals"],
  ),
  plant(
    "0 times infinity at the kink",
    Sqrt,
    {
      vjp: ({ x: [x], y }, yBar) => [scale(yBar, mul(y, div(0.5, x)))],
    },
    ["conventions"],
  ),
  plant(
    "an undeclared convention",
    Sqrt,
    {
      conventions: () =>
        Sqrt.conventions().map((c) => ({ ...c, xBar: [filled([1], "float64", 0)] as const })),
    },
    ["conventions"],
  ),

  plant("no text", Add, { text: () => "" }, ["notation"]),
  plant("LaTeX of one input", Add, { latex: ([a]) => `${a} + ${a}` }, ["notation"]),
  plant("no name", Add, { name: "" }, ["record"]),
  { what: "square: not frozen", op: { ...Square }, objecting: ["record"] },

  plant("lowered to another op's formula", Sub, { lowering: Add.lowering }, ["lowering", "layouts"]),
  plant("lowered to a product", Sum, { lowering: reduction(MUL, 1) }, ["lowering"]),
  plant("lowered to a view", Sum, { lowering: { kind: "view" } }, ["spec", "jvp", "lowering"]),
  plant(
    "five axes are too many",
    Mul,
    {
      kernel(x, params, y) {
        Mul.kernel(x, params, y);
        if (y.shape.length > 4) y.data.fill(0);
      },
    },
    ["layouts"],
  ),
  plant(
    "NaN where zero meets infinity",
    Scale,
    {
      kernel([t, d], params, y) {
        Mul.kernel([t, d], params, y);
      },
    },
    ["layouts"],
  ),
];

function memoryOf({ data }: NdArray): Float64Array {
  if (!ArrayBuffer.isView(data)) throw new TypeError("not a typed array");
  return new Float64Array(data.buffer, data.byteOffset, data.byteLength / 8);
}
