import { type DType, isFloat } from "../../../graph/dtype.ts";
import {
  DTypeError,
  type Inputs,
  type MaybeZero,
  type NdArray,
  type Primitive,
  type Scalar,
  type Shape,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorLike,
  type Words,
} from "../../../graph/index.ts";
import type { Convention, Draw, Reject, Sample } from "../../../graph/primitive.ts";
import { zerosLike } from "../../../ops/families/samples.ts";
import { add, broadcastTo, cast, formula, scale, sumTo } from "../../../ops/index.ts";
import { mapKernel } from "../../../ops/kernels/map.ts";

export interface FormulaRule<I extends Inputs, P extends object> {
  /**
   * How many inputs, the first ones, are as large as the parameter. Those after them are coefficients: one number
   * each, of rank 0.
   */
  readonly arrays: number;
  readonly formula: (x: { readonly [K in keyof I]: Scalar }) => Scalar;
  /** dy/dx for each input; everything is float64 there. */
  readonly partials: { readonly [K in keyof I]: (x: I, params: P) => TensorLike };
  /** Where samples are drawn. */
  readonly domains: { readonly [K in keyof I]: readonly [low: number, high: number] };
  readonly params: P;
  /** Other places at which the laws are to be tried. */
  readonly samples?: (draw: Draw) => readonly Sample<I, P>[];
  readonly conventions?: readonly Convention<I, P>[];
  readonly text: (x: Words<I>, params: P) => string;
  readonly latex: (x: Words<I>, params: P) => string;
}

/**
 * What update rules are made of: y = f(parameter, gradient, ...; coefficients) elementwise, one loop for each result
 * however long the formula is.
 *
 * What an optimiser keeps for life (a decay, eps) is a parameter of the op. What changes from step to step (the
 * learning rate, bias corrections) is an input of rank 0: on a tape it may be a leaf, so that a compiled step takes
 * next time's rate without being traced again, and a rate has a gradient. Neither is part of the generated loop's
 * text, so no loop is made twice.
 *
 * The result has the dtype of the arrays. Coefficients may be float64 beside float32 arrays: each element is computed
 * in float64 and rounded once, and a rate of 0.001 need not become a float32 first. Derivatives are computed in
 * float64 too.
 */
export function update<I extends Inputs, P extends object>(
  name: string,
  rule: FormulaRule<I, P>,
): Primitive<I, P> {
  const arity = rule.domains.length;
  const inputs = Array.from({ length: arity }, (_, k) => formula.input(k));
  const made = rule.formula(inputs as readonly Scalar[] as { readonly [K in keyof I]: Scalar });
  const partials = rule.partials as readonly ((x: I, params: P) => TensorLike)[];
  const domains = rule.domains as readonly (readonly [number, number])[];
  const tuple = (x: readonly NdArray[]): Sample<I, P> =>
    ({ x, params: rule.params }) as Sample<Inputs, P> as Sample<I, P>;
  const drawn = (draw: Draw, shape: Shape): NdArray[] =>
    domains.map(([low, high], k) => draw.uniform(k < rule.arrays ? shape : [], low, high));
  const refused = (shapes: (k: number) => Shape, dtypes: (k: number) => DType): NdArray[] =>
    domains.map((_, k) => zerosLike(shapes(k), dtypes(k)));
  const own = (k: number): Shape => (k < rule.arrays ? [2] : []);

  return Object.freeze({
    name,
    shape(x) {
      const [first] = x;
      for (let k = 1; k < arity; k++) {
        const expected = k < rule.arrays ? first!.shape : [];
        if (sameShape(x[k]!.shape, expected)) continue;
        throw new ShapeError(name, `shape [${expected}] for input ${k}`, `[${x[k]!.shape}]`);
      }
      return first!.shape;
    },
    dtype(x) {
      const [first] = x;
      for (let k = 0; k < arity; k++) {
        const { dtype } = x[k]!;
        if (isFloat(dtype) && (k >= rule.arrays || dtype === first!.dtype)) continue;
        const expected = k === 0 || k >= rule.arrays ? "a float" : first!.dtype;
        throw new DTypeError(name, `${expected} for input ${k}`, dtype);
      }
      return first!.dtype;
    },
    kernel: mapKernel(made),
    jvp({ x, y, params }, xDot) {
      const at = wide(x);
      let yDot: MaybeZero = null;
      for (let k = 0; k < arity; k++) {
        const dot = xDot[k]!;
        if (dot === null) continue;
        const along = scale(cast(dot, "float64"), partials[k]!(at, params));
        yDot = yDot === null ? along : add(yDot, along);
      }
      return yDot === null ? null : cast(broadcastTo(yDot, y.shape), y.dtype);
    },
    vjp({ x, params }, yBar, wanted) {
      const at = wide(x);
      const bar = cast(yBar, "float64");
      const xBar = x.map((t, k) =>
        wanted[k] ? cast(sumTo(scale(bar, partials[k]!(at, params)), t.shape), t.dtype) : null,
      );
      return xBar as readonly MaybeZero[] as { readonly [K in keyof I]: MaybeZero };
    },
    samples: (draw) => [
      ...[[], [3], [2, 3], [1], [0]].map((shape) => tuple(drawn(draw, shape))),
      tuple(drawn(draw, [5]).map((t, k) => (k < rule.arrays ? narrow(t) : t))),
      ...(rule.samples?.(draw) ?? []),
    ],
    rejects: () => {
      const rejects: Reject<I, P>[] = [
        { ...tuple(refused(own, () => "int32")), error: DTypeError },
        {
          ...tuple(
            refused(
              (k) => (k === arity - 1 ? [3] : own(k)),
              () => "float64",
            ),
          ),
          error: ShapeError,
        },
      ];
      if (rule.arrays > 1) {
        rejects.push({
          ...tuple(refused(own, (k) => (k === 1 ? "float32" : "float64"))),
          error: DTypeError,
        });
      }
      return rejects;
    },
    conventions: () => rule.conventions ?? [],
    lowering: { kind: "map", formula: made },
    text: rule.text,
    latex: rule.latex,
  } satisfies Primitive<I, P>);
}

function wide<I extends Inputs>(x: I): I {
  return x.map((t) => cast(t, "float64")) as readonly Tensor[] as I;
}

function narrow({ shape, data }: NdArray): NdArray {
  return { shape, dtype: "float32", data: Float32Array.from(data) };
}
