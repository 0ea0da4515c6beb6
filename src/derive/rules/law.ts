import type { AnyPrimitive, Node, Shape, Tensor } from "../../../graph/index.ts";
import type { Algebra } from "../algebra/algebra.ts";
import type { Terms } from "../algebra/term.ts";

/** One law of algebra that a derivation may use: what it says, and how that is put to the test. */
export interface Law {
  readonly name: string;
  /** In mathematics: `Σ (a + b) = Σ a + Σ b`. */
  readonly statement: string;
  readonly because: string;
  /** How nodes of an op are read while the law is in force, as sums of products; null where it says nothing. */
  readonly readings: readonly (readonly [op: AnyPrimitive, reading: Reading])[];
  /** Two ways to say one thing: `before`, rewritten by the law and those it needs, reads as `text`. */
  readonly examples: readonly LawExample[];
}

export type Reading = (algebra: Algebra, node: Node) => Terms | null;

export interface LawExample {
  readonly before: (...x: readonly Tensor[]) => Tensor;
  readonly inputs: readonly Shape[];
  /** What is left, in words. */
  readonly text: string;
}
