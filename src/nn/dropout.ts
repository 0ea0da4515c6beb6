import {
  ArgumentError,
  asTensor,
  DTypeError,
  describe,
  isFloat,
  type Tensor,
  type TensorLike,
} from "../../graph/index.ts";
import { checkedOptions } from "../../graph/options.ts";
import { less, mul, where } from "../../ops/index.ts";
import { Random } from "../random/index.ts";
import { checkedSource, type RandomSource } from "../random/source.ts";
import { checkedMode, type Mode } from "./mode.ts";

export interface DropoutOptions {
  /** The probability that an element is kept, above 0 and at most 1. (Elsewhere it is often that of its loss.) */
  readonly keep: number;
  readonly mode: Mode;
  /** What the mask is drawn from: it moves on. Needed in training. */
  readonly random?: RandomSource;
}

/**
 * Inverted dropout: in training each element is kept with probability p and divided by p, or is 0, so that its
 * expectation stays what it was. In evaluation it is x.
 *
 *     dropout(x, { keep: 0.8, mode: "training", random: random(7) })
 *
 * The mask is (u < p) / p with u uniform on [0, 1), one number drawn for each element in row-major order; where
 * everything is kept (p = 1) nothing is drawn. What was dropped is 0 even if it was infinite or NaN, and so is its
 * derivative.
 *
 * @throws ArgumentError where keep is no such probability, there is no such mode, or training has no source
 * @throws DTypeError where x is not float
 */
export function dropout(x: TensorLike, options: DropoutOptions): Tensor {
  const { keep, mode, random } = checkedOptions("dropout", options, ["keep", "mode", "random"]);
  const t = asTensor("dropout", x);
  if (!isFloat(t.dtype)) throw new DTypeError("dropout", "float64 or float32", t.dtype, 'cast(x, "float64")');
  checkedKeep("dropout", "keep", keep);
  if (checkedMode("dropout", mode) === "evaluation") return t;
  const source = checkedSource("dropout", "random", random);
  return keep === 1 ? t : masked(t, keep, source);
}

/** What is kept of it, and scaled. */
export function masked(x: Tensor, keep: number, source: RandomSource): Tensor {
  const isKept =
    source instanceof Random ? source.bernoulli(x.shape, keep) : less(source.rand(...x.shape), keep);
  // Chosen rather than multiplied by 0, which would not make 0 of everything.
  return where(isKept, mul(x, 1 / keep), 0);
}

/** @throws ArgumentError for what is no probability of being kept */
export function checkedKeep(op: string, what: string, keep: number): number {
  if (typeof keep === "number" && keep > 0 && keep <= 1) return keep;
  throw new ArgumentError(
    op,
    `${what}, the probability of being kept, to be above 0 and at most 1`,
    describe(keep),
  );
}
