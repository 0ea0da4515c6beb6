import { bind } from "../../graph/bind.ts";
import type { DType } from "../../graph/dtype.ts";
import { isFloat } from "../../graph/dtype.ts";
import type { Scalar } from "../../graph/lowering.ts";
import type { Primitive, Reject } from "../../graph/primitive.ts";
import { asTensor, type Tensor, type TensorLike } from "../../graph/tensor.ts";
import { mapKernel } from "../kernels/map.ts";
import { input } from "../kernels/scalar.ts";
import { scale } from "../scale.ts";
import { array } from "./samples.ts";

export type One = readonly [Tensor];

export interface ElementwiseRule<P> {
  /** y as a formula of x's element. */
  readonly formula: (x: Scalar) => Scalar;
  /** dy/dx, from whichever of x and y makes it shortest; null where y is constant in pieces. */
  readonly derivative:
    | ((at: { readonly x: Tensor; readonly y: Tensor; readonly params: P }) => TensorLike)
    | null;
  /** "real" (the default): integers become float64. "same": they stay. "bool": the answer is yes or no. */
  readonly dtype?: "real" | "same" | "bool";
  /** Where samples are drawn: an interval, away from kinks. */
  readonly domain?: readonly [low: number, high: number];
  readonly kinks?: readonly Kink[];
  readonly latex?: (x: string, params: P) => string;
}

/** A number where the derivative does not exist, and what is returned for it. */
export interface Kink {
  readonly x: number;
  readonly derivative: number;
  readonly because: string;
}

/** y = f(x), one number at a time: J is diagonal, so it is its own transpose. */
export function elementwise(name: string, rule: ElementwiseRule<void>): Primitive<One>;
export function elementwise<P extends object>(
  name: string,
  rule: ElementwiseRule<P> & {
    /** The parameters at which the op is sampled. */
    readonly params: P;
    readonly rejects: () => readonly Reject<One, P>[];
  },
): Primitive<One, P>;
export function elementwise<P>(
  name: string,
  rule: ElementwiseRule<P> & { readonly params?: P; readonly rejects?: () => readonly Reject<One, P>[] },
): Primitive<One, P> {
  const { derivative } = rule;
  const [low, high] = rule.domain ?? [-2, 2];
  const params = rule.params as P;
  const formula = rule.formula(input(0));
  const local = derivative === null ? null : derivative;
  return Object.freeze({
    name,
    shape: ([x]) => x.shape,
    dtype: ([x]) => outputDType(x.dtype, rule.dtype ?? "real"),
    kernel: mapKernel(formula),
    jvp: ({ x: [x], y, params: p }, [xDot]) =>
      local === null || xDot === null ? null : scale(xDot, local({ x, y, params: p })),
    vjp: ({ x: [x], y, params: p }, yBar) => [
      local === null ? null : scale(yBar, local({ x, y, params: p })),
    ],
    samples: (draw) =>
      [[], [3], [2, 3], [0]].map((shape) => ({ x: [draw.uniform(shape, low, high)], params })),
    rejects: rule.rejects ?? (() => []),
    conventions: () =>
      (rule.kinks ?? []).map((kink) => ({
        x: [array([kink.x])],
        params,
        xBar: [array([kink.derivative])],
        because: kink.because,
      })),
    lowering: { kind: "map", formula },
    text: ([x]) => `${name}(${x})`,
    latex: ([x], p) => rule.latex?.(x, p) ?? `\\operatorname{${name}}\\left(${x}\\right)`,
  } satisfies Primitive<One, P>);
}

function outputDType(dtype: DType, kind: "real" | "same" | "bool"): DType {
  if (kind === "bool") return "bool";
  if (isFloat(dtype)) return dtype;
  // Arithmetic that stays among the integers makes int32 of bool.
  return kind === "same" ? "int32" : "float64";
}

/** The op as a function of anything that can be a tensor. */
export function unary(op: Primitive<One>, x: TensorLike): Tensor {
  return bind(op, [asTensor(op.name, x)], undefined);
}
