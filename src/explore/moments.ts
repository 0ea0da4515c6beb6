import type { ArrayView, TapeDocument } from "./document.ts";

/**
 * One position of the slider: what the walks have done so far, and what they are doing.
 *
 * Position 0 has the inputs alone. Each op of the walk forward is one position more, then comes the seed, then each
 * step of the walk back.
 */
export interface Moment {
  readonly phase: "inputs" | "forward" | "seed" | "backward";
  /** Which step of its phase, from 1, and of how many. */
  readonly step: number;
  readonly steps: number;
  /** The node that is being computed, or whose cotangent is being passed on. */
  readonly at: number | null;
  /** Nodes whose values are known. */
  readonly known: ReadonlySet<number>;
  /** What has arrived at each node so far. */
  readonly cotangents: ReadonlyMap<number, ArrayView>;
  /** Nodes that something flows to in this step. */
  readonly to: ReadonlySet<number>;
}

/** How many positions there are after the first. */
export function lastMoment({ forward, seeds, backward }: TapeDocument): number {
  return forward.length + (seeds.length === 0 ? 0 : 1) + backward.length;
}

/** The state of both walks at a position; positions beyond the ends are the ends. */
export function momentAt(document: TapeDocument, position: number): Moment {
  const { nodes, forward, seeds, backward } = document;
  const at = Math.max(0, Math.min(Math.round(position), lastMoment(document)));
  const computed = forward.slice(0, at);
  const known = new Set(nodes.filter(({ kind }) => kind !== "op").map(({ id }) => id));
  for (const id of computed) known.add(id);
  const cotangents = new Map<number, ArrayView>();
  if (at <= forward.length) {
    const last = computed.at(-1) ?? null;
    const phase = last === null ? "inputs" : "forward";
    return {
      phase,
      step: at,
      steps: forward.length,
      at: last,
      known,
      cotangents,
      to: new Set(last === null ? [] : [last]),
    };
  }
  const walked = backward.slice(0, at - forward.length - 1);
  const gifts = [...seeds, ...walked.flatMap(({ gives }) => gives)];
  for (const { to, xBar, sum } of gifts) cotangents.set(to, sum ?? xBar);
  const move = walked.at(-1) ?? null;
  return {
    phase: move === null ? "seed" : "backward",
    step: walked.length,
    steps: backward.length,
    at: move === null ? null : move.id,
    known,
    cotangents,
    to: new Set((move === null ? seeds : move.gives).map(({ to }) => to)),
  };
}
