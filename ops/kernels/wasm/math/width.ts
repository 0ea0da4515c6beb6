/** Vectors of floats of either width, as functions of numbers see them. */
import {
  type FloatLanes,
  f32x4,
  f64x2,
  type IntegerLanes,
  i32x4,
  i64x2,
  type Value,
} from "../encoder/index.ts";

export type FloatVector = "f32x4" | "f64x2";

type ElementOf<T extends FloatVector> = { readonly f32x4: "f32"; readonly f64x2: "f64" }[T];

/** What a comparison gives: all bits of a lane, or none. */
export type MaskOf<T extends FloatVector> = { readonly f32x4: "i32x4"; readonly f64x2: "i64x2" }[T];

type MaskElementOf<T extends FloatVector> = { readonly f32x4: "i32"; readonly f64x2: "i64" }[T];

export interface Width<T extends FloatVector> {
  readonly type: T;
  readonly float: FloatLanes<T, ElementOf<T>, MaskOf<T>>;
  /** The lanes' bits. */
  readonly int: IntegerLanes<MaskOf<T>, MaskElementOf<T>>;
  /** The same number in all lanes, rounded to their width. */
  readonly all: (value: number) => Value<T>;
  readonly allInt: (value: number) => Value<MaskOf<T>>;
  /** Bits of the fraction. Above them is the exponent, to which `bias` was added. */
  readonly fraction: 23 | 52;
  readonly bias: 127 | 1023;
  readonly signBit: Value<T>;
}

export const F32: Width<"f32x4"> = {
  type: "f32x4",
  float: f32x4,
  int: i32x4,
  all: (value) => f32x4.const(value, value, value, value),
  allInt: (value) => i32x4.const(value, value, value, value),
  fraction: 23,
  bias: 127,
  signBit: f32x4.const(-0, -0, -0, -0),
};

export const F64: Width<"f64x2"> = {
  type: "f64x2",
  float: f64x2,
  int: i64x2,
  all: (value) => f64x2.const(value, value),
  allInt: (value) => i64x2.const(value, value),
  fraction: 52,
  bias: 1023,
  signBit: f64x2.const(-0, -0),
};
