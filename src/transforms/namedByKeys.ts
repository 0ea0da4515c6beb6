import { named, type Tensor } from "../../graph/index.ts";
import type { Flat } from "../tree.ts";

/** The leaves of a function's inputs; those that came in a tree are named by their keys, unless they have names. */
export function namedByKeys({ leaves, path }: Flat<unknown>): Tensor[] {
  return leaves.map((t, k) => {
    const key = /^\[\d+\]\.?(.*)$/.exec(path(k))?.[1] ?? "";
    return t.name !== null || key === "" ? t : named(t, key);
  });
}
