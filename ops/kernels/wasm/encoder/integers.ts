/** Instructions on single integers. Comparisons give an i32 of 0 or 1, which is also what branches ask for. */
import { signed } from "./bytes.ts";
import { type Load, loading } from "./memory.ts";
import { type Binary, binary, type Unary, unary, type Value } from "./value.ts";

/** What both widths have. The suffixes S and U say whether the bits are read as signed or unsigned. */
export interface Integer<T extends "i32" | "i64"> {
  readonly const: (value: number | bigint) => Value<T>;
  readonly load: Load<T>;
  readonly add: Binary<T>;
  readonly sub: Binary<T>;
  readonly mul: Binary<T>;
  readonly divS: Binary<T>;
  readonly divU: Binary<T>;
  readonly remS: Binary<T>;
  readonly remU: Binary<T>;
  readonly and: Binary<T>;
  readonly or: Binary<T>;
  readonly xor: Binary<T>;
  readonly shl: Binary<T>;
  readonly shrS: Binary<T>;
  readonly shrU: Binary<T>;
  readonly eqz: Unary<T, "i32">;
  readonly eq: Binary<T, "i32">;
  readonly ne: Binary<T, "i32">;
  readonly ltS: Binary<T, "i32">;
  readonly ltU: Binary<T, "i32">;
  readonly gtS: Binary<T, "i32">;
  readonly gtU: Binary<T, "i32">;
  readonly leS: Binary<T, "i32">;
  readonly leU: Binary<T, "i32">;
  readonly geS: Binary<T, "i32">;
  readonly geU: Binary<T, "i32">;
}

/**
 * @param arithmetic the opcode of `add`; the rest of arithmetic follows it in an order that both widths share
 * @param comparison the opcode of `eqz`, likewise
 */
function integer<T extends "i32" | "i64">(
  type: T,
  constant: number,
  load: Load<T>,
  arithmetic: number,
  comparison: number,
): Integer<T> {
  return {
    const: (value) => ({ type, code: [constant, signed(BigInt(value))] }),
    load,
    add: binary(type, arithmetic),
    sub: binary(type, arithmetic + 1),
    mul: binary(type, arithmetic + 2),
    divS: binary(type, arithmetic + 3),
    divU: binary(type, arithmetic + 4),
    remS: binary(type, arithmetic + 5),
    remU: binary(type, arithmetic + 6),
    and: binary(type, arithmetic + 7),
    or: binary(type, arithmetic + 8),
    xor: binary(type, arithmetic + 9),
    shl: binary(type, arithmetic + 10),
    shrS: binary(type, arithmetic + 11),
    shrU: binary(type, arithmetic + 12),
    eqz: unary("i32", comparison),
    eq: binary("i32", comparison + 1),
    ne: binary("i32", comparison + 2),
    ltS: binary("i32", comparison + 3),
    ltU: binary("i32", comparison + 4),
    gtS: binary("i32", comparison + 5),
    gtU: binary("i32", comparison + 6),
    leS: binary("i32", comparison + 7),
    leU: binary("i32", comparison + 8),
    geS: binary("i32", comparison + 9),
    geU: binary("i32", comparison + 10),
  };
}

/** i32, and what makes one of other kinds. Conversions of floats saturate; NaN becomes 0. */
export const i32: Integer<"i32"> & {
  readonly load8U: Load<"i32">;
  readonly fromI64: Unary<"i64", "i32">;
  readonly fromF32: Unary<"f32", "i32">;
  readonly fromF64: Unary<"f64", "i32">;
  readonly bitsOf: Unary<"f32", "i32">;
} = {
  ...integer("i32", 0x41, loading("i32", [0x28], 2), 0x6a, 0x45),
  load8U: loading("i32", [0x2d], 0),
  fromI64: unary("i32", 0xa7),
  fromF32: unary("i32", 0xfc, 0x00),
  fromF64: unary("i32", 0xfc, 0x02),
  bitsOf: unary("i32", 0xbc),
};

/** i64, likewise. */
export const i64: Integer<"i64"> & {
  readonly fromI32S: Unary<"i32", "i64">;
  readonly fromI32U: Unary<"i32", "i64">;
  readonly fromF64: Unary<"f64", "i64">;
  readonly bitsOf: Unary<"f64", "i64">;
} = {
  ...integer("i64", 0x42, loading("i64", [0x29], 3), 0x7c, 0x50),
  fromI32S: unary("i64", 0xac),
  fromI32U: unary("i64", 0xad),
  fromF64: unary("i64", 0xfc, 0x06),
  bitsOf: unary("i64", 0xbd),
};
