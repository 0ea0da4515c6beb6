/** Why no derivative comes through. */
export type ReasonKind =
  /** The input is int32 or bool: it has no tangent space. */
  | "not differentiable"
  /** Nothing reads it. */
  | "not used"
  /** What reads it does not lead to the result. */
  | "leads nowhere"
  /** A `stopGradient`. */
  | "stopped"
  /** What became of it is an integer: by a cast, an argmax, a count. */
  | "integer"
  /** What became of it is yes or no: by a comparison. */
  | "comparison"
  /** An op that is constant in pieces: sign, floor, round. */
  | "constant in pieces"
  /** A `where` that takes the other branch, everywhere. */
  | "dead branch"
  /** An op whose local derivative is 0 at these numbers: relu below 0, a saturated sigmoid, a factor of 0. */
  | "flat"
  /** Ways that cancel, here and nearby: the result does not depend on the input, as a sum of normalised outputs does not. */
  | "cancels"
  /** Ways that cancel here and not nearby: a minimum, say. */
  | "stationary";

/** One place at which a derivative ends. */
export interface Reason {
  readonly kind: ReasonKind;
  readonly because: string;
  /** The op there, and what its node is called; null where there is none. */
  readonly op: string | null;
  readonly node: string | null;
  /** The line that applied it, as `file:line:column`, where the engine's stack can be read. */
  readonly origin: string | null;
  /** The way from the input to there, by names and ops. */
  readonly path: readonly string[];
}

/** What becomes of one input's gradient. */
export interface InputExplanation {
  readonly input: string;
  /** "missing": no cotangent arrives, whatever the numbers are. "zero": those that arrive are, or cancel but for rounding. */
  readonly verdict: "flows" | "zero" | "missing" | "not finite";
  /** How many entries the gradient has, how many of them are exactly 0, and the largest in size. */
  readonly entries: number;
  readonly zeros: number;
  readonly largest: number;
  /** None where it flows. */
  readonly reasons: readonly Reason[];
}

/** Why gradients are zero, or missing, one input after the other. */
export interface Explanation {
  readonly subject: string;
  readonly inputs: readonly InputExplanation[];
  toString(): string;
}
