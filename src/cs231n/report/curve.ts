import type { Series } from "../result.ts";
import type { Axis } from "./axis.ts";

export type Point = readonly [x: number, y: number];

/** What of a series is drawn, and what is not. */
export interface Curve {
  /** Points to connect; NaN where there is a gap. Where the curve leaves the figure it is cut at the edge. */
  readonly path: readonly Point[];
  /** The points themselves that lie within the figure. */
  readonly points: readonly Point[];
  /** Those of them that no line leads to, and that without a mark of their own would not be seen. */
  readonly lonely: readonly Point[];
  readonly missing: Missing;
}

export interface Missing {
  /** null, NaN or infinite: there is nothing to draw. */
  readonly noValue: number;
  /** Zero or negative, on a log axis. */
  readonly notPositive: number;
  /** Beyond the ends of an axis, and the farthest of them. */
  readonly above: Beyond;
  readonly below: Beyond;
  /** To the left or to the right. */
  readonly beside: number;
}

export interface Beyond {
  readonly count: number;
  readonly farthest: number;
}

const GAP: Point = [Number.NaN, Number.NaN];

/** A series on these axes. Its x and y are as many. */
export function curveOf(series: Series, x: Axis, y: Axis): Curve {
  const path: Point[] = [];
  const points: Point[] = [];
  const lonely: Point[] = [];
  const tally = new Tally(y);
  let before: Point | null = null;
  let isConnected = false;
  for (let k = 0; k < series.x.length; k += 1) {
    const [valueX, valueY] = [series.x[k]!, series.y[k]!];
    const here = placed(valueX, valueY, x, y, tally);
    const cut = here === null || before === null ? null : cutToFrame(before, here);
    if (cut !== null) {
      if (cut.from > 0) path.push(GAP, valuesAt(cut.start, x, y));
      path.push(cut.to < 1 ? valuesAt(cut.end, x, y) : [valueX, valueY!]);
    }
    // Whether the point before this one has stayed alone.
    if (!isConnected && cut === null && before !== null && isWithin(before)) lonely.push(points.at(-1)!);
    isConnected = cut !== null;
    if (here !== null && isWithin(here)) {
      points.push([valueX, valueY!]);
      if (cut === null) path.push(GAP, [valueX, valueY!]);
    }
    before = here;
  }
  if (!isConnected && before !== null && isWithin(before)) lonely.push(points.at(-1)!);
  return { path, points, lonely, missing: tally };
}

/** Where a point is, from 0 to 1 within the figure; null where it has no place at all. */
function placed(x: number, y: number | null, onX: Axis, onY: Axis, tally: Tally): Point | null {
  if (y === null || !Number.isFinite(y) || !Number.isFinite(x)) {
    tally.noValue += 1;
    return null;
  }
  if (!onX.holds(x) || !onY.holds(y)) {
    tally.notPositive += 1;
    return null;
  }
  const place: Point = [onX.place(x), onY.place(y)];
  if (outside(place[0]) !== 0) tally.beside += 1;
  else if (outside(place[1]) > 0) tally.countAbove(y);
  else if (outside(place[1]) < 0) tally.countBelow(y);
  return place;
}

class Tally implements Missing {
  noValue = 0;
  notPositive = 0;
  beside = 0;
  above: Beyond;
  below: Beyond;

  constructor(y: Axis) {
    this.above = { count: 0, farthest: y.high };
    this.below = { count: 0, farthest: y.low };
  }

  countAbove(value: number): void {
    const { count, farthest } = this.above;
    this.above = { count: count + 1, farthest: Math.max(farthest, value) };
  }

  countBelow(value: number): void {
    const { count, farthest } = this.below;
    this.below = { count: count + 1, farthest: Math.min(farthest, value) };
  }
}

/** A logarithm may put the end of the axis itself a little beyond it. */
const SLACK = 1e-9;

function outside(place: number): -1 | 0 | 1 {
  if (place < -SLACK) return -1;
  return place > 1 + SLACK ? 1 : 0;
}

function isWithin([x, y]: Point): boolean {
  return outside(x) === 0 && outside(y) === 0;
}

interface Cut {
  /** What part of the way from the one point to the other is within: 0 and 1 for all of it. */
  readonly from: number;
  readonly to: number;
  readonly start: Point;
  readonly end: Point;
}

/** The part of a segment that lies within the figure (Liang and Barsky's way); null where none does. */
function cutToFrame(a: Point, b: Point): Cut | null {
  let from = 0;
  let to = 1;
  for (const k of [0, 1] as const) {
    const step = b[k] - a[k];
    for (const [way, room] of [
      [-step, a[k] + SLACK],
      [step, 1 + SLACK - a[k]],
    ] as const) {
      if (way === 0) {
        if (room < 0) return null;
      } else if (way < 0) from = Math.max(from, room / way);
      else to = Math.min(to, room / way);
    }
  }
  if (from >= to) return null;
  const along = (t: number): Point => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
  return { from, to, start: along(from), end: along(to) };
}

function valuesAt([x, y]: Point, onX: Axis, onY: Axis): Point {
  return [onX.at(x), onY.at(y)];
}
