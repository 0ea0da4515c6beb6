import type { DType } from "../../graph/dtype.ts";
import type { Lowering } from "../../graph/lowering.ts";
import { checkedRule } from "../../graph/options.ts";
import type { Draw, Primitive, Reject, Sample, Specs, Words } from "../../graph/primitive.ts";
import type { Shape } from "../../graph/shape.ts";
import type { NdArray, Output, Spec, Tensor } from "../../graph/tensor.ts";
import type { One } from "./elementwise.ts";

export interface LinearRule<P> {
  readonly shape: (x: Spec, params: P) => Shape;
  /** The input's, unless said otherwise. */
  readonly dtype?: (x: Spec, params: P) => DType;
  readonly kernel: (x: NdArray, params: P, y: Output) => void;
  readonly lowering?: Lowering<P>;
  /** The op itself, as a function: its own derivative. */
  readonly apply: (x: Tensor, params: P) => Tensor;
  /** The transpose: <ȳ, A x> = <Aᵀ ȳ, x> for all x. It is given what x was like, never what it was. */
  readonly adjoint: (yBar: Tensor, x: Spec, params: P) => Tensor;
  readonly samples: (draw: Draw) => readonly Sample<One, P>[];
  readonly rejects: () => readonly Reject<One, P>[];
  readonly text?: (x: string, params: P) => string;
  readonly latex: (x: string, params: P) => string;
}

/**
 * y = A x for a linear map A: the jvp is the op itself, the vjp its adjoint, and there are no kinks.
 *
 * @throws ArgumentError where a part of the rule is missing
 */
export function linear<P>(name: string, rule: LinearRule<P>): Primitive<One, P> {
  checkedRule("linear", name, rule, ["shape", "kernel", "apply", "adjoint", "samples", "rejects", "latex"]);
  return Object.freeze({
    name,
    shape: (x: Specs<One>, params) => rule.shape(x[0], params),
    dtype: (x: Specs<One>, params) => rule.dtype?.(x[0], params) ?? x[0].dtype,
    kernel: (x, params, y) => rule.kernel(x[0], params, y),
    jvp: ({ params }, [xDot]) => (xDot === null ? null : rule.apply(xDot, params)),
    vjp: (at, yBar) => [rule.adjoint(yBar, at.x[0], at.params)],
    samples: rule.samples,
    rejects: rule.rejects,
    conventions: () => [],
    lowering: rule.lowering ?? { kind: "kernel" },
    text: ([x]: Words<One>, params) => rule.text?.(x, params) ?? `${name}(${x})`,
    latex: ([x]: Words<One>, params) => rule.latex(x, params),
  } satisfies Primitive<One, P>);
}
