import { bind } from "../bind.ts";
import { assertProgram, inOrder, type Program, type Rewrite, rewrite } from "../program.ts";
import type { Node } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { commit, constantsOf } from "./reading.ts";

/**
 * Compute now what depends on constants alone, by the op's own kernel: the same numbers, to the bit.
 *
 * A node that is computed keeps its id and becomes a constant; what it was computed from may be dead then.
 *
 * @throws ArgumentError for what is no program
 */
export function foldConstants(program: Program): Rewrite {
  assertProgram("foldConstants", program);
  const known = new Map<number, Tensor>();
  const changed = new Map<number, Node>();
  const order = inOrder(program);
  const { nodes } = program;
  for (const id of constantsOf(program)) known.set(id, nodes[id]!.value);
  for (const id of order) {
    const node = nodes[id]!;
    const { op, params, parents } = node;
    if (op === null || !parents.every((p) => known.has(p))) continue;
    // Where a constant stands on another open tape, that tape takes this down: its derivatives are not lost.
    const value = bind(
      op,
      parents.map((p) => known.get(p)!),
      params,
    );
    known.set(id, value);
    changed.set(id, { ...node, op: null, params: undefined, parents: [], value, isActive: false });
  }
  return rewrite(program, (draft) => commit(draft, changed, new Map()));
}
