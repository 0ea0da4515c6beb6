/** The way from a node up to where its numbers came from, across nested tapes. */
import type { Node } from "./tape.ts";
import type { Tensor } from "./tensor.ts";

/** A value, and the node that it is of, if it is on a tape that is open or being walked. */
export interface Ref {
  readonly value: Tensor;
  readonly node: Node | null;
  readonly nodes: readonly Node[];
  readonly index: number;
}

export function refOf(value: Tensor): Ref {
  let t = value;
  while (t.place !== null && !t.place.tape.isOpen) t = t.place.primal;
  return t.place === null
    ? { value: t, node: null, nodes: [], index: -1 }
    : refAt(t.place.tape.nodes, t.place.index);
}

/** What is a leaf or a constant here may have a history on the next tape out. */
export function refAt(nodes: readonly Node[], index: number): Ref {
  const node = nodes[index]!;
  const outer = node.op === null ? refOf(node.value) : null;
  return outer !== null && outer.node !== null ? outer : { value: node.value, node, nodes, index };
}

export function refsOf(nodes: readonly Node[], indices: readonly number[]): Ref[] {
  return indices.map((index) => refAt(nodes, index));
}

export function label(node: Node, index: number): string {
  return node.name ?? node.op?.name ?? (node.isActive ? `input ${index}` : "constant");
}

/** The shortest way up to a leaf: one that has a name and a derivative, if any has; a loop, as tapes may be deep. */
export function pathFrom(start: readonly string[], from: readonly Ref[]): string[] {
  interface Step {
    readonly ref: Ref;
    readonly from: Step | null;
  }
  const seen = new Set<Node>();
  const queue: Step[] = from.map((ref) => ({ ref, from: null }));
  let best: Step | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  for (let i = 0; i < queue.length && bestRank > 0; i++) {
    const step = queue[i]!;
    const { node, nodes, value } = step.ref;
    if (node !== null && seen.has(node)) continue;
    if (node !== null) seen.add(node);
    if (node !== null && node.op !== null) {
      for (const ref of refsOf(nodes, node.parents)) queue.push({ ref, from: step });
      continue;
    }
    const hasName = (node?.name ?? value.name) !== null;
    const rank = (node?.isActive === true ? 0 : 2) + (hasName ? 0 : 1);
    if (rank < bestRank) [best, bestRank] = [step, rank];
  }
  const names: string[] = [];
  for (let step = best; step !== null; step = step.from) {
    const { node, index, value } = step.ref;
    names.push(node === null ? (value.name ?? "constant") : label(node, index));
  }
  return [...start, ...names.reverse()];
}
