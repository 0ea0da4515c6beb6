/**
 * What an op does to numbers, as data: enough for a compiler to make its own loop of it.
 *
 * The eager kernels of elementwise ops are made from the same formulas, so the two cannot drift apart.
 */

import { ArgumentError, describe } from "./errors.ts";
import type { Spec } from "./tensor.ts";

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

/** Where along one axis of the input an output element is found: at start + step times its index on that axis of y. */
export interface AxisWalk {
  /** Which axis of y it goes by; null where it stays at `start`. */
  readonly axis: number | null;
  readonly start: number;
  readonly step: number;
}

/** P are the op's parameters. */
export type Lowering<P = unknown> =
  /** Each output element is this formula of the broadcast inputs' elements. */
  | { readonly kind: "map"; readonly formula: Scalar }
  | Reduction<P>
  /** The input's numbers in the input's order, under another shape: nothing is computed. */
  | { readonly kind: "view" }
  | Movement<P>
  /** The matrix product of two inputs over their last two axes; axes before them broadcast. */
  | { readonly kind: "product" }
  /** Opaque: whoever compiles calls the op's own kernel. */
  | { readonly kind: "kernel" };

/** Elements along some axes are combined, starting from `initial`. */
export interface Reduction<P = unknown> {
  readonly kind: "reduce";
  readonly combine: ScalarFunction;
  readonly initial: number;
  /** What is combined is divided by how many they are, before it is rounded. */
  readonly isMean?: boolean;
  /** Along which axes, in order. */
  over(x: Spec, params: P): readonly number[];
}

/** Each output element is one of the input's, found by index: nothing is computed. */
export interface Movement<P = unknown> {
  readonly kind: "move";
  /** One for each axis of the input. */
  from(x: Spec, params: P): readonly AxisWalk[];
}

/**
 * The formula that an op's rule made.
 *
 * @throws ArgumentError where a part of it is none: `x + 1` with JavaScript's own `+`, say
 */
export function checkedFormula(op: string, name: string, formula: Scalar): Scalar {
  const seen = new Set<unknown>();
  const rest: unknown[] = [formula];
  while (rest.length > 0) {
    const part = rest.pop();
    if (seen.has(part)) continue;
    seen.add(part);
    const given = part as Partial<Scalar> | null | undefined;
    if (given?.kind === "input" || given?.kind === "parameter" || given?.kind === "constant") continue;
    if (given?.kind !== "call" || typeof given.fn?.f !== "function" || !Array.isArray(given.args)) {
      const remedy = "formulas are made of x by the functions of `formula`, as in formula.add(x, 1)";
      throw new ArgumentError(op, `the formula of ${name} to be a scalar expression`, describe(part), remedy);
    }
    rest.push(...given.args);
  }
  return formula;
}
