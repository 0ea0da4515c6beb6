/**
 * What an op does to numbers, as data: enough for a compiler to make its own loop of it.
 *
 * The eager kernels of elementwise ops are made from the same formulas, so the two cannot drift apart.
 */

/** A function of numbers, such as `exp` or `+`. */
export interface ScalarFunction {
  readonly name: string;
  readonly f: (...x: number[]) => number;
  /** Where int32 arithmetic differs from rounding the float64 result (a product past 2^53). */
  readonly int32?: (...x: number[]) => number;
}

/** An expression over the inputs of one output element. Shared subexpressions are shared objects. */
export type Scalar =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "call"; readonly fn: ScalarFunction; readonly args: readonly Scalar[] };

export type Lowering =
  /** Each output element is this formula of the broadcast inputs' elements. */
  | { readonly kind: "map"; readonly formula: Scalar }
  /** Elements along the op's axes are combined, starting from `initial`. */
  | { readonly kind: "reduce"; readonly combine: ScalarFunction; readonly initial: number }
  /** The input's numbers in the input's order, under another shape: nothing is computed. */
  | { readonly kind: "view" }
  /** Opaque: whoever compiles calls the op's own kernel. */
  | { readonly kind: "kernel" };
