import { source } from "../../../graph/bind.ts";
import {
  bind,
  inOrder,
  type Node,
  named,
  type Program,
  type Rewrite,
  rewrite,
  scalar,
  sizeAlong,
} from "../../../graph/index.ts";
import { Div, Mean, type Over, Sum } from "../../../ops/index.ts";
import { countKey } from "../algebra/algebra.ts";
import type { Law } from "./law.ts";

export const MEANS: Law = {
  name: "means",
  statement: "mean x = (1/N) Σ x",
  because: "that is what a mean is; N, the number of elements along the axes, gets a name",
  readings: [],
  examples: [],
};

/** A count by its name: `N = 4`. */
export interface Count {
  readonly name: string;
  readonly value: number;
  readonly id: number;
  /** Along which axes: see `countKey`. */
  readonly key: string;
}

/** Each mean as a sum over a number that has a name. */
export function spellOutMeans(program: Program): {
  readonly rewrite: Rewrite;
  readonly counts: readonly Count[];
} {
  const counts = new Map<string, Count>();
  const made = new Map<number, Node>();
  const taken = new Set(Object.values(program.nodes).map(({ name }) => name));
  let next = Math.max(-1, ...Object.keys(program.nodes).map(Number)) + 1;
  for (const id of inOrder(program)) {
    const node = program.nodes[id]!;
    if (node.op !== Mean) continue;
    const { axes } = node.params as Over;
    const x = program.nodes[node.parents[0]!]!;
    const { shape } = x;
    const key = countKey(
      shape,
      axes.filter((axis) => shape[axis] !== 1).map((axis) => shape.length - axis),
    );
    const at = `${node.dtype} ${key}`;
    let count = counts.get(at);
    if (count === undefined) {
      const name = ["N", "M", "K", "L"].find((letter) => !taken.has(letter)) ?? `N_${counts.size + 1}`;
      taken.add(name);
      const value = named(scalar(sizeAlong(shape, axes), node.dtype), name);
      count = { name, value: value.data[0]!, id: next++, key };
      counts.set(at, count);
      made.set(count.id, source(value, false));
    }
    const total = next++;
    const value = bind(Sum, [x.value], node.params as Over);
    made.set(total, { ...node, op: Sum, value, name: null });
    made.set(id, { ...node, op: Div, params: undefined, parents: [total, count.id] });
  }
  return {
    rewrite: rewrite(program, (draft) => {
      for (const [id, node] of made) draft.nodes[id] = node;
    }),
    counts: [...counts.values()],
  };
}
