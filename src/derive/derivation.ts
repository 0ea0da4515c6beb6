import type { Patch } from "immer";
import type { Program, Tensor } from "../../graph/index.ts";
import type { Equation } from "./notation/equations.ts";
import type { Count } from "./rules/means.ts";

/** One step of a derivation: what was done, by which laws, and what there is then. */
export interface DerivationStep {
  readonly title: string;
  /** The laws that it went by, in mathematics. */
  readonly why: readonly string[];
  /** All that is known after it, an equation a line. */
  readonly equations: readonly Equation[];
  /** Whether its program computes the function's results, or the cotangents of its inputs. */
  readonly computes: "value" | "cotangents";
  readonly before: Program;
  readonly after: Program;
  /** From `before` to `after`; empty where one was not made of the other: in the first step, and in the walk back. */
  readonly patches: readonly Patch[];
  readonly inverse: readonly Patch[];
}

/** The backward of a function, from its tape to the form that people derive by hand. */
export interface Derivation {
  readonly subject: string;
  readonly steps: readonly DerivationStep[];
  /** The last step's equations for the inputs' cotangents. */
  readonly result: readonly Equation[];
  /** The last step's program: from the inputs, and cotangents of results that are no plain numbers, to x̄. */
  readonly program: Program;
  /** What the letters for numbers of elements stand for. */
  readonly counts: readonly Pick<Count, "name" | "value">[];
  /**
   * How far each step's numbers are from those of the one before, relative to the largest; those of the walk back from
   * what `vjp` says. Rounding is all that they should differ by.
   *
   * @param inputs where: for the inputs of `program`, in their order; where it was derived, unless given
   */
  differences(inputs?: readonly Tensor[]): readonly number[];
  /** The steps with their equations, for a terminal. */
  toString(): string;
  /** An `aligned` environment for KaTeX or MathJax: of one step, counted from 0, or of all, with their titles. */
  toLatex(step?: number): string;
}
