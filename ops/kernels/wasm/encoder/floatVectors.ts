/** Instructions on vectors of floating-point numbers. */
import { type Binary, binary, type Unary, unary, type Value, vectorOpcode } from "./value.ts";
import { type Lanes, lanes } from "./vectors.ts";

/** T are the lanes, E is one of them, M what a comparison gives: all bits of a lane, or none. */
export interface FloatLanes<T extends "f32x4" | "f64x2", E extends "f32" | "f64", M extends "i32x4" | "i64x2">
  extends Lanes<T, E> {
  readonly eq: Binary<T, M>;
  readonly ne: Binary<T, M>;
  readonly lt: Binary<T, M>;
  readonly gt: Binary<T, M>;
  readonly le: Binary<T, M>;
  readonly ge: Binary<T, M>;
  readonly abs: Unary<T>;
  readonly neg: Unary<T>;
  readonly sqrt: Unary<T>;
  readonly add: Binary<T>;
  readonly sub: Binary<T>;
  readonly mul: Binary<T>;
  readonly div: Binary<T>;
  /** NaN where either is. */
  readonly min: Binary<T>;
  readonly max: Binary<T>;
  /** y < x ? y : x, one instruction on most machines. */
  readonly pmin: Binary<T>;
  /** x < y ? y : x */
  readonly pmax: Binary<T>;
  readonly ceil: Unary<T>;
  readonly floor: Unary<T>;
  readonly trunc: Unary<T>;
  readonly nearest: Unary<T>;
  /**
   * x y + z, rounded once or twice as the machine likes: not the same number everywhere, and not in every engine
   * (see features.ts).
   */
  readonly relaxedMadd: (x: Value<T>, y: Value<T>, z: Value<T>) => Value<T>;
  /** z - x y, likewise. */
  readonly relaxedNmadd: (x: Value<T>, y: Value<T>, z: Value<T>) => Value<T>;
}

interface Opcodes {
  readonly splat: number;
  readonly lane: number;
  /** `eq`; ne, lt, gt, le and ge follow. */
  readonly comparison: number;
  /** `abs`; neg follows, and from two further on sqrt, add, sub, mul, div, min, max, pmin, pmax. */
  readonly arithmetic: number;
  readonly ceil: number;
  readonly floor: number;
  readonly trunc: number;
  readonly nearest: number;
  /** The negated one follows. */
  readonly relaxed: number;
}

function floatLanes<T extends "f32x4" | "f64x2", E extends "f32" | "f64", M extends "i32x4" | "i64x2">(
  type: T,
  element: E,
  mask: M,
  at: Opcodes,
): FloatLanes<T, E, M> {
  const one = (opcode: number): Unary<T> => unary(type, vectorOpcode(opcode));
  const two = (opcode: number): Binary<T> => binary(type, vectorOpcode(opcode));
  const comparing = (opcode: number): Binary<T, M> => binary(mask, vectorOpcode(opcode));
  const three =
    (opcode: number): FloatLanes<T, E, M>["relaxedMadd"] =>
    (x, y, z) => ({ type, code: [x.code, y.code, z.code, vectorOpcode(opcode)] });
  return {
    ...lanes(type, element, at),
    eq: comparing(at.comparison),
    ne: comparing(at.comparison + 1),
    lt: comparing(at.comparison + 2),
    gt: comparing(at.comparison + 3),
    le: comparing(at.comparison + 4),
    ge: comparing(at.comparison + 5),
    abs: one(at.arithmetic),
    neg: one(at.arithmetic + 1),
    sqrt: one(at.arithmetic + 3),
    add: two(at.arithmetic + 4),
    sub: two(at.arithmetic + 5),
    mul: two(at.arithmetic + 6),
    div: two(at.arithmetic + 7),
    min: two(at.arithmetic + 8),
    max: two(at.arithmetic + 9),
    pmin: two(at.arithmetic + 10),
    pmax: two(at.arithmetic + 11),
    ceil: one(at.ceil),
    floor: one(at.floor),
    trunc: one(at.trunc),
    nearest: one(at.nearest),
    relaxedMadd: three(at.relaxed),
    relaxedNmadd: three(at.relaxed + 1),
  };
}

export const f32x4: FloatLanes<"f32x4", "f32", "i32x4"> & {
  readonly fromI32x4S: Unary<"i32x4", "f32x4">;
  /** Two numbers, rounded, in the low lanes; zeros in the high ones. */
  readonly fromF64x2: Unary<"f64x2", "f32x4">;
} = {
  ...floatLanes("f32x4", "f32", "i32x4", {
    splat: 0x13,
    lane: 0x1f,
    comparison: 0x41,
    arithmetic: 0xe0,
    ceil: 0x67,
    floor: 0x68,
    trunc: 0x69,
    nearest: 0x6a,
    relaxed: 0x105,
  }),
  fromI32x4S: unary("f32x4", vectorOpcode(0xfa)),
  fromF64x2: unary("f32x4", vectorOpcode(0x5e)),
};

export const f64x2: FloatLanes<"f64x2", "f64", "i64x2"> & {
  /** The low lanes. */
  readonly fromF32x4: Unary<"f32x4", "f64x2">;
  readonly fromI32x4S: Unary<"i32x4", "f64x2">;
} = {
  ...floatLanes("f64x2", "f64", "i64x2", {
    splat: 0x14,
    lane: 0x21,
    comparison: 0x47,
    arithmetic: 0xec,
    ceil: 0x74,
    floor: 0x75,
    trunc: 0x7a,
    nearest: 0x94,
    relaxed: 0x107,
  }),
  fromF32x4: unary("f64x2", vectorOpcode(0x5f)),
  fromI32x4S: unary("f64x2", vectorOpcode(0xfe)),
};
