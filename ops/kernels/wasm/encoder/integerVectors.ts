/** Instructions on vectors of integers: masks, exponents, and int32 arithmetic, which wraps. */
import { type Binary, binary, type Unary, unary, type Value, vectorOpcode } from "./value.ts";
import { type Lanes, lanes } from "./vectors.ts";

export interface IntegerLanes<T extends "i32x4" | "i64x2", E extends "i32" | "i64"> extends Lanes<T, E> {
  readonly abs: Unary<T>;
  readonly neg: Unary<T>;
  readonly allTrue: Unary<T, "i32">;
  /** The sign of each lane, a bit each. */
  readonly bitmask: Unary<T, "i32">;
  readonly shl: Shift<T>;
  readonly shrS: Shift<T>;
  readonly shrU: Shift<T>;
  readonly add: Binary<T>;
  readonly sub: Binary<T>;
  readonly mul: Binary<T>;
  readonly eq: Binary<T>;
  readonly ne: Binary<T>;
  readonly ltS: Binary<T>;
  readonly gtS: Binary<T>;
  readonly leS: Binary<T>;
  readonly geS: Binary<T>;
}

/** Every lane by the same number of bits. */
export type Shift<T extends "i32x4" | "i64x2"> = (x: Value<T>, bits: Value<"i32">) => Value<T>;

interface Opcodes {
  readonly splat: number;
  readonly lane: number;
  /** `abs`: the rest of arithmetic lies at distances that both widths share. */
  readonly arithmetic: number;
  /** eq, ne, ltS, gtS, leS, geS */
  readonly comparison: readonly [number, number, number, number, number, number];
}

function integerLanes<T extends "i32x4" | "i64x2", E extends "i32" | "i64">(
  type: T,
  element: E,
  at: Opcodes,
): IntegerLanes<T, E> {
  const one = (opcode: number): Unary<T> => unary(type, vectorOpcode(opcode));
  const two = (opcode: number): Binary<T> => binary(type, vectorOpcode(opcode));
  const shift = (opcode: number): Shift<T> => binary(type, vectorOpcode(opcode));
  const [eq, ne, ltS, gtS, leS, geS] = at.comparison;
  return {
    ...lanes(type, element, at),
    abs: one(at.arithmetic),
    neg: one(at.arithmetic + 1),
    allTrue: unary("i32", vectorOpcode(at.arithmetic + 3)),
    bitmask: unary("i32", vectorOpcode(at.arithmetic + 4)),
    shl: shift(at.arithmetic + 11),
    shrS: shift(at.arithmetic + 12),
    shrU: shift(at.arithmetic + 13),
    add: two(at.arithmetic + 14),
    sub: two(at.arithmetic + 17),
    mul: two(at.arithmetic + 21),
    eq: two(eq),
    ne: two(ne),
    ltS: two(ltS),
    gtS: two(gtS),
    leS: two(leS),
    geS: two(geS),
  };
}

/** i32x4, and what makes one of floats: to nearest towards zero, saturating, NaN to 0. */
export const i32x4: IntegerLanes<"i32x4", "i32"> & {
  readonly minS: Binary<"i32x4">;
  readonly maxS: Binary<"i32x4">;
  readonly fromF32x4: Unary<"f32x4", "i32x4">;
  /** Into the low lanes; zeros in the high ones. */
  readonly fromF64x2: Unary<"f64x2", "i32x4">;
} = {
  ...integerLanes("i32x4", "i32", {
    splat: 0x11,
    lane: 0x1b,
    arithmetic: 0xa0,
    comparison: [0x37, 0x38, 0x39, 0x3b, 0x3d, 0x3f],
  }),
  minS: binary("i32x4", vectorOpcode(0xb6)),
  maxS: binary("i32x4", vectorOpcode(0xb8)),
  fromF32x4: unary("i32x4", vectorOpcode(0xf8)),
  fromF64x2: unary("i32x4", vectorOpcode(0xfc)),
};

/** i64x2, and what makes one of narrower integers. */
export const i64x2: IntegerLanes<"i64x2", "i64"> & {
  readonly fromLowI32x4S: Unary<"i32x4", "i64x2">;
  readonly fromHighI32x4S: Unary<"i32x4", "i64x2">;
} = {
  ...integerLanes("i64x2", "i64", {
    splat: 0x12,
    lane: 0x1d,
    arithmetic: 0xc0,
    comparison: [0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xdb],
  }),
  fromLowI32x4S: unary("i64x2", vectorOpcode(0xc7)),
  fromHighI32x4S: unary("i64x2", vectorOpcode(0xc8)),
};
