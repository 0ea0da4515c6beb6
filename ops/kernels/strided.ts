/** Copies between arrays whose elements lie at regular distances: transposes, slices, padding, joins. */
import type { Data, Numbers } from "../../graph/dtype.ts";
import { type Shape, stridesOf } from "../../graph/shape.ts";

/** Where the elements of a shape lie in a buffer: index i at start + Σ i_k strides_k. */
export interface Layout {
  readonly start: number;
  readonly strides: readonly number[];
}

/** All of an array in row-major order. */
export function rowMajor(shape: Shape): Layout {
  return { start: 0, strides: stridesOf(shape) };
}

/** How far apart the elements of `small` lie once it is stretched to `large`: 0 along stretched axes. */
export function stretchedStrides(small: Shape, large: Shape): number[] {
  const lead = large.length - small.length;
  const strides = stridesOf(small);
  return large.map((_, k) => (k < lead || small[k - lead] === 1 ? 0 : strides[k - lead]!));
}

/** The offset of every element of `shape`, in row-major order. */
export function offsetsOf(shape: Shape, { start, strides }: Layout): Int32Array {
  let offsets = new Int32Array([start]);
  for (let k = 0; k < shape.length; k++) {
    const n = shape[k]!;
    const finer = new Int32Array(offsets.length * n);
    for (let i = 0, at = 0; i < offsets.length; i++) {
      for (let j = 0; j < n; j++) finer[at++] = offsets[i]! + j * strides[k]!;
    }
    offsets = finer;
  }
  return offsets;
}

/** Copy the elements of `shape` from where they lie in `from` to where they lie in `to`. */
export function copyStrided(shape: Shape, from: Numbers, x: Layout, to: Data, y: Layout): void {
  if (shape.includes(0)) return;
  const axes = collapsed(shape, x, y);
  const last = axes.pop();
  if (last === undefined) {
    to[y.start] = from[x.start]!;
    return;
  }
  // Beside the last axis, rows are taken along the one on which x is densest: a tile of both then fits the cache.
  let densest = axes.length - 1;
  for (let k = 0; k < axes.length; k++) if (Math.abs(axes[k]!.x) < Math.abs(axes[densest]!.x)) densest = k;
  const isCrossing = densest >= 0 && Math.abs(axes[densest]!.x) < Math.abs(last.x);
  const rows = axes.splice(isCrossing ? densest : axes.length - 1, 1)[0] ?? { size: 1, x: 0, y: 0 };

  const copy = isCrossing ? copyTiles : copyRows;
  if (axes.length === 0) {
    copy(from, x.start, to, y.start, rows, last);
    return;
  }
  const outer = axes.map(({ size }) => size);
  const fromX = offsetsOf(outer, { start: x.start, strides: axes.map((axis) => axis.x) });
  const fromY = offsetsOf(outer, { start: y.start, strides: axes.map((axis) => axis.y) });
  for (let o = 0; o < fromX.length; o++) copy(from, fromX[o]!, to, fromY[o]!, rows, last);
}

/** y = xᵀ for a matrix of this many rows and columns. */
export function transposeMatrix(x: Numbers, rows: number, columns: number, y: Data): void {
  copyTiles(x, 0, y, 0, { size: columns, x: 1, y: rows }, { size: rows, x: columns, y: 1 });
}

/** One axis: how many elements, and how far apart in x and in y. */
interface Axis {
  size: number;
  x: number;
  y: number;
}

/** Neighbouring axes that both sides walk through as one are one; axes of size one are none. */
function collapsed(shape: Shape, x: Layout, y: Layout): Axis[] {
  const axes: Axis[] = [];
  for (let k = 0; k < shape.length; k++) {
    const axis = { size: shape[k]!, x: x.strides[k]!, y: y.strides[k]! };
    if (axis.size === 1) continue;
    const before = axes[axes.length - 1];
    if (before !== undefined && before.x === axis.x * axis.size && before.y === axis.y * axis.size) {
      axis.size *= before.size;
      axes.pop();
    }
    axes.push(axis);
  }
  return axes;
}

/** From this length on, a call that moves memory beats a loop. */
const LONG = 64;

function copyRows(from: Numbers, x: number, to: Data, y: number, rows: Axis, columns: Axis): void {
  const n = columns.size;
  const isRun = columns.x === 1 && columns.y === 1 && n >= LONG;
  for (let i = 0; i < rows.size; i++) {
    const a = x + i * rows.x;
    const b = y + i * rows.y;
    if (isRun) to.set(from.subarray(a, a + n), b);
    else for (let j = 0; j < n; j++) to[b + j * columns.y] = from[a + j * columns.x]!;
  }
}

const TILE = 16;

function copyTiles(from: Numbers, x: number, to: Data, y: number, rows: Axis, columns: Axis): void {
  for (let top = 0; top < rows.size; top += TILE) {
    const bottom = Math.min(top + TILE, rows.size);
    for (let left = 0; left < columns.size; left += TILE) {
      const right = Math.min(left + TILE, columns.size);
      for (let i = top; i < bottom; i++) {
        const a = x + i * rows.x;
        const b = y + i * rows.y;
        for (let j = left; j < right; j++) to[b + j * columns.y] = from[a + j * columns.x]!;
      }
    }
  }
}
