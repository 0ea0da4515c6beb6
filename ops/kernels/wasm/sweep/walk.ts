/** What the two ways to walk a domain have in common. */
import { type Body, i32 } from "../encoder/index.ts";
import type { LaneCount } from "./lanes.ts";
import type { Offsets } from "./offsets.ts";
import { rootsOf, type Sweep, type Term, termsOf } from "./sweep.ts";
import type { Point } from "./terms.ts";

export interface Around {
  readonly body: Body;
  readonly sweep: Sweep;
  readonly lanes: LaneCount;
  readonly offsets: Offsets;
  /** The last axis, along which lanes lie; null where the domain is a point. */
  readonly inner: number | null;
  /** The one point where the walk is, for a domain that has no axis left. */
  readonly here: Point;
  /** The points so many vectors further on: as many as there are lanes, or the first `count` of them. */
  at(vectors: number, count?: number): Point;
  /** What is read where the sweep writes: at every point it has to be read first. */
  readonly overwritten: readonly Term[];
  /** Formulas that do not change along an axis, but are part of ones that do. */
  invariant(axis: number): readonly Term[];
}

/** Statements so many times over. */
export function repeat(body: Body, times: number, statements: () => void): void {
  if (times <= 0) return;
  if (times === 1) {
    statements();
    return;
  }
  const left = body.keep(i32.const(times));
  body.loop((again) => {
    statements();
    body.set(left, i32.sub(left, i32.const(1)));
    body.branchIf(again, left);
  });
}

/** About how many instructions one point takes. */
export function weightOf(sweep: Sweep): number {
  return termsOf(rootsOf(sweep)).length + sweep.stores.length + sweep.folds.length;
}
