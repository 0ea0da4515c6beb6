/** Loads, stores and conversions of a few numbers at a time, whatever their dtype and however they lie. */
import type { DType } from "../../../../graph/dtype.ts";
import {
  type Address,
  type Body,
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  i32x4,
  i64x2,
  type Value,
  type Vector,
  v128,
} from "../encoder/index.ts";

/** How many points of the domain are computed at a time: two where a float64 is among them. */
export type LaneCount = 2 | 4;

/** Bytes of a number as it is stored. */
export const WIDTH: Readonly<Record<DType, 1 | 4 | 8>> = { float64: 8, float32: 4, int32: 4, bool: 1 };

/** Where something is read or written. */
export interface Place {
  readonly address: Address;
  /** In bytes, at most 2^32 with the address. */
  readonly offset: number;
  /** From one lane to the next, in elements. */
  readonly stride: number;
}

/**
 * bool as a mask: all bits of a lane, or none. int32 in the low lanes.
 *
 * @param count of how many points the numbers are wanted: what others are is left open
 */
export function loaded(
  dtype: DType,
  { address, offset, stride }: Place,
  lanes: LaneCount,
  count: number,
): Value<Vector> {
  if (stride !== 0 && stride !== 1) return gathered(dtype, { address, offset, stride }, lanes, count);
  const isSpread = stride === 0;
  if (dtype === "float64") return isSpread ? f64x2.loadSplat(address, offset) : f64x2.load(address, offset);
  if (dtype === "bool") return maskOfBytes(address, offset, isSpread, lanes);
  const kind = dtype === "float32" ? f32x4 : i32x4;
  if (isSpread) return kind.loadSplat(address, offset);
  return lanes === 4 ? kind.load(address, offset) : kind.loadLow[8](address, offset);
}

/** 0 and 1, a byte each, as masks. */
function maskOfBytes(address: Address, offset: number, isSpread: boolean, lanes: LaneCount): Value<Vector> {
  const words = isSpread
    ? i32x4.splat(i32.load8U(address, offset))
    : v128.widenShorts(v128.widenBytes(i32x4.loadLow[4](address, offset)));
  const mask = i32x4.neg(words);
  return lanes === 4 ? mask : i64x2.fromLowI32x4S(mask);
}

/** Lane by lane, from places that are not side by side: those of lanes beyond `count` may be outside the memory. */
function gathered(
  dtype: DType,
  { address, offset, stride }: Place,
  lanes: LaneCount,
  count: number,
): Value<Vector> {
  const at = (lane: number): number => offset + lane * stride * WIDTH[dtype];
  // A place before the first cannot be an offset, which is not negative.
  const from = (lane: number): readonly [Address, number] =>
    at(lane) >= 0 ? [address, at(lane)] : [i32.add(address, i32.const(at(lane))), 0];
  const others = Array.from({ length: count - 1 }, (_, k) => k + 1);
  if (dtype === "float64") {
    return others.reduce(
      (x: Value<"f64x2">, k) => f64x2.withLane(x, k, f64.load(...from(k))),
      f64x2.loadSplat(address, offset),
    );
  }
  if (dtype === "float32") {
    return others.reduce(
      (x: Value<"f32x4">, k) => f32x4.withLane(x, k, f32.load(...from(k))),
      f32x4.loadSplat(address, offset),
    );
  }
  if (dtype === "int32") {
    return others.reduce(
      (x: Value<"i32x4">, k) => i32x4.withLane(x, k, i32.load(...from(k))),
      i32x4.loadSplat(address, offset),
    );
  }
  const words = others.reduce(
    (x: Value<"i32x4">, k) => i32x4.withLane(x, k, i32.load8U(...from(k))),
    i32x4.splat(i32.load8U(address, offset)),
  );
  return lanes === 4 ? i32x4.neg(words) : i64x2.fromLowI32x4S(i32x4.neg(words));
}

