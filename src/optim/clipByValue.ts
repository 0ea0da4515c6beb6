import { ArgumentError, describe } from "../../graph/index.ts";
import { clamp } from "../../ops/index.ts";
import type { Tree } from "../tree.ts";
import { checkedTree } from "./checked.ts";

/**
 * Every element no further from 0 than `limit`. The direction of the gradient changes, which {@link clipByNorm} leaves
 * as it is. Infinities are clipped; NaN stays NaN.
 *
 * @throws ArgumentError, DTypeError for what is no tree of float tensors, or no number >= 0
 */
export function clipByValue<P extends Tree>(grads: P, limit: number): P {
  const flat = checkedTree<P>("clipByValue", "grads", grads);
  if (typeof limit !== "number" || !(limit >= 0)) {
    throw new ArgumentError("clipByValue", "limit to be a number >= 0", describe(limit));
  }
  return flat.rebuild(flat.leaves.map((g) => clamp(g, { min: -limit, max: limit })));
}
