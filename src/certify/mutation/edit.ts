/** The edits that mutations are made of. Each leaves a program. */
import { source } from "../../../graph/bind.ts";
import {
  type AnyPrimitive,
  type Draft,
  filled,
  type Node,
  type Program,
  type Spec,
  type Tensor,
} from "../../../graph/index.ts";

/** A line that is not there yet. */
function free(draft: Draft): number {
  return Math.max(...Object.keys(draft.nodes).map(Number)) + 1;
}

/** A constant, on a line of its own. */
export function constant(draft: Draft, value: Tensor): number {
  const id = free(draft);
  draft.nodes[id] = source(value, false);
  return id;
}

export function constantLike(draft: Draft, { shape, dtype }: Spec, value: number): number {
  return constant(draft, filled(shape, dtype, value));
}

/** An op whose result is like `node`. Values are those of the run that was recorded: nobody reads them in a rewrite. */
export function applied(draft: Draft, op: AnyPrimitive, parents: readonly number[], node: Node): number {
  const id = free(draft);
  draft.nodes[id] = { ...node, op, params: undefined, parents, name: null };
  return id;
}

/** Whatever read this line reads what `op` makes of it and of another. */
export function wrap(draft: Draft, program: Program, id: number, op: AnyPrimitive, other?: number): void {
  const node = program.nodes[id]!;
  const moved = free(draft);
  draft.nodes[moved] = node;
  const parents = other === undefined ? [moved] : [moved, other];
  draft.nodes[id] = { ...node, op, params: undefined, parents, name: null };
}

/** This line reads another for its k-th operand. */
export function reread(draft: Draft, program: Program, id: number, k: number, other: number): void {
  const node = program.nodes[id]!;
  draft.nodes[id] = { ...node, parents: node.parents.map((p, i) => (i === k ? other : p)) };
}
