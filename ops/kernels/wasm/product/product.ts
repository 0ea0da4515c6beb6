/**
 * Products of matrices by vector kernels, through the window: b is packed into panels, and blocks of rows of a are
 * multiplied by them. Either operand may lie transposed; that costs nothing extra.
 */
import type { Data, DType, Numbers } from "../../../../graph/dtype.ts";
import { isSimdAvailable } from "../engine.ts";
import { windowOf } from "../window.ts";
import { FLOAT32_TERMS, PANEL_BYTES, TILE_ROWS } from "./format.ts";
import { type Kernels, kernelsOn } from "./kernels.ts";

/** Matrices within one array: where each starts, and whether it is their transposes that lie there. */
export interface Matrices {
  readonly data: Numbers;
  readonly starts: Int32Array;
  readonly transposed?: boolean;
}

/** One of them. */
interface Matrix {
  readonly data: Numbers;
  readonly from: number;
  readonly transposed: boolean;
}

/** [m, k] by [k, n]. */
export interface Sizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** Bytes of a that are multiplied at a time: a second-level cache holds them. */
const BLOCK = 2 ** 18;

/** Bytes of y that are computed at a time. */
const RESULT = 2 ** 20;

/** Bytes of b that are copied before they are packed: a cache holds them. */
const CHUNK = 2 ** 16;

/** Bytes of b that are packed at a time, where it is large. */
const PANELS = 2 ** 23;

/** What may be read or written past the end of a block. */
const SLACK = 64;

/** A tile of float64, at the beginning of the window. */
const SCRATCH = 2 * TILE_ROWS * PANEL_BYTES;

/** A product under way: sizes, and where things lie in the window, in bytes. */
interface Plan extends Sizes {
  readonly size: 4 | 8;
  /** Columns of b that are packed at a time. */
  readonly columns: number;
  /** Rows of a that are copied at a time. */
  readonly rows: number;
  /** Numbers from one row of y to the next: a panel's at least, for tiles to write. */
  readonly strideY: number;
  /** Where rows of a, or rows of b that are not yet packed, are copied to. */
  readonly staging: number;
  readonly panels: number;
  readonly y: number;
  readonly bytes: number;
}

/**
 * Writes the products of the matrices of a and b into y, one behind the other, and says whether it did: it does not
 * where there are no vector kernels, or no memory for them. All are numbers of y's kind, and no size is 0.
 *
 * float64: each element is one sum, in the order of the inner axis, as the loops in JavaScript form it. float32: so
 * are runs of {@link FLOAT32_TERMS} products, in float32; their sums are added up in float64.
 */
export function simdProducts(dtype: DType, a: Matrices, b: Matrices, y: Data, sizes: Sizes): boolean {
  if (dtype !== "float32" && dtype !== "float64") return false;
  if (!isSimdAvailable()) return false;
  const plan = planned(sizes, dtype === "float32" ? 4 : 8);
  const window = windowOf(plan.bytes);
  const kernels = window && kernelsOn(window.memory, dtype);
  if (!kernels) return false;
  const view = window[dtype];
  for (let i = 0; i < a.starts.length; i++) {
    const left = { data: a.data, from: a.starts[i]!, transposed: a.transposed ?? false };
    const right = { data: b.data, from: b.starts[i]!, transposed: b.transposed ?? false };
    product(kernels, view, left, right, y, i * sizes.m * sizes.n, plan);
  }
  return true;
}

function product(
  kernels: Kernels,
  view: Float32Array | Float64Array,
  a: Matrix,
  b: Matrix,
  y: Data,
  into: number,
  plan: Plan,
): void {
  for (let left = 0; left < plan.n; left += plan.columns) {
    const columns = Math.min(plan.columns, plan.n - left);
    if (b.transposed) packFromColumns(kernels, view, b, left, columns, plan);
    else packFromRows(kernels, view, b, left, columns, plan);
    for (let top = 0; top < plan.m; top += plan.rows) {
      const rows = Math.min(plan.rows, plan.m - top);
      multiply(kernels, view, a, top, rows, columns, plan);
      copyOut(view, y, into + top * plan.n + left, rows, columns, plan);
    }
  }
}

