/** The kernels of matrix products, compiled. */

import type { Func } from "../encoder/index.ts";
import { instantiated, type Memory } from "../engine.ts";
import { FLOAT32, FLOAT64, type FloatVector, type Format } from "./format.ts";
import { packColumns, packRows } from "./pack.ts";
import { type Lie, longTiles, tiles } from "./tile.ts";

export interface Kernels {
  readonly packRows: (
    from: number,
    stride: number,
    rows: number,
    panels: number,
    to: number,
    panelStride: number,
  ) => void;
  readonly packColumns: (from: number, stride: number, rows: number, to: number) => void;
  readonly tiles: Readonly<Record<Lie, Tiles>>;
  /** The same, for float32 sums of many terms. */
  readonly longTiles: Readonly<Record<Lie, Tiles>>;
}

export type Tiles = (
  a: number,
  strideA: number,
  b: number,
  endB: number,
  y: number,
  strideY: number,
  count: number,
  scratch: number,
) => void;

type FloatType = "float32" | "float64";

const made: Readonly<Record<FloatType, WeakMap<Memory, Kernels | null>>> = {
  float64: new WeakMap(),
  float32: new WeakMap(),
};

/** The kernels for one kind of number, compiled when first asked for; null where the engine refuses. */
export function kernelsOn(memory: Memory, dtype: FloatType): Kernels | null {
  let known = made[dtype].get(memory);
  if (known === undefined) {
    known = compiled(memory, dtype);
    made[dtype].set(memory, known);
  }
  return known;
}

/** All that is compiled for one kind of number. */
export function productFunctions(dtype: FloatType): Func[] {
  if (dtype === "float64") return functionsFor(FLOAT64);
  return [...functionsFor(FLOAT32), longTiles("longRows", "rows"), longTiles("longColumns", "columns")];
}

function functionsFor<T extends FloatVector>(format: Format<T>): Func[] {
  return [
    packRows("packRows", format),
    packColumns("packColumns", format),
    tiles("rows", format, "rows"),
    tiles("columns", format, "columns"),
  ];
}

function compiled(memory: Memory, dtype: FloatType): Kernels | null {
  try {
    const functions = instantiated(productFunctions(dtype), memory);
    const short = { rows: functions["rows"]!, columns: functions["columns"]! };
    const long = { rows: functions["longRows"]!, columns: functions["longColumns"]! };
    return {
      packRows: functions["packRows"]!,
      packColumns: functions["packColumns"]!,
      tiles: short,
      longTiles: dtype === "float32" ? long : short,
    };
  } catch {
    return null;
  }
}
