/** Whether numbers are finite, and who is to blame where they are not. */
import { isFloat, numberText, withBlame } from "../../graph/index.ts";
import { flatten } from "../tree.ts";

/** The first number in a tree that is not finite, in words: `NaN at [0,3] of .W1`. null where all are. */
export function notFinite(what: string, tree: unknown): string | null {
  const { leaves, path } = flatten("train", what, tree);
  for (const [k, { data, dtype, shape }] of leaves.entries()) {
    if (!isFloat(dtype)) continue;
    for (let i = 0; i < data.length; i++) {
      if (Number.isFinite(data[i]!)) continue;
      return `${numberText(data[i]!)} at [${indexOf(i, shape)}] of ${path(k).replace(/^\./, "") || "it"}`;
    }
  }
  return null;
}

function indexOf(flat: number, shape: readonly number[]): readonly number[] {
  const index: number[] = [];
  let rest = flat;
  for (const size of shape.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** What a computation throws when it is done once more, and every number of it is looked at; null if nothing. */
export function blamed(compute: () => unknown): unknown {
  try {
    withBlame(compute);
    return null;
  } catch (error) {
    return error;
  }
}
