/** What is kept while elements are combined, and what becomes of it. */
import {
  type Body,
  f32,
  f32x4,
  f64,
  f64x2,
  type Local,
  type Value,
  type Vector,
  v128,
} from "../encoder/index.ts";
import { type LaneCount, type Place, stored } from "./lanes.ts";
import type { Access, Fold } from "./sweep.ts";

/** What combining begins with, and what lanes that are not there count as. */
export function identityOf({ combine }: Fold): number {
  if (combine === "add") return 0;
  return combine === "max" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

export function isFloat32({ term }: Fold): boolean {
  return term.dtype === "float32";
}

export function identityLanes(fold: Fold): Value<Vector> {
  const x = identityOf(fold);
  return isFloat32(fold) ? f32x4.const(x, x, x, x) : f64x2.const(x, x);
}

/** NaN where either is, -0 below 0: as Math.max and Math.min have it. */
export function combinedLanes(fold: Fold, a: Value<Vector>, b: Value<Vector>): Value<Vector> {
  return isFloat32(fold)
    ? f32x4[fold.combine](f32x4.ofBits(a), f32x4.ofBits(b))
    : f64x2[fold.combine](f64x2.ofBits(a), f64x2.ofBits(b));
}

/** The low two lanes of four, and the high two, in float64. */
export function halves(lanes: Value<Vector>): readonly [Value<"f64x2">, Value<"f64x2">] {
  const x = f32x4.ofBits(lanes);
  return [f64x2.fromF32x4(x), f64x2.fromF32x4(f32x4.shuffle(x, x, [2, 3, 2, 3]))];
}

/** Lanes from `count` on made to count for nothing. */
export function masked(fold: Fold, lanes: Value<Vector>, count: number): Value<Vector> {
  const bits = (n: number): number[] => Array.from({ length: n }, (_, k) => (k < count ? 0 : 1));
  const isAbsent = isFloat32(fold)
    ? f32x4.lt(f32x4.const(0, 0, 0, 0), f32x4.const(...bits(4)))
    : f64x2.lt(f64x2.const(0, 0), f64x2.const(...bits(2)));
  const absent: Value<Vector> = isAbsent;
  return v128.select(identityLanes(fold), lanes, absent);
}

/** All lanes combined, as one float64. */
export function acrossLanes(body: Body, fold: Fold, lanes: Local<Vector>): Value<"f64"> {
  if (!isFloat32(fold)) {
    const x = f64x2.ofBits(lanes);
    return f64[fold.combine](f64x2.lane(x, 0), f64x2.lane(x, 1));
  }
  const [low, high] = halves(lanes);
  const both = body.keep(f64x2[fold.combine](low, high));
  return f64[fold.combine](f64x2.lane(both, 0), f64x2.lane(both, 1));
}

/** A running result, and one more part of it. */
export function addToRunning(body: Body, fold: Fold, value: Value<"f64">, { address, offset }: Place): void {
  body.store(address, f64[fold.combine](f64.load(address, offset), value), offset);
}

/** The result itself: divided where it is a mean, and rounded. */
export function finished(body: Body, fold: Fold, value: Value<"f64">, { address, offset }: Place): void {
  const result = fold.divisor === 1 ? value : f64.div(value, f64.const(fold.divisor));
  if (fold.to.buffer.dtype === "float32") body.store(address, f32.fromF64(result), offset);
  else body.store(address, result, offset);
}

/** As {@link finished}, for lanes that are results of their own. */
export function finishedLanes(
  body: Body,
  fold: Fold,
  lanes: Local<Vector>,
  place: Place,
  laneCount: LaneCount,
  count: number,
): void {
  const { dtype } = fold.to.buffer;
  const result = dividedLanes(fold, lanes);
  // What was added up in float64 need not be that.
  const isRounded = dtype === "float32" && !isFloat32(fold);
  stored(body, dtype, isRounded ? f32x4.fromF64x2(f64x2.ofBits(result)) : result, place, laneCount, count);
}

function dividedLanes(fold: Fold, lanes: Local<Vector>): Value<Vector> {
  if (fold.divisor === 1) return lanes;
  const n = f64x2.const(fold.divisor, fold.divisor);
  if (!isFloat32(fold)) return f64x2.div(f64x2.ofBits(lanes), n);
  const [low, high] = halves(lanes);
  const first = f32x4.fromF64x2(f64x2.div(low, n));
  const second = f32x4.fromF64x2(f64x2.div(high, n));
  return f32x4.shuffle(first, second, [0, 1, 4, 5]);
}

/** As {@link addToRunning}, for lanes that are results of their own; the running ones lie side by side. */
export function addLanesToRunning(
  body: Body,
  fold: Fold,
  lanes: Local<Vector>,
  { address, offset }: Place,
  count: number,
): void {
  const parts = isFloat32(fold) ? halves(lanes) : [f64x2.ofBits(lanes)];
  parts.forEach((part, k) => {
    const here = Math.min(count - 2 * k, 2);
    if (here <= 0) return;
    const at = offset + 16 * k;
    const sum = f64x2[fold.combine](f64x2.load(address, at), part);
    stored(body, "float64", sum, { address, offset: at, stride: 1 }, 2, here);
  });
}

/** Where the running result of what a fold writes is. */
export function runningAccess({ running, to }: Fold): Access {
  return { buffer: running!, start: to.start, strides: to.strides };
}
