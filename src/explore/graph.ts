import { isSingle, type Run } from "./collapse.ts";

/** What is laid out: boxes, and which leads to which. */
export interface Graph {
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
}

export interface Box {
  /** Of the graph, not of the tape: `7`, or `3-12` for a run of the tape's places. */
  readonly key: string;
  /** Ids of the tape's nodes in it: one, or those of a group. */
  readonly ids: readonly number[];
  readonly run: Run;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Anything with parents, in an order in which each comes after its parents. */
export interface Parented {
  readonly id: number;
  readonly parents: readonly number[];
}

/** The graph of a tape that is shown by these runs. Edges within a group are not seen; parallel ones are one. */
export function graphOf(nodes: readonly Parented[], runs: readonly Run[]): Graph {
  const boxes = runs.map((run): Box => {
    const ids = nodes.slice(run.start, run.end).map(({ id }) => id);
    return { key: isSingle(run) ? String(ids[0]) : `${run.start}-${run.end}`, ids, run };
  });
  const boxOf = new Map(boxes.flatMap(({ key, ids }) => ids.map((id): [number, string] => [id, key])));
  const edges = new Map<string, Edge>();
  for (const { id, parents } of nodes) {
    const to = boxOf.get(id);
    for (const parent of parents) {
      const from = boxOf.get(parent);
      if (from === undefined || to === undefined || from === to) continue;
      edges.set(`${from}>${to}`, { from, to });
    }
  }
  return { boxes, edges: [...edges.values()] };
}
