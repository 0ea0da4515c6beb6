/** Four numbers of float32 as twice two of float64, for what float32 is too coarse for. */
import { type Body, f32x4, f64x2, type Local, type Value } from "../encoder/index.ts";

export interface Halves {
  readonly low: Local<"f64x2">;
  readonly high: Local<"f64x2">;
}

export function halves(body: Body, x: Local<"f32x4">): Halves {
  return {
    low: body.keep(f64x2.fromF32x4(x)),
    high: body.keep(f64x2.fromF32x4(f32x4.shuffle(x, x, [2, 3, 2, 3]))),
  };
}

/** Rounded to float32. */
export function joined(low: Value<"f64x2">, high: Value<"f64x2">): Value<"f32x4"> {
  return f32x4.shuffle(f32x4.fromF64x2(low), f32x4.fromF64x2(high), [0, 1, 4, 5]);
}

type OfTwo = (body: Body, x: Local<"f64x2">, y: Local<"f64x2">) => Value<"f64x2">;

/** A function of two, computed in float64. */
export function inHalves(body: Body, x: Local<"f32x4">, y: Local<"f32x4">, write: OfTwo): Value<"f32x4"> {
  const [a, b] = [halves(body, x), halves(body, y)];
  const low = body.keep(write(body, a.low, b.low));
  return joined(low, write(body, a.high, b.high));
}
