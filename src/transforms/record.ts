import { named, type Program, programOf } from "../../graph/index.ts";
import type { Loose, Tree } from "../tree.ts";
import { flatten } from "../tree.ts";
import { run } from "./run.ts";

/**
 * What f does at x, as an immutable program.
 *
 * Leaves that came in a tree are named by their keys (`W1`), unless they have names already.
 *
 * @throws ArgumentError where an input or the result is no tree of tensors
 */
export function record<X extends readonly Tree[], Y extends Tree>(
  f: (...x: X) => Y,
  ...x: Loose<X>
): Program {
  const { leaves, path, rebuild } = flatten<Loose<X>>("record", "input ", x);
  const known = leaves.map((t, k) => {
    const key = /^\[\d+\]\.?(.*)$/.exec(path(k))?.[1] ?? "";
    return t.name !== null || key === "" ? t : named(t, key);
  });
  return programOf(run("record", f, rebuild(known), false).tape);
}
