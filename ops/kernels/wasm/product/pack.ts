/**
 * Packing: columns of b, as many as a tile has, side by side in the order in which they are read. What a last panel
 * lacks in columns is filled with whatever lies behind; nobody reads what comes of it.
 */
import { type Func, func, i32, type Value } from "../encoder/index.ts";
import { type FloatVector, type Format, PANEL_BYTES, TILE_VECTORS } from "./format.ts";

/**
 * From rows of b: `packRows(from, stride, rows, panels, to, panelStride)`, strides in bytes. Panel by panel, so that
 * what is written is written in order; what is read should fit the cache.
 */
export function packRows<T extends FloatVector>(name: string, { load }: Format<T>): Func {
  const parameters = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return func(name, parameters, (body, from, stride, rows, panels, to, panelStride) => {
    const read = body.local("i32");
    const write = body.local("i32");
    const left = body.local("i32");
    body.loop((nextPanel) => {
      body.set(read, from);
      body.set(write, to);
      body.set(left, rows);
      body.loop((nextRow) => {
        for (let v = 0; v < TILE_VECTORS; v++) body.store(write, load(read, 16 * v), 16 * v);
        body.set(read, i32.add(read, stride));
        body.set(write, i32.add(write, bytes(PANEL_BYTES)));
        body.set(left, i32.sub(left, bytes(1)));
        body.branchIf(nextRow, left);
      });
      body.set(from, i32.add(from, bytes(PANEL_BYTES)));
      body.set(to, i32.add(to, panelStride));
      body.set(panels, i32.sub(panels, bytes(1)));
      body.branchIf(nextPanel, panels);
    });
  });
}

/** From rows of bᵀ, which are columns of b: one panel, `packColumns(from, stride, rows, to)`. */
export function packColumns<T extends FloatVector>(name: string, { loadOne, size }: Format<T>): Func {
  return func(name, ["i32", "i32", "i32", "i32"], (body, from, stride, rows, to) => {
    const columns = [from];
    for (let c = 1; c < PANEL_BYTES / size; c++) columns.push(body.keep(i32.add(columns[c - 1]!, stride)));
    body.loop((nextRow) => {
      columns.forEach((column, c) => {
        body.store(to, loadOne(column), c * size);
        body.set(column, i32.add(column, bytes(size)));
      });
      body.set(to, i32.add(to, bytes(PANEL_BYTES)));
      body.set(rows, i32.sub(rows, bytes(1)));
      body.branchIf(nextRow, rows);
    });
  });
}

function bytes(count: number): Value<"i32"> {
  return i32.const(count);
}
