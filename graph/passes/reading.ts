/** What passes that let one node stand for another have in common. */
import type { Draft, Program } from "../program.ts";
import type { Node } from "../tape.ts";
import type { Tensor } from "../tensor.ts";

/** Which node is to be read instead of which. Whoever is read instead comes before in the order, so there are no cycles. */
export type Instead = ReadonlyMap<number, number>;

/** The node as it reads after that: itself where nothing changes for it. */
export function reading(node: Node, instead: Instead): Node {
  const { parents } = node;
  if (!parents.some((p) => instead.has(p))) return node;
  return { ...node, parents: parents.map((p) => instead.get(p) ?? p) };
}

/**
 * Write down what changed: new and changed nodes in the order in which they were found, then what is returned.
 *
 * Nodes that nobody reads any more stay, for {@link removeDeadNodes}. So every patch by itself leaves a program, and
 * one that computes the same.
 */
export function commit(draft: Draft, changed: ReadonlyMap<number, Node>, instead: Instead): void {
  for (const [id, node] of changed) draft.nodes[id] = node;
  if (draft.outputs.some((id) => instead.has(id))) {
    draft.outputs = draft.outputs.map((id) => instead.get(id) ?? id);
  }
}

/** The name that someone gave a node goes over to the one that stands for it, unless that has one or is a source. */
export function handName(from: Node, to: Node): Node {
  return from.name === null || to.name !== null || to.op === null ? to : { ...to, name: from.name };
}

/** Ids of the nodes that nothing on the tape computed, and that are not inputs. */
export function constantsOf({ nodes, inputs }: Program): ReadonlySet<number> {
  const leaves = new Set(inputs);
  const ids = Object.keys(nodes).map(Number);
  return new Set(ids.filter((id) => nodes[id]!.op === null && !leaves.has(id)));
}

/**
 * Whether a constant is its numbers and nothing else. One that stands on another tape that is still open varies along
 * that: two such with the same numbers may have different derivatives there.
 */
export function isMereNumbers(value: Tensor): boolean {
  for (let { place } = value; place !== null; place = place.primal.place) if (place.tape.isOpen) return false;
  return true;
}
