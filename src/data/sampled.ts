import { ArgumentError } from "../../graph/index.ts";
import { checkedFlag, checkedInteger, checkedOptions, NONE } from "../../graph/options.ts";
import { checkedSource, choose, type RandomSource } from "../random/source.ts";
import type { Tree } from "../tree.ts";
import { gathered, ranged, rowsOf } from "./rows.ts";

/**
 * So many rows of data, drawn at random: with replacement, so that a row may come several times, unless told otherwise.
 *
 * @param random a source, `random(231)`; `numpyRandom` gives the rows of `np.random.choice(n, count, replace)`
 * @throws ShapeError where the tensors do not have one leading axis
 * @throws ArgumentError for what is no tree of tensors, no count and no source, and where there are not enough rows
 */
export function sampled<T extends Tree>(
  data: T,
  count: number,
  random: RandomSource,
  options: { readonly replace?: boolean } = NONE,
): T {
  const rows = rowsOf("sampled", data);
  checkedInteger("sampled", "count", count, 0);
  const source = checkedSource("sampled", "random", random);
  const given = checkedOptions("sampled", options, ["replace"]);
  const replaces = checkedFlag("sampled", "replace", given.replace, true);
  if (count > rows.count && (!replaces || rows.count === 0)) {
    const remedy = replaces ? "" : "replace: true";
    throw new ArgumentError("sampled", `count to be at most ${rows.count}, the rows`, `${count}`, remedy);
  }
  if (count === 0) return ranged(rows, 0, 0);
  if (replaces) return gathered(rows, choose(source, rows.count, count));
  const order = rowsOf("sampled", source.permutation(rows.count));
  return gathered(rows, ranged(order, 0, count));
}
