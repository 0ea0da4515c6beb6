import { checkedSource, type RandomSource } from "../random/source.ts";
import type { Tree } from "../tree.ts";
import { gathered, rowsOf } from "./rows.ts";

/**
 * Data with their rows in random order, the same for every tensor: an input keeps its label.
 *
 * @param random a source, `random(231)`; `numpyRandom` gives the order of `np.random.permutation`
 * @throws ShapeError where the tensors do not have one leading axis
 * @throws ArgumentError for what is no tree of tensors, and no source
 */
export function shuffled<T extends Tree>(data: T, random: RandomSource): T {
  const rows = rowsOf("shuffled", data);
  return gathered(rows, checkedSource("shuffled", "random", random).permutation(rows.count));
}
