import type { Graph } from "./graph.ts";

/** Where boxes are, by their middles, and the points that edges go through. Pixels, y downwards. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  readonly paths: readonly {
    readonly from: string;
    readonly to: string;
    readonly points: readonly Point[];
  }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A graph in layers from top to bottom (Gansner, Koutsofios, North & Vo 1993), by @dagrejs/dagre.
 *
 * @param sizeOf the width and height of a box, by its key
 */
export async function layoutOf(
  graph: Graph,
  sizeOf: (key: string) => { readonly width: number; readonly height: number },
): Promise<Layout> {
  // Imported when it is needed: whoever only makes documents does without.
  const { Graph: DagreGraph, layout } = await import("@dagrejs/dagre");
  const dagre = new DagreGraph()
    .setGraph({ rankdir: "TB", nodesep: 22, ranksep: 34, edgesep: 12, marginx: 14, marginy: 14 })
    .setDefaultEdgeLabel(() => ({}));
  for (const { key } of graph.boxes) dagre.setNode(key, { ...sizeOf(key) });
  for (const { from, to } of graph.edges) dagre.setEdge(from, to, {});
  layout(dagre);
  const { width = 0, height = 0 } = dagre.graph();
  const places = new Map(
    graph.boxes.map(({ key }) => {
      const { x, y } = dagre.node(key);
      return [key, { x: x ?? 0, y: y ?? 0 }] as const;
    }),
  );
  const paths = graph.edges.map(({ from, to }) => ({ from, to, points: dagre.edge(from, to).points ?? [] }));
  return { width: Math.max(width, 0), height: Math.max(height, 0), places, paths };
}
