import type { PassChange, PassNode, PassReplay } from "./document.ts";

/** A change, with the name of what goes. */
export type Told =
  | Exclude<PassChange, { readonly kind: "drop" }>
  | { readonly kind: "drop"; readonly id: number; readonly label: string };

/** A program on its way through passes: after so many patches. */
export interface PassMoment {
  /** How many patches have been applied, of how many. */
  readonly step: number;
  readonly steps: number;
  /** The pass that the last one belongs to; null before the first. */
  readonly pass: string | null;
  readonly nodes: ReadonlyMap<number, PassNode>;
  readonly outputs: readonly number[];
  /** Nodes that there were, and are no more. */
  readonly gone: ReadonlySet<number>;
  /** What the last patch did. */
  readonly changes: readonly Told[];
  readonly touched: ReadonlySet<number>;
}

export function lastPatch({ steps }: PassReplay): number {
  return steps.reduce((sum, { patches }) => sum + patches.length, 0);
}

/** The program after so many patches; 0 is before the passes. */
export function passMomentAt(replay: PassReplay, position: number): PassMoment {
  const patches = replay.steps.flatMap((step) =>
    step.patches.map((changes) => ({ pass: step.pass, changes })),
  );
  const step = Math.max(0, Math.min(Math.round(position), patches.length));
  const nodes = new Map(replay.before.nodes.map((node) => [node.id, node]));
  let { outputs } = replay.before;
  let last: readonly Told[] = [];
  const gone = new Set<number>();
  for (const { changes } of patches.slice(0, step)) {
    last = changes.map((change) =>
      change.kind === "drop" ? { ...change, label: nodes.get(change.id)?.label ?? "" } : change,
    );
    for (const change of changes) {
      if (change.kind === "drop") {
        nodes.delete(change.id);
        gone.add(change.id);
      } else if (change.kind === "put") nodes.set(change.node.id, change.node);
      else outputs = change.outputs;
    }
  }
  return {
    step,
    steps: patches.length,
    pass: patches[step - 1]?.pass ?? null,
    nodes,
    outputs,
    gone,
    changes: last,
    touched: new Set(
      last.flatMap((change) =>
        change.kind === "put" ? [change.node.id] : change.kind === "drop" ? [change.id] : [],
      ),
    ),
  };
}

/** Every node that there is at some time, as it was at first: what is laid out, so that nothing jumps. */
export function union({ before, steps }: PassReplay): readonly PassNode[] {
  const all = new Map(before.nodes.map((node) => [node.id, node]));
  for (const change of steps.flatMap(({ patches }) => patches.flat())) {
    if (change.kind === "put" && !all.has(change.node.id)) all.set(change.node.id, change.node);
  }
  return [...all.values()];
}
