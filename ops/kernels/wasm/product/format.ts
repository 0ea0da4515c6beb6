/** Numbers of either width, as the kernels of matrix products see them. */
import {
  type Binary,
  f32,
  f32x4,
  f64,
  f64x2,
  type Load,
  type Value,
  type ValueType,
} from "../encoder/index.ts";

export type FloatVector = "f32x4" | "f64x2";

export interface Format<T extends FloatVector> {
  readonly dtype: "float32" | "float64";
  readonly vector: T;
  /** Bytes of a number. */
  readonly size: 4 | 8;
  readonly zero: Value<T>;
  readonly load: Load<T>;
  readonly loadSplat: Load<T>;
  readonly loadOne: Load<ValueType>;
  readonly add: Binary<T>;
  readonly mul: Binary<T>;
}

export const FLOAT32: Format<"f32x4"> = {
  ...f32x4,
  dtype: "float32",
  vector: "f32x4",
  size: 4,
  zero: f32x4.const(0, 0, 0, 0),
  loadOne: f32.load,
};

export const FLOAT64: Format<"f64x2"> = {
  ...f64x2,
  dtype: "float64",
  vector: "f64x2",
  size: 8,
  zero: f64x2.const(0, 0),
  loadOne: f64.load,
};

/**
 * Rows of y that are computed at a time. V8 loads all that an iteration needs at its beginning: 4 x 2 sums, 4 numbers
 * of a, 2 vectors of b and a product are 15 registers, of 16. With five rows it spills, and has 4/5 of the speed.
 */
export const TILE_ROWS = 4;

/** Columns of y that are computed at a time, as vectors. */
export const TILE_VECTORS = 2;

/** A row of a panel of b: the columns of a tile. */
export const PANEL_BYTES: number = TILE_VECTORS * 16;

/**
 * Products of float32 that are added up in float32; their sums are added up in float64. So the error is that of a sum
 * of this many terms, however long the inner axis.
 */
export const FLOAT32_TERMS = 128;
