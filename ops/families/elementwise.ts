import { bind } from "../../graph/bind.ts";
import { assertPrimitive } from "../../graph/bindChecked.ts";
import type { DType } from "../../graph/dtype.ts";
import { isFloat } from "../../graph/dtype.ts";
import { ArgumentError, describe } from "../../graph/errors.ts";
import { checkedFormula, type Scalar } from "../../graph/lowering.ts";
import { checkedRule } from "../../graph/options.ts";
import type { Draw, Primitive, Reject, Sample } from "../../graph/primitive.ts";
import { asTensor, type Spec, type Tensor, type TensorLike } from "../../graph/tensor.ts";
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
  readonly dtype?: Kind | ((params: P) => Kind);
  /** What else has to hold of the input and the parameters; throws where it does not. */
  readonly check?: (x: Spec, params: P) => void;
  /** Where samples are drawn: an interval, away from kinks. */
  readonly domain?: Interval;
  /** Other places at which the laws are to be tried: the far side of a kink, other parameters, other dtypes. */
  readonly samples?: (draw: Draw) => readonly Sample<One, P>[];
  readonly kinks?: readonly Kink[];
  readonly text?: (x: string, params: P) => string;
  readonly latex?: (x: string, params: P) => string;
}

export type Kind = "real" | "same" | "bool";

export type Interval = readonly [low: number, high: number];

/** A number where the derivative does not exist, and what is returned for it. */
export interface Kink {
  readonly x: number;
  readonly derivative: number;
  readonly because: string;
}

/**
 * y = f(x), one number at a time: J is diagonal, so it is its own transpose.
 *
 * @throws ArgumentError where a part of the rule is missing, or its formula is none
 */
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
  checkedRule("elementwise", name, rule, ["formula"]);
  const { derivative } = rule;
  if (derivative !== null && typeof derivative !== "function") {
    const received = describe(derivative);
    throw new ArgumentError("elementwise", `${name} to have a function derivative, or null`, received);
  }
  const [low, high] = rule.domain ?? [-2, 2];
  const params = rule.params as P;
  const formula = checkedFormula("elementwise", name, rule.formula(input(0)));
  return Object.freeze({
    name,
    shape(x, p) {
      rule.check?.(x[0], p);
      return x[0].shape;
    },
    dtype: (x, p) => outputDType(x[0].dtype, kindOf(rule, p)),
    kernel: mapKernel(formula),
    jvp: ({ x: [x], y, params: p }, [xDot]) =>
      derivative === null || xDot === null ? null : scale(xDot, derivative({ x, y, params: p })),
    vjp: ({ x: [x], y, params: p }, yBar) => [
      derivative === null ? null : scale(yBar, derivative({ x, y, params: p })),
    ],
    samples: (draw) => [
      ...[[], [3], [2, 3], [0]].map((shape): Sample<One, P> => {
        return { x: [draw.uniform(shape, low, high)], params };
      }),
      ...(rule.samples?.(draw) ?? []),
    ],
    rejects: rule.rejects ?? (() => []),
    conventions: () =>
      (rule.kinks ?? []).map((kink) => ({
        x: [array([kink.x])],
        params,
        xBar: [array([kink.derivative])],
        because: kink.because,
      })),
    lowering: { kind: "map", formula },
    text: ([x], p) => rule.text?.(x, p) ?? `${name}(${x})`,
    latex: ([x], p) => rule.latex?.(x, p) ?? `\\operatorname{${name}}\\left(${x}\\right)`,
  } satisfies Primitive<One, P>);
}

function kindOf<P>({ dtype = "real" }: ElementwiseRule<P>, params: P): Kind {
  return typeof dtype === "function" ? dtype(params) : dtype;
}

function outputDType(dtype: DType, kind: Kind): DType {
  if (kind === "bool") return "bool";
  if (isFloat(dtype)) return dtype;
  // Arithmetic that stays among the integers makes int32 of bool.
  return kind === "same" ? "int32" : "float64";
}

/**
 * The op as a function of anything that can be a tensor.
 *
 * @throws ArgumentError for what is no primitive, or no tensor
 */
export function unary(op: Primitive<One>, x: TensorLike): Tensor {
  assertPrimitive("unary", op);
  return bind(op, [asTensor(op.name, x)], undefined);
}
