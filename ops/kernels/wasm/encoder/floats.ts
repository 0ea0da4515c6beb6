/** Instructions on single floating-point numbers, with the semantics of IEEE 754. min and max hand NaN on. */
import { type Code, float32Bytes, float64Bytes } from "./bytes.ts";
import { type Load, loading } from "./memory.ts";
import { type Binary, binary, type Unary, unary, type Value } from "./value.ts";

export interface Float<T extends "f32" | "f64"> {
  readonly const: (value: number) => Value<T>;
  readonly load: Load<T>;
  readonly abs: Unary<T>;
  readonly neg: Unary<T>;
  readonly ceil: Unary<T>;
  readonly floor: Unary<T>;
  readonly trunc: Unary<T>;
  /** To the nearest integer, ties to even. */
  readonly nearest: Unary<T>;
  readonly sqrt: Unary<T>;
  readonly add: Binary<T>;
  readonly sub: Binary<T>;
  readonly mul: Binary<T>;
  readonly div: Binary<T>;
  readonly min: Binary<T>;
  readonly max: Binary<T>;
  readonly copysign: Binary<T>;
  readonly eq: Binary<T, "i32">;
  readonly ne: Binary<T, "i32">;
  readonly lt: Binary<T, "i32">;
  readonly gt: Binary<T, "i32">;
  readonly le: Binary<T, "i32">;
  readonly ge: Binary<T, "i32">;
}

/**
 * @param arithmetic the opcode of `abs`; the rest of arithmetic follows it in an order that both widths share
 * @param comparison the opcode of `eq`, likewise
 */
function float<T extends "f32" | "f64">(
  type: T,
  constant: (value: number) => Code,
  load: Load<T>,
  arithmetic: number,
  comparison: number,
): Float<T> {
  return {
    const: (value) => ({ type, code: constant(value) }),
    load,
    abs: unary(type, arithmetic),
    neg: unary(type, arithmetic + 1),
    ceil: unary(type, arithmetic + 2),
    floor: unary(type, arithmetic + 3),
    trunc: unary(type, arithmetic + 4),
    nearest: unary(type, arithmetic + 5),
    sqrt: unary(type, arithmetic + 6),
    add: binary(type, arithmetic + 7),
    sub: binary(type, arithmetic + 8),
    mul: binary(type, arithmetic + 9),
    div: binary(type, arithmetic + 10),
    min: binary(type, arithmetic + 11),
    max: binary(type, arithmetic + 12),
    copysign: binary(type, arithmetic + 13),
    eq: binary("i32", comparison),
    ne: binary("i32", comparison + 1),
    lt: binary("i32", comparison + 2),
    gt: binary("i32", comparison + 3),
    le: binary("i32", comparison + 4),
    ge: binary("i32", comparison + 5),
  };
}

/** f32, and what makes one of other kinds. */
export const f32: Float<"f32"> & {
  readonly fromF64: Unary<"f64", "f32">;
  readonly fromI32S: Unary<"i32", "f32">;
  readonly ofBits: Unary<"i32", "f32">;
} = {
  ...float("f32", (value) => [0x43, float32Bytes(value)], loading("f32", [0x2a], 2), 0x8b, 0x5b),
  fromF64: unary("f32", 0xb6),
  fromI32S: unary("f32", 0xb2),
  ofBits: unary("f32", 0xbe),
};

/** f64, likewise. */
export const f64: Float<"f64"> & {
  readonly fromF32: Unary<"f32", "f64">;
  readonly fromI32S: Unary<"i32", "f64">;
  readonly fromI64S: Unary<"i64", "f64">;
  readonly ofBits: Unary<"i64", "f64">;
} = {
  ...float("f64", (value) => [0x44, float64Bytes(value)], loading("f64", [0x2b], 3), 0x99, 0x61),
  fromF32: unary("f64", 0xbb),
  fromI32S: unary("f64", 0xb7),
  fromI64S: unary("f64", 0xb9),
  ofBits: unary("f64", 0xbf),
};
