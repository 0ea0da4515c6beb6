/**
 * Reading and writing memory: little-endian, at a byte address plus a constant offset, aligned or not.
 *
 * The alignment that an instruction states is a hint; the natural one is stated.
 */
import { type Code, unsigned } from "./bytes.ts";
import { type Value, type ValueType, type Vector, vectorOpcode } from "./value.ts";

export type Address = Value<"i32">;

/** Loads from an address plus a constant number of bytes. */
export type Load<R extends ValueType> = (address: Address, offset?: number) => Value<R>;

export function loading<R extends ValueType>(result: R, opcode: Code, alignment: number): Load<R> {
  return (address, offset = 0) => ({ type: result, code: [address.code, opcode, place(alignment, offset)] });
}

/** v128.load: all lanes, side by side. */
export function loadingVector<R extends Vector>(result: R): Load<R> {
  return loading(result, vectorOpcode(0x00), 4);
}

/** Log 2 of a natural alignment, and the offset. */
function place(alignment: number, offset: number): Code {
  return [unsigned(alignment), unsigned(offset)];
}

const V128_STORE = { opcode: vectorOpcode(0x0b), alignment: 4 };
const STORES: Readonly<Record<ValueType, { readonly opcode: Code; readonly alignment: number }>> = {
  i32: { opcode: [0x36], alignment: 2 },
  i64: { opcode: [0x37], alignment: 3 },
  f32: { opcode: [0x38], alignment: 2 },
  f64: { opcode: [0x39], alignment: 3 },
  f32x4: V128_STORE,
  f64x2: V128_STORE,
  i32x4: V128_STORE,
  i64x2: V128_STORE,
};

export function storing(address: Address, value: Value<ValueType>, offset: number): Code {
  const { opcode, alignment } = STORES[value.type];
  return [address.code, value.code, opcode, place(alignment, offset)];
}

/** v128.load32_zero, v128.load64_zero: the low bytes; the rest is zero. */
export function loadingLow<R extends Vector>(result: R, bytes: 4 | 8): Load<R> {
  return bytes === 4 ? loading(result, vectorOpcode(0x5c), 2) : loading(result, vectorOpcode(0x5d), 3);
}

/** v128.store8_lane, 16, 32 and 64, by their bytes: the opcode, and log 2 of the bytes. */
const LANE_STORES = { 1: 0x58, 2: 0x59, 4: 0x5a, 8: 0x5b } as const;

export function storingLane(
  bytes: 1 | 2 | 4 | 8,
  address: Address,
  value: Value<Vector>,
  lane: number,
  offset: number,
): Code {
  const opcode = vectorOpcode(LANE_STORES[bytes]);
  return [address.code, value.code, opcode, place(Math.log2(bytes), offset), lane];
}

/** memory.fill: so many bytes from the address on become this one. */
export function filling(address: Address, byte: Value<"i32">, count: Value<"i32">): Code {
  return [address.code, byte.code, count.code, 0xfc, unsigned(11), 0x00];
}

/** memory.copy, within the memory; the two may overlap. */
export function copying(to: Address, from: Address, count: Value<"i32">): Code {
  return [to.code, from.code, count.code, 0xfc, unsigned(10), 0x00, 0x00];
}
