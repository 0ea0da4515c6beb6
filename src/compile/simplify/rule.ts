import type { AnyPrimitive, Node, Shape, Tensor } from "../../../graph/index.ts";

/** One law of algebra, as data: where it applies, what it puts there, and how that is put to the test. */
export interface AlgebraRule {
  readonly name: string;
  /** In mathematics: `x · 1 = x`. */
  readonly statement: string;
  /** Why it holds for every number of the format, and under which condition. */
  readonly because: string;
  /**
   * Which values are kept. "bits": every bit, of NaN, infinities and zeros too. "sign of zero": a zero may change its
   * sign (and 1/x of it is then the other infinity). "rounding": sums and products of numbers are taken in another
   * order, so that they differ in the last places, relative to the largest on the way; where there are infinities or
   * NaN, or something overflows, anything may differ.
   */
  readonly values: "bits" | "sign of zero" | "rounding";
  /**
   * Which derivatives are kept, to any order. "exact": the same numbers. "rounding": sums are taken in another order,
   * so numbers differ in the last places, and at a pole an infinity may be a NaN, or the other way round.
   */
  readonly derivatives: "exact" | "rounding";
  /** Which ops' nodes it looks at; null for any. */
  readonly ops: readonly AnyPrimitive[] | null;
  /** What to put there; null where it does not apply. Shape and dtype are checked by whoever asks. */
  rewrite(at: Site): Replacement | null;
  /** It, said in as many ways as it has. */
  readonly laws: readonly AlgebraLaw[];
}

/** Two ways to say one thing: recorded and rewritten by the rule alone, `before` becomes `after`. */
export interface AlgebraLaw {
  readonly before: (...x: readonly Tensor[]) => Tensor;
  readonly after: (...x: readonly Tensor[]) => Tensor;
  /** The inputs' shapes; one number for that many inputs of any one shape. */
  readonly inputs: number | readonly Shape[];
  /** float64 unless said otherwise. */
  readonly dtype?: "bool";
}

/** A node, as a rule sees it. */
export interface Site {
  readonly id: number;
  readonly op: AnyPrimitive;
  readonly node: Node;
  readonly parents: readonly number[];
  /** Any node, by its id. */
  of(id: number): Node;
  /** The numbers of a constant; null for what is computed or given. */
  constant(id: number): Tensor | null;
  /** Who reads it, of those that some output depends on. */
  readers(id: number): ReadonlySet<number>;
  isReturned(id: number): boolean;
  /** A node that is that, comes before this one, and is read; null where there is none. */
  find(part: Replacement): number | null;
}

/** Another node, by its id; a new constant; or an op, on any of these. */
export type Replacement = number | Tensor | Application;

export interface Application {
  readonly op: AnyPrimitive;
  readonly params?: unknown;
  readonly parents: readonly Replacement[];
}
