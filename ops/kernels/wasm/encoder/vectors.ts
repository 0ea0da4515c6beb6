/** Instructions on vectors of any lanes: bits, choice, and the movement of lanes. */
import { type Code, float32Bytes, float64Bytes, int32Bytes, int64Bytes } from "./bytes.ts";
import { type Load, loading, loadingLow, loadingVector } from "./memory.ts";
import { binary, type Unary, unary, type Value, type Vector, vectorOpcode } from "./value.ts";

/** What all vectors have: T are their lanes, E is one of them. */
export interface Lanes<T extends Vector, E extends "i32" | "i64" | "f32" | "f64"> {
  /** A number a lane. */
  readonly const: (...values: readonly number[]) => Value<T>;
  readonly load: Load<T>;
  /** One number, read into every lane. */
  readonly loadSplat: Load<T>;
  /** So many bytes, into the low lanes; the others are zero. */
  readonly loadLow: { readonly 4: Load<T>; readonly 8: Load<T> };
  readonly splat: Unary<E, T>;
  readonly lane: (x: Value<T>, lane: number) => Value<E>;
  readonly withLane: (x: Value<T>, lane: number, value: Value<E>) => Value<T>;
  /** The lanes of x and then of y, numbered through: shuffle(x, y, [0, 4]) is the first of each. */
  readonly shuffle: (x: Value<T>, y: Value<T>, lanes: readonly number[]) => Value<T>;
  /** The same bits under another reading: no instruction. */
  readonly ofBits: Unary<Vector, T>;
}

/** @param lane the opcode of extract_lane; that of replace_lane follows */
export function lanes<T extends Vector, E extends "i32" | "i64" | "f32" | "f64">(
  type: T,
  element: E,
  opcodes: { readonly splat: number; readonly lane: number },
): Lanes<T, E> {
  const width = element === "i64" || element === "f64" ? 8 : 4;
  const count = 16 / width;
  const checkedCount = (given: readonly number[]): readonly number[] => {
    if (given.length !== count) throw new RangeError(`${type} has ${count} lanes, not ${given.length}`);
    return given;
  };
  return {
    const: (...values) => ({
      type,
      code: [vectorOpcode(0x0c), checkedCount(values).map(BYTES[element])],
    }),
    load: loadingVector(type),
    loadSplat: width === 4 ? loading(type, vectorOpcode(0x09), 2) : loading(type, vectorOpcode(0x0a), 3),
    loadLow: { 4: loadingLow(type, 4), 8: loadingLow(type, 8) },
    splat: unary(type, vectorOpcode(opcodes.splat)),
    lane: (x, lane) => ({
      type: element,
      code: [x.code, vectorOpcode(opcodes.lane), checkedLane(lane, count)],
    }),
    withLane: (x, lane, value) => ({
      type,
      code: [x.code, value.code, vectorOpcode(opcodes.lane + 1), checkedLane(lane, count)],
    }),
    shuffle: (x, y, order) => {
      const bytes: Code = checkedCount(order).map((lane) => bytesOf(checkedLane(lane, 2 * count), width));
      return { type, code: [x.code, y.code, vectorOpcode(0x0d), bytes] };
    },
    ofBits: (x) => ({ type, code: x.code }),
  };
}

const BYTES = { i32: int32Bytes, i64: int64Bytes, f32: float32Bytes, f64: float64Bytes } as const;

function checkedLane(lane: number, count: number): number {
  if (!Number.isInteger(lane) || lane < 0 || lane >= count)
    throw new RangeError(`no lane ${lane} in ${count}`);
  return lane;
}

/** Shuffles move bytes. */
function bytesOf(lane: number, width: number): number[] {
  return Array.from({ length: width }, (_, byte) => lane * width + byte);
}

type SameLanes = <T extends Vector>(x: Value<T>, y: Value<NoInfer<T>>) => Value<T>;

/** Instructions that see bits, whatever the lanes. */
export const v128: {
  readonly not: <T extends Vector>(x: Value<T>) => Value<T>;
  readonly and: SameLanes;
  /** x and not y. */
  readonly andNot: SameLanes;
  readonly or: SameLanes;
  readonly xor: SameLanes;
  /** Bits of x where the mask's are 1, of y elsewhere. */
  readonly select: <T extends Vector>(x: Value<T>, y: Value<NoInfer<T>>, mask: Value<Vector>) => Value<T>;
  readonly anyTrue: Unary<Vector, "i32">;
  /** The first eight or four bytes or the like, each widened to twice its size. */
  readonly widenBytes: Unary<Vector, Vector>;
  readonly widenShorts: Unary<Vector, "i32x4">;
  /** The bytes of x, in this order. */
  readonly bytes: <T extends Vector>(x: Value<T>, order: readonly number[]) => Value<T>;
} = {
  not: (x) => unary(x.type, vectorOpcode(0x4d))(x),
  and: (x, y) => binary(x.type, vectorOpcode(0x4e))(x, y),
  andNot: (x, y) => binary(x.type, vectorOpcode(0x4f))(x, y),
  or: (x, y) => binary(x.type, vectorOpcode(0x50))(x, y),
  xor: (x, y) => binary(x.type, vectorOpcode(0x51))(x, y),
  select: (x, y, mask) => ({ type: x.type, code: [x.code, y.code, mask.code, vectorOpcode(0x52)] }),
  anyTrue: unary("i32", vectorOpcode(0x53)),
  widenBytes: unary("i32x4", vectorOpcode(0x89)),
  widenShorts: unary("i32x4", vectorOpcode(0xa9)),
  bytes: (x, order) => {
    if (order.length !== 16) throw new RangeError(`16 bytes make a vector, not ${order.length}`);
    return { type: x.type, code: [x.code, x.code, vectorOpcode(0x0d), order.map((b) => checkedLane(b, 16))] };
  },
};
