/** Walks along the last axis: formulas of every element, and folds of whole rows. */
import { f64, f64x2, type Local, type Value, type Vector } from "../encoder/index.ts";
import {
  acrossLanes,
  addToRunning,
  combinedLanes,
  finished,
  halves,
  identityLanes,
  isFloat32,
  masked,
  runningAccess,
} from "./fold.ts";
import { stored } from "./lanes.ts";
import type { Fold } from "./sweep.ts";
import { Terms } from "./terms.ts";
import { type Around, repeat, weightOf } from "./walk.ts";

/** How many float32 sums a lane takes before they are added up in float64: an error of some 1e-6 at the very most. */
const FLOAT32_SUMS = 32;

/** The last axis of the sweep, once through. */
export function alongRow(around: Around): void {
  const { body, sweep, lanes, offsets } = around;
  const inner = around.inner!;
  const { folds } = sweep;
  const size = sweep.sizes[inner]!;
  const vectors = Math.floor(size / lanes);
  const rest = size % lanes;
  const unroll = Math.min(vectors, unrolled(around));
  const turns = unroll === 0 ? 0 : Math.floor(vectors / unroll);
  const outer = rowTerms(around);
  const sums = folds.map((fold) =>
    Array.from({ length: Math.max(unroll, 1) }, () => body.keep(identityLanes(fold))),
  );
  const several = (count: number): void => {
    for (let u = 0; u < count; u++) {
      atPoint(
        around,
        u,
        lanes,
        outer,
        sums.map((of) => of[u]!),
      );
    }
  };
  const turn = (): void => {
    several(unroll);
    offsets.advance(inner, unroll * lanes);
  };
  const isLong = turns > FLOAT32_SUMS && folds.some((fold) => isFloat32(fold) && fold.combine === "add");
  const wide = isLong ? folds.map(() => body.keep(f64x2.const(0, 0))) : null;
  if (wide === null) {
    repeat(body, turns, turn);
  } else {
    repeat(body, Math.floor(turns / FLOAT32_SUMS), () => {
      repeat(body, FLOAT32_SUMS, turn);
      folds.forEach((fold, k) => {
        widen(around, fold, sums[k]!, wide[k]!);
      });
    });
    repeat(body, turns % FLOAT32_SUMS, turn);
  }
  several(vectors - turns * unroll);
  const shift = vectors - turns * unroll;
  if (rest > 0)
    atPoint(
      around,
      shift,
      rest,
      outer,
      sums.map((of) => of[0]!),
    );
  offsets.advance(inner, -turns * unroll * lanes);
  folds.forEach((fold, k) => {
    const [first, ...others] = sums[k]!;
    for (const other of others) body.set(first!, combinedLanes(fold, first!, other));
    const ofRow = acrossLanes(body, fold, first!);
    const total = wide === null ? ofRow : body.keep(ofRow);
    const all =
      wide === null || !isFloat32(fold) || fold.combine !== "add" ? total : withWide(around, total, wide[k]!);
    if (fold.running === null) finished(body, fold, all, offsets.place(fold.to, null, []));
    else addToRunning(body, fold, all, offsets.place(runningAccess(fold), null, []));
  });
}

function withWide({ body }: Around, total: Value<"f64">, wide: Local<"f64x2">): Value<"f64"> {
  const both = f64x2.add(wide, f64x2.withLane(f64x2.const(0, 0), 0, total));
  const sum = body.keep(both);
  return f64.add(f64x2.lane(sum, 0), f64x2.lane(sum, 1));
}

/** float32 sums so far go over into float64. */
function widen({ body }: Around, fold: Fold, sums: readonly Local<Vector>[], wide: Local<"f64x2">): void {
  if (!isFloat32(fold) || fold.combine !== "add") return;
  for (const sum of sums) {
    const [low, high] = halves(sum);
    body.set(wide, f64x2.add(wide, f64x2.add(low, high)));
    body.set(sum, identityLanes(fold));
  }
}

/** A domain of one point. */
export function onePoint({ body, sweep, lanes, overwritten, here }: Around): void {
  const terms = new Terms(here);
  for (const term of overwritten) terms.value(term);
  for (const { term, to } of sweep.stores) {
    stored(body, to.buffer.dtype, terms.value(term), here.place(to), lanes, 1);
  }
}

/** Formulas that are the same all along the row, computed before it begins. */
function rowTerms(around: Around): Terms {
  const outer = new Terms(around.at(0));
  for (const term of around.invariant(around.inner!)) outer.value(term);
  return outer;
}

/** Everything that is done at `count` neighbouring points, `shift` vectors further on. */
function atPoint(
  around: Around,
  shift: number,
  count: number,
  outer: Terms,
  sums: readonly Local<Vector>[],
): void {
  const { body, sweep, lanes } = around;
  const point = around.at(shift, count);
  const terms = new Terms(point, outer);
  for (const term of around.overwritten) terms.value(term);
  for (const { term, to } of sweep.stores) {
    stored(body, to.buffer.dtype, terms.value(term), point.place(to), lanes, count);
  }
  sweep.folds.forEach((fold, k) => {
    const value = terms.value(fold.term);
    const counted = count === lanes ? value : masked(fold, value, count);
    body.set(sums[k]!, combinedLanes(fold, sums[k]!, counted));
  });
}

/** Independent sums hide how long an addition takes; large formulas would only fill registers. */
function unrolled({ sweep }: Around): number {
  const weight = weightOf(sweep);
  return weight <= 12 ? 4 : weight <= 40 ? 2 : 1;
}
