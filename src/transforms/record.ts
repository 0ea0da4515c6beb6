import { type Program, programOf } from "../../graph/index.ts";
import { type AllLoose, type AllTraced, flatten, type Tree } from "../tree.ts";
import { namedByKeys } from "./namedByKeys.ts";
import { run } from "./run.ts";

/**
 * What f does at x, as an immutable program.
 *
 * Leaves that came in a tree are named by their keys (`W1`), unless they have names already.
 *
 * @throws ArgumentError where an input or the result is no tree of tensors
 */
export function record<X extends readonly unknown[], Y extends Tree>(
  f: (...x: AllTraced<X>) => Y,
  ...x: X
): Program {
  return recordAs("record", f, x);
}

/** As {@link record}, for whoever has another name. */
export function recordAs<X extends readonly unknown[], Y extends Tree>(
  op: string,
  f: (...x: AllTraced<X>) => Y,
  x: X,
): Program {
  const flat = flatten<AllLoose<X>>(op, "input ", x);
  return programOf(run<X, Y>(op, f, flat.rebuild(namedByKeys(flat)), false).tape);
}
