/**
 * Products of matrices that lie in memory already: nothing is copied but b, into panels, and y where it is narrower
 * than a panel.
 */
import { FLOAT32_TERMS, PANEL_BYTES, TILE_ROWS } from "./format.ts";
import type { Kernels } from "./kernels.ts";
import type { Sizes } from "./product.ts";

/** A matrix, or the transpose of one that lies there. */
export interface Placed {
  readonly address: number;
  readonly transposed: boolean;
}

/** Bytes of a that are multiplied at a time: a second-level cache holds them. */
const BLOCK = 2 ** 18;

/** Bytes of b that are packed at a time, where it is large. */
const PANELS = 2 ** 23;

/** A tile of float64. */
const TILE = 2 * TILE_ROWS * PANEL_BYTES;

/** What a product is given to work in: for panels, for a tile of sums, and for y where it is narrow. */
export interface Workspace {
  readonly bytes: number;
  /**
   * How far beyond the end of a, b or y something may be read or written. What is read there counts for nothing; what
   * is written there, to y, must be nobody's.
   */
  readonly beyond: number;
}

export function workspaceOf({ m, k, n }: Sizes, size: 4 | 8): Workspace {
  const panel = PANEL_BYTES / size;
  const columns = columnsAtATime(k, n, size);
  const narrow = n < panel ? roundedUp(m, TILE_ROWS) * PANEL_BYTES : 0;
  const bytes = TILE + roundedUp(columns, panel) * k * size + narrow + PANEL_BYTES;
  return { bytes, beyond: Math.max(TILE_ROWS * k, panel * k, TILE_ROWS * n) * size + PANEL_BYTES };
}

/** y = a b, at these addresses. */
export function multiplyPlaced(
  kernels: Kernels,
  memory: { readonly buffer: ArrayBuffer },
  a: Placed,
  b: Placed,
  y: number,
  workspace: number,
  { m, k, n }: Sizes,
  size: 4 | 8,
): void {
  const panel = PANEL_BYTES / size;
  const columns = columnsAtATime(k, n, size);
  const panels = workspace + TILE;
  const isNarrow = n < panel;
  const into = isNarrow ? panels + roundedUp(columns, panel) * k * size : y;
  const strideY = isNarrow ? PANEL_BYTES : n * size;
  const strideA = (a.transposed ? m : k) * size;
  const rows = Math.max(1, Math.floor(BLOCK / (k * size * TILE_ROWS))) * TILE_ROWS;
  const tiles = (k > FLOAT32_TERMS ? kernels.longTiles : kernels.tiles)[a.transposed ? "columns" : "rows"];
  for (let left = 0; left < n; left += columns) {
    const count = Math.ceil(Math.min(columns, n - left) / panel);
    pack(kernels, b, left, count, panels, { k, n }, size);
    for (let top = 0; top < m; top += rows) {
      const from = a.address + (a.transposed ? top * size : top * strideA);
      const height = Math.ceil(Math.min(rows, m - top) / TILE_ROWS);
      // From the last panel to the first: what the last writes beyond the end of a row is the beginning of the next.
      for (let p = count - 1; p >= 0; p--) {
        const at = panels + p * k * PANEL_BYTES;
        const to = into + top * strideY + left * size + p * PANEL_BYTES;
        tiles(from, strideA, at, at + k * PANEL_BYTES, to, strideY, height, workspace);
      }
    }
  }
  if (isNarrow) copyNarrow(memory, into, y, m, n * size);
}

function pack(
  kernels: Kernels,
  b: Placed,
  left: number,
  count: number,
  panels: number,
  { k, n }: Pick<Sizes, "k" | "n">,
  size: 4 | 8,
): void {
  const panel = PANEL_BYTES / size;
  if (!b.transposed) {
    kernels.packRows(b.address + left * size, n * size, k, count, panels, k * PANEL_BYTES);
    return;
  }
  for (let p = 0; p < count; p++) {
    const from = b.address + (left + p * panel) * k * size;
    kernels.packColumns(from, k * size, k, panels + p * k * PANEL_BYTES);
  }
}

function copyNarrow(
  { buffer }: { readonly buffer: ArrayBuffer },
  from: number,
  to: number,
  rows: number,
  bytes: number,
): void {
  const all = new Uint8Array(buffer);
  for (let i = 0; i < rows; i++) {
    all.copyWithin(to + i * bytes, from + i * PANEL_BYTES, from + i * PANEL_BYTES + bytes);
  }
}

function columnsAtATime(k: number, n: number, size: 4 | 8): number {
  return Math.min(n, Math.max(1, Math.floor(PANELS / (k * PANEL_BYTES))) * (PANEL_BYTES / size));
}

function roundedUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
