import { bind } from "../../graph/bind.ts";
import { assertPrimitive } from "../../graph/bindChecked.ts";
import { type DType, isFloat, promote, promoteArithmetic, promoteReal } from "../../graph/dtype.ts";
import { ArgumentError, DTypeError, describe, ShapeError } from "../../graph/errors.ts";
import { checkedFormula, type Scalar } from "../../graph/lowering.ts";
import { checkedRule } from "../../graph/options.ts";
import type { Draw, Point, Primitive, Sample } from "../../graph/primitive.ts";
import { broadcastShapes, type Shape } from "../../graph/shape.ts";
import { asOperands, type Tensor, type TensorLike } from "../../graph/tensor.ts";
import { mapKernel } from "../kernels/map.ts";
import { input } from "../kernels/scalar.ts";

// Ops come last. They are made by calling this module while they are loaded, even if this one is still loading what
// it imports; what that call uses has to be there by then.

import { add } from "../add.ts";
import { broadcastTo } from "../broadcastTo.ts";
import { neg } from "../neg.ts";
import { sumTo } from "../sumTo.ts";
import { asReal } from "./asReal.ts";
import type { Interval } from "./elementwise.ts";
import { array, zerosLike } from "./samples.ts";

export type Two = readonly [Tensor, Tensor];

/**
 * The local derivative with respect to one input, as a map of differentials. J is diagonal up to broadcasting, so
 * the same map takes a tangent forwards and a cotangent back.
 *
 * 1 and -1 say that t passes as it is, or negated. A product of two factors, one of which depends on that input
 * alone, may be given as such: an input that was stretched is often small, and what can be done at its size, before
 * it is stretched or after the cotangent is summed, costs next to nothing.
 */
export type Partial = 1 | -1 | Differential | { readonly own: Differential; readonly joint: Differential };

/** A linear map of a differential, at a point. */
export type Differential = (t: Tensor, at: Point<Two, void>) => Tensor;

export interface BroadcastingRule {
  readonly formula: (a: Scalar, b: Scalar) => Scalar;
  /** One an input; null where y is constant in pieces. */
  readonly partials: readonly [a: Partial, b: Partial] | null;
  /**
   * "arithmetic" (the default): int32 stays int32. "real": integers become float64. "choice", of one of the two: bool
   * stays bool too. "bool": yes or no.
   */
  readonly dtype?: "arithmetic" | "real" | "choice" | "bool";
  /** Where samples are drawn: an interval for both, or one for each, away from kinks. */
  readonly domain?: Interval | readonly [a: Interval, b: Interval];
  /** Other places at which the laws are to be tried: the far side of a kink, other dtypes. */
  readonly samples?: (draw: Draw) => readonly Sample<Two, void>[];
  readonly kinks?: readonly Kink[];
  readonly latex: (a: string, b: string) => string;
}

/** Numbers where a derivative does not exist, and what is returned for each input. */
export interface Kink {
  readonly x: readonly [a: number, b: number];
  readonly derivatives: readonly [a: number, b: number];
  readonly because: string;
}

const PROMOTE = {
  arithmetic: promoteArithmetic,
  real: promoteReal,
  choice: promote,
  bool: promote,
} as const;

/**
 * y = f(a, b) elementwise; both inputs stretch to a common shape, and cotangents are summed back.
 *
 * @throws ArgumentError where a part of the rule is missing, or its formula is none
 */
