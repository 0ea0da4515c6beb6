/**
 * Walks that fold the rows of a matrix together, column by column, as it lies in memory: row after row.
 *
 * A cache line of columns is taken down a number of rows, with its sums in registers; then the next line. Fewer rows
 * than there are (see ROWS) keep what is read within reach of the caches, and sums of float32 short: they are added up
 * in float64, in memory, from one block of rows to the next.
 */
import type { Local, Vector } from "../encoder/index.ts";
import { addLanesToRunning, combinedLanes, finishedLanes, identityLanes, runningAccess } from "./fold.ts";
import { stored } from "./lanes.ts";
import { Terms } from "./terms.ts";
import { type Around, repeat } from "./walk.ts";

/** Rows that are taken at a time. */
export const ROWS = 64;

/** Vectors side by side: a cache line. */
const LINE = 4;

/** The last two axes of the sweep, once through: rows (null where they are no axis of the folds), and columns. */
export function downColumns(around: Around, rowAxis: number | null): void {
  const { sweep, offsets } = around;
  const rows = rowAxis === null ? 1 : sweep.sizes[rowAxis]!;
  const blocks = Math.floor(rows / ROWS);
  if (rowAxis === null || blocks === 0) {
    block(around, rowAxis, rows);
    return;
  }
  repeat(around.body, blocks, () => {
    block(around, rowAxis, ROWS);
    offsets.advance(rowAxis, ROWS);
  });
  if (rows % ROWS > 0) block(around, rowAxis, rows % ROWS);
  offsets.advance(rowAxis, -blocks * ROWS);
}

function block(around: Around, rowAxis: number | null, rows: number): void {
  const { body, sweep, lanes, offsets } = around;
  const inner = around.inner!;
  const size = sweep.sizes[inner]!;
  const vectors = Math.floor(size / lanes);
  const wide = sweep.folds.length > 2 ? LINE / 2 : LINE;
  const lines = Math.floor(vectors / wide);
  const full = Array.from({ length: wide }, () => lanes as number);
  repeat(body, lines, () => {
    line(around, rowAxis, rows, full);
    offsets.advance(inner, wide * lanes);
  });
  const left: number[] = Array.from({ length: vectors - lines * wide }, () => lanes as number);
  if (size % lanes > 0) left.push(size % lanes);
  if (left.length > 0) line(around, rowAxis, rows, left);
  offsets.advance(inner, -lines * wide * lanes);
}

/** Neighbouring vectors, each with so many lanes, down the rows. */
function line(around: Around, rowAxis: number | null, rows: number, counts: readonly number[]): void {
  const { body, sweep, lanes, offsets } = around;
  const sums: Local<Vector>[][] = sweep.folds.map((fold) => counts.map(() => body.keep(identityLanes(fold))));
  repeat(body, rows, () => {
    counts.forEach((count, u) => {
      const point = around.at(u, count);
      const terms = new Terms(point);
      for (const term of around.overwritten) terms.value(term);
      for (const { term, to } of sweep.stores) {
        stored(body, to.buffer.dtype, terms.value(term), point.place(to), lanes, count);
      }
      sweep.folds.forEach((fold, k) => {
        const sum = sums[k]![u]!;
        body.set(sum, combinedLanes(fold, sum, terms.value(fold.term)));
      });
    });
    if (rowAxis !== null) offsets.advance(rowAxis, 1);
  });
  if (rowAxis !== null) offsets.advance(rowAxis, -rows);
  sweep.folds.forEach((fold, k) => {
    counts.forEach((count, u) => {
      const sum = sums[k]![u]!;
      if (fold.running === null) {
        finishedLanes(body, fold, sum, around.at(u).place(fold.to), lanes, count);
      } else {
        addLanesToRunning(body, fold, sum, around.at(u).place(runningAccess(fold)), count);
      }
    });
  });
}
