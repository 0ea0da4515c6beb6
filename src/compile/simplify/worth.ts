/** What it costs to compute something: elements, and one for each op. Views cost nothing. */
import { type AnyPrimitive, type Shape, sizeOf, Tensor } from "../../../graph/index.ts";
import type { Replacement, Site } from "./rule.ts";
import { specOf } from "./spec.ts";

/** Whether `better` is less work than the site's node and what of `inside` is there for it alone. */
export function isLessWork(at: Site, better: Replacement, inside: ReadonlySet<number>): boolean {
  const gone = goneWithout(at, inside);
  let before = 0;
  for (const id of gone) before += workOf(at.of(id).op, at.of(id).shape);
  return costOf(at, better, gone) < before;
}

function workOf(op: AnyPrimitive | null, shape: Shape): number {
  return op === null || op.lowering.kind === "view" ? 0 : 1 + sizeOf(shape);
}

/** What of it would have to be computed, once those are gone. */
function costOf(at: Site, part: Replacement, gone: ReadonlySet<number>): number {
  if (part instanceof Tensor) return 0;
  const id = at.find(part);
  if (id !== null && !gone.has(id)) return 0;
  const { op, parents } = typeof part === "number" ? at.of(part) : part;
  const own = workOf(op, specOf(at.of, part).shape);
  return parents.reduce<number>((cost, p) => cost + costOf(at, p, gone), own);
}

/** The site's node, and those inside that nobody would read any more without it. */
function goneWithout(at: Site, inside: ReadonlySet<number>): ReadonlySet<number> {
  const gone = new Set<number>();
  const stack = [at.id];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (gone.has(id)) continue;
    if (id !== at.id) {
      if (!inside.has(id) || at.isReturned(id)) continue;
      if ([...at.readers(id)].some((reader) => !gone.has(reader))) continue;
    }
    gone.add(id);
    stack.push(...at.of(id).parents);
  }
  return gone;
}