export function broadcasting(name: string, rule: BroadcastingRule): Primitive<Two> {
  checkedRule("broadcasting", name, rule, ["formula", "latex"]);
  const { partials } = rule;
  if (partials !== null && !(Array.isArray(partials) && partials.length === 2 && partials.every(isPartial))) {
    const expected = `${name} to have two partials, each a function, 1 or -1, or null`;
    throw new ArgumentError("broadcasting", expected, describe(partials));
  }
  const kind = rule.dtype ?? "arithmetic";
  const domain = rule.domain ?? [-2, 2];
  const [ofA, ofB] = isOne(domain) ? [domain, domain] : domain;
  const formula = checkedFormula("broadcasting", name, rule.formula(input(0), input(1)));
  return Object.freeze({
    name,
    shape: (x) => broadcastShapes(name, x[0].shape, x[1].shape),
    dtype(x): DType {
      const dtype = PROMOTE[kind](name, x[0].dtype, x[1].dtype);
      return kind === "bool" ? "bool" : dtype;
    },
    kernel: mapKernel(formula),
    jvp(point, [aDot, bDot]) {
      if (partials === null) return null;
      const at = amongFloats(point);
      const fromA = aDot === null ? null : apply(partials[0], aDot, at);
      const fromB = bDot === null ? null : apply(partials[1], bDot, at);
      const yDot = fromA === null ? fromB : fromB === null ? fromA : add(fromA, fromB);
      return yDot === null ? null : broadcastTo(yDot, at.y.shape);
    },
    vjp(point, yBar, wanted) {
      if (partials === null) return [null, null];
      const at = amongFloats(point);
      return [
        wanted[0] ? applyBack(partials[0], yBar, at, at.x[0].shape) : null,
        wanted[1] ? applyBack(partials[1], yBar, at, at.x[1].shape) : null,
      ];
    },
    samples: (draw) => [
      ...SHAPE_PAIRS.map(([a, b]): Sample<Two, void> => {
        return { x: [draw.uniform(a, ...ofA), draw.uniform(b, ...ofB)], params: undefined };
      }),
      ...(rule.samples?.(draw) ?? []),
    ],
    rejects: () => [
      { x: [zerosLike([2, 3]), zerosLike([4])], params: undefined, error: ShapeError },
      { x: [zerosLike([2], "float32"), zerosLike([2], "float64")], params: undefined, error: DTypeError },
    ],
    conventions: () =>
      (rule.kinks ?? []).map(({ x: [a, b], derivatives: [da, db], because }) => ({
        x: [array([a]), array([b])],
        params: undefined,
        xBar: [array([da]), array([db])],
        because,
      })),
    lowering: { kind: "map", formula },
    text: ([a, b]) => `${name}(${a}, ${b})`,
    latex: ([a, b]) => rule.latex(a, b),
  } satisfies Primitive<Two>);
}

/** The point as partials see it: an operand of integers has become what it was when it met the other. */
function amongFloats(at: Point<Two, void>): Point<Two, void> {
  const a = at.x[0];
  const b = at.x[1];
  if (isFloat(a.dtype) && isFloat(b.dtype)) return at;
  return { ...at, x: [asReal(a, at.y.dtype), asReal(b, at.y.dtype)] };
}

function isPartial(partial: unknown): partial is Partial {
  if (typeof partial !== "object" || partial === null) {
    return typeof partial === "function" || partial === 1 || partial === -1;
  }
  const { own, joint } = partial as Readonly<Record<string, unknown>>;
  return typeof own === "function" && typeof joint === "function";
}

function isOne(domain: Interval | readonly [a: Interval, b: Interval]): domain is Interval {
  return typeof domain[0] === "number";
}

function apply(partial: Partial, t: Tensor, at: Point<Two, void>): Tensor {
  if (partial === 1) return t;
  if (partial === -1) return neg(t);
  return typeof partial === "function" ? partial(t, at) : partial.joint(partial.own(t, at), at);
}

/** Backwards, the stretched axes are summed away: before what can be done to the sum. */
function applyBack(partial: Partial, yBar: Tensor, at: Point<Two, void>, shape: Shape): Tensor {
  if (partial === 1) return sumTo(yBar, shape);
  if (partial === -1) return neg(sumTo(yBar, shape));
  return typeof partial === "function"
    ? sumTo(partial(yBar, at), shape)
    : partial.own(sumTo(partial.joint(yBar, at), shape), at);
}

const SHAPE_PAIRS: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[], [3]],
  [
    [2, 1, 3, 1],
    [4, 1, 2],
  ],
  [[0, 3], [3]],
];

/**
 * The op as a function of anything that can be a tensor; a number adopts the dtype of the other operand.
 *
 * @throws ArgumentError for what is no primitive, or no tensor
 */
export function binary(op: Primitive<Two>, a: TensorLike, b: TensorLike): Tensor {
  assertPrimitive("binary", op);
  return bind(op, asOperands(op.name, a, b), undefined);
}