function planned({ m, k, n }: Sizes, size: 4 | 8): Plan {
  const panelColumns = PANEL_BYTES / size;
  const fitting = Math.max(1, Math.floor(PANELS / (k * PANEL_BYTES))) * panelColumns;
  const columns = Math.min(n, fitting);
  const strideY = Math.max(columns, panelColumns);
  const tiles = Math.floor(Math.min(BLOCK / k, RESULT / strideY) / (TILE_ROWS * size));
  const rows = Math.min(m, Math.max(1, tiles) * TILE_ROWS);
  const wholeRows = roundedUp(rows, TILE_ROWS);
  const staging = SCRATCH;
  const widest = Math.max(wholeRows * k * size, CHUNK, columns * size, panelColumns * k * size);
  const panels = roundedUp(staging + widest + SLACK, 64);
  const y = panels + roundedUp(columns, panelColumns) * k * size;
  const bytes = y + wholeRows * strideY * size + SLACK;
  return { m, k, n, size, columns, rows, strideY, staging, panels, y, bytes };
}

function roundedUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** The columns [left, left + columns) of b, from its rows. */
function packFromRows(
  kernels: Kernels,
  view: Float32Array | Float64Array,
  b: Matrix,
  left: number,
  columns: number,
  { k, n, size, staging, panels }: Plan,
): void {
  const rowsAtATime = Math.max(1, Math.floor(CHUNK / (columns * size)));
  const count = Math.ceil((columns * size) / PANEL_BYTES);
  for (let p = 0; p < k; p += rowsAtATime) {
    const rows = Math.min(rowsAtATime, k - p);
    copyIn(view, staging / size, b.data, b.from + p * n + left, rows, columns, n);
    kernels.packRows(staging, columns * size, rows, count, panels + p * PANEL_BYTES, k * PANEL_BYTES);
  }
}

/** The same from rows of bᵀ. */
function packFromColumns(
  kernels: Kernels,
  view: Float32Array | Float64Array,
  b: Matrix,
  left: number,
  columns: number,
  { k, size, staging, panels }: Plan,
): void {
  const panelColumns = PANEL_BYTES / size;
  for (let c = 0; c < columns; c += panelColumns) {
    const rows = Math.min(panelColumns, columns - c);
    copyIn(view, staging / size, b.data, b.from + (left + c) * k, rows, k, k);
    kernels.packColumns(staging, k * size, k, panels + c * k * size);
  }
}

/** The rows [top, top + rows) of y, panel by panel. */
function multiply(
  kernels: Kernels,
  view: Float32Array | Float64Array,
  a: Matrix,
  top: number,
  rows: number,
  columns: number,
  { m, k, size, strideY, staging, panels, y }: Plan,
): void {
  if (a.transposed) copyIn(view, staging / size, a.data, a.from + top, k, rows, m);
  else copyIn(view, staging / size, a.data, a.from + top * k, rows, k, k);
  const count = Math.ceil(rows / TILE_ROWS);
  // What lies there may be subnormal, which is slow on some machines.
  if (!a.transposed) view.fill(0, staging / size + rows * k, staging / size + count * TILE_ROWS * k);
  const lie = a.transposed ? "columns" : "rows";
  const tiles = (k > FLOAT32_TERMS ? kernels.longTiles : kernels.tiles)[lie];
  const strideA = (a.transposed ? rows : k) * size;
  // The last panel and the last rows write too much: columns and rows that are not there. Columns run on into the
  // row below, whose own are written after them, since panels are taken from the last to the first.
  const last = Math.ceil((columns * size) / PANEL_BYTES) - 1;
  for (let panel = last; panel >= 0; panel--) {
    const from = panels + panel * k * PANEL_BYTES;
    tiles(staging, strideA, from, from + k * PANEL_BYTES, y + panel * PANEL_BYTES, strideY * size, count, 0);
  }
}

/** From this length on, a call that moves memory beats a loop. */
const LONG = 64;

function copyOut(
  view: Float32Array | Float64Array,
  y: Data,
  into: number,
  rows: number,
  columns: number,
  { n, size, strideY, y: start }: Plan,
): void {
  const from = start / size;
  if (strideY === n) {
    y.set(view.subarray(from, from + rows * n), into);
    return;
  }
  for (let i = 0; i < rows; i++) {
    if (columns >= LONG) y.set(view.subarray(from + i * strideY, from + i * strideY + columns), into + i * n);
    else for (let j = 0; j < columns; j++) y[into + i * n + j] = view[from + i * strideY + j]!;
  }
}

/** Rows that lie `stride` apart, one after the other into the window. */
function copyIn(
  view: Float32Array | Float64Array,
  at: number,
  data: Numbers,
  from: number,
  rows: number,
  columns: number,
  stride: number,
): void {
  if (columns === stride) {
    view.set(data.subarray(from, from + rows * columns), at);
    return;
  }
  for (let i = 0; i < rows; i++) {
    view.set(data.subarray(from + i * stride, from + i * stride + columns), at + i * columns);
  }
}
