import { ArgumentError, describe, scalar, type Tensor } from "../../graph/index.ts";
import { cast, norm as lengthOf, stack } from "../../ops/index.ts";
import type { Tree } from "../tree.ts";
import { checkedTree, isOnTape } from "./checked.ts";
import { shorten } from "./formulas/shorten.ts";

export interface Clipped<P extends Tree> {
  /** The gradients as they were where their norm is no larger than allowed. */
  readonly grads: P;
  /** The norm that they had before: float64, of rank 0. `norm.item()` is the number. */
  readonly norm: Tensor;
}

/**
 * Shorten gradients, all in the same proportion, so that the Euclidean norm of all of them together is at most
 * `maxNorm`.
 *
 * The norm is formed in float64, without squares that overflow or underflow; nothing is added to it, so that clipping
 * to 0 gives 0. Where it is not finite, there is a NaN or an infinity among the gradients (or their norm is beyond
 * float64): nothing can be shortened in proportion, so they are handed back as they are, and `norm` says so. Others
 * make zeros of them, or spread NaN: both would hide where it came from.
 *
 * Derivatives go through the norm too. On a tape both cases are taken down, so a compiled step decides anew each time.
 *
 * @param grads a tree of float tensors
 * @param maxNorm >= 0; Infinity for no bound, to learn the norm
 * @throws ArgumentError, DTypeError for what is no tree of float tensors, or no number >= 0
 */
export function clipByNorm<P extends Tree>(grads: P, maxNorm: number): Clipped<P> {
  const flat = checkedTree<P>("clipByNorm", "grads", grads);
  if (typeof maxNorm !== "number" || !(maxNorm >= 0)) {
    throw new ArgumentError("clipByNorm", "maxNorm to be a number >= 0", describe(maxNorm));
  }
  // float32 is widened first: the norm of numbers that float32 holds may be one that it does not.
  const lengths = flat.leaves.map((g) => lengthOf(cast(g, "float64")));
  const norm = lengths.length === 0 ? scalar(0) : lengthOf(stack(lengths));
  if (!isOnTape(norm) && !isTooLong(maxNorm, norm.item())) return { grads, norm };
  const params = Object.freeze({ most: maxNorm });
  return { grads: flat.rebuild(flat.leaves.map((g) => shorten(g, norm, params))), norm };
}

/** Whether there is something to do: a norm that is too large, and is a number. */
function isTooLong(maxNorm: number, norm: number): boolean {
  return norm > maxNorm && norm < Number.POSITIVE_INFINITY;
}