/** Write the first `count` lanes. */
export function stored(
  body: Body,
  dtype: DType,
  value: Value<Vector>,
  { address, offset, stride }: Place,
  lanes: LaneCount,
  count: number,
): void {
  const width = WIDTH[dtype];
  const packed = dtype === "bool" ? bytesOfMask(value, lanes) : value;
  if (stride === 1 && count === lanes) {
    if (count * width === 16) body.store(address, packed, offset);
    else body.storeLane((count * width) as 2 | 4 | 8, address, packed, 0, offset);
    return;
  }
  if (stride === 1 && width === 4 && count >= 2) {
    body.storeLane(8, address, packed, 0, offset);
    if (count === 3) body.storeLane(4, address, packed, 2, offset + 8);
    return;
  }
  for (let k = 0; k < count; k++) {
    const at = offset + k * stride * width;
    if (at >= 0) body.storeLane(width, address, packed, k, at);
    else body.storeLane(width, i32.add(address, i32.const(at)), packed, k, 0);
  }
}

/** A mask's lanes as bytes of 0 and 1, side by side at the beginning. */
function bytesOfMask(mask: Value<Vector>, lanes: LaneCount): Value<Vector> {
  const ones = v128.and(i32x4.ofBits(mask), i32x4.const(1, 1, 1, 1));
  const step = 16 / lanes;
  return v128.bytes(
    ones,
    Array.from({ length: 16 }, (_, k) => (k < lanes ? k * step : 0)),
  );
}

/** Between the dtypes of a domain's formulas; bool is a mask. */
export function converted(
  value: Value<Vector>,
  from: DType,
  to: "float64" | "float32" | "bool",
  lanes: LaneCount,
): Value<Vector> {
  if (from === to) return value;
  if (to === "bool") return isNotZero(value, from, lanes);
  if (from === "bool") return numberOfMask(value, to, lanes);
  if (to === "float64") {
    return from === "int32" ? f64x2.fromI32x4S(i32x4.ofBits(value)) : f64x2.fromF32x4(f32x4.ofBits(value));
  }
  return from === "int32" ? f32x4.fromI32x4S(i32x4.ofBits(value)) : f32x4.fromF64x2(f64x2.ofBits(value));
}

function isNotZero(value: Value<Vector>, from: DType, lanes: LaneCount): Value<Vector> {
  if (from === "float64") return f64x2.ne(f64x2.ofBits(value), f64x2.const(0, 0));
  const words =
    from === "int32"
      ? i32x4.ne(i32x4.ofBits(value), i32x4.const(0, 0, 0, 0))
      : f32x4.ne(f32x4.ofBits(value), f32x4.const(0, 0, 0, 0));
  return widened(words, lanes);
}

function numberOfMask(mask: Value<Vector>, to: "float64" | "float32", lanes: LaneCount): Value<Vector> {
  if (to === "float64") return v128.and(f64x2.ofBits(mask), f64x2.const(1, 1));
  return v128.and(f32x4.ofBits(narrowed(mask, lanes)), f32x4.const(1, 1, 1, 1));
}

/** A mask of 32-bit lanes as the domain's masks are. */
export function widened(mask: Value<"i32x4">, lanes: LaneCount): Value<Vector> {
  return lanes === 4 ? mask : i64x2.fromLowI32x4S(mask);
}

/** A mask of the domain's, as one of 32-bit lanes. */
export function narrowed(mask: Value<Vector>, lanes: LaneCount): Value<"i32x4"> {
  const words = i32x4.ofBits(mask);
  if (lanes === 4) return words;
  return v128.bytes(
    words,
    Array.from({ length: 16 }, (_, k) => (k % 8 < 4 ? k % 8 : (k % 8) + 4)),
  );
}

/** One number in every lane. */
export function constantOf(dtype: "float64" | "float32", value: number): Value<Vector> {
  return dtype === "float64" ? f64x2.const(value, value) : f32x4.const(value, value, value, value);
}
