import { abstractly, abstractTensor } from "../abstract.ts";
import { assertProgram, inOrder, type Program, type Rewrite, rewrite } from "../program.ts";
import type { Node } from "../tape.ts";
import { type Trace, trace } from "../trace.ts";

/**
 * Put the composition that a fused op stands for in its place, so that its parts can be merged and fused with what is
 * around them. What it is made of gets new ids.
 *
 * @throws ArgumentError for what is no program
 */
export function expandReferences(program: Program): Rewrite {
  assertProgram("expandReferences", program);
  let next = Object.keys(program.nodes).reduce((most, id) => Math.max(most, Number(id)), -1) + 1;
  const changed = new Map<number, Node>();
  /** Where a result is a node that was there before, that one is read in its place. */
  const instead = new Map<number, number>();
  const nodeOf = (id: number): Node => changed.get(id) ?? program.nodes[id]!;

  const expand = (id: number, given: Node): void => {
    const parents = given.parents.map((p) => instead.get(p) ?? p);
    const isMoved = parents.some((p, k) => p !== given.parents[k]);
    const node = isMoved ? { ...given, parents } : given;
    if (node.op?.reference === undefined) {
      if (node !== program.nodes[id]) changed.set(id, node);
      return;
    }
    const { nodes, inputs, outputs } = traced(node, parents.map(nodeOf));
    const ids: number[] = [];
    nodes.forEach((inner, k) => {
      ids.push(k < inputs ? parents[k]! : k === outputs[0] ? id : next++);
      if (k < inputs) return;
      expand(ids[k]!, {
        ...inner,
        name: inner.name ?? (k === outputs[0] ? node.name : null),
        parents: inner.parents.map((p) => ids[p]!),
        origin: inner.origin ?? node.origin,
      });
    });
    const result = ids[outputs[0]!]!;
    if (result !== id) instead.set(id, instead.get(result) ?? result);
  };

  for (const id of inOrder(program)) expand(id, program.nodes[id]!);
  return rewrite(program, (draft) => {
    for (const [id, node] of changed) draft.nodes[id] = node;
    if (draft.outputs.some((id) => instead.has(id))) {
      draft.outputs = draft.outputs.map((id) => instead.get(id) ?? id);
    }
  });
}

/** What a fused op's composition does to inputs such as these. */
function traced({ op, params }: Node, x: readonly Node[]): Trace {
  const inputs = x.map(({ shape, dtype }) => abstractTensor(shape, dtype));
  return abstractly(() => trace((...t) => [op!.reference!(t, params)], inputs, false));
}
