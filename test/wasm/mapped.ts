/** Arrays put through an emitted function, a vector at a time. */
import { allocate, type Data } from "../../graph/dtype.ts";
import type { ScalarFunction } from "../../graph/lowering.ts";
import { encodeModule, type Func, func, i32 } from "../../ops/kernels/wasm/encoder/index.ts";
import { instantiated, newMemory } from "../../ops/kernels/wasm/engine.ts";
import {
  F32,
  F64,
  type FloatVector,
  numbersOf,
  vectorFunctionOf,
  type Width,
} from "../../ops/kernels/wasm/math/index.ts";

export type FloatType = "float32" | "float64";
export const FLOATS = ["float32", "float64"] as const;

const PAGE = 65536;

/** `map(bytes, x, xBytes, y)`: operands lie one behind the other from x on, xBytes each. */
function mapOf<T extends FloatVector>(width: Width<T>, fn: ScalarFunction, arity: number): Func {
  const vectorFunction = vectorFunctionOf(fn);
  if (vectorFunction === null) throw new RangeError(`nothing is known of ${fn.name}`);
  return func("map", ["i32", "i32", "i32"], (body, x, stride, y) => {
    const end = body.keep(i32.add(x, stride));
    body.loop((again) => {
      const operands = Array.from({ length: arity }, (_, k) =>
        body.keep(width.float.load(i32.add(x, i32.mul(stride, i32.const(k))))),
      );
      body.store(y, numbersOf(width, vectorFunction.emit(width, body, operands)));
      body.set(x, i32.add(x, i32.const(16)));
      body.set(y, i32.add(y, i32.const(16)));
      body.branchIf(again, i32.ltU(x, end));
    });
  });
}

function funcOf(dtype: FloatType, fn: ScalarFunction, arity: number): Func {
  return dtype === "float32" ? mapOf(F32, fn, arity) : mapOf(F64, fn, arity);
}

export function moduleOf(dtype: FloatType, fn: ScalarFunction, arity: number): Uint8Array<ArrayBuffer> {
  return encodeModule([funcOf(dtype, fn, arity)]);
}

/** fn of the columns' numbers, which are rounded to the type first. */
export function mapped(dtype: FloatType, fn: ScalarFunction, ...columns: readonly ArrayLike<number>[]): Data {
  const length = columns[0]?.length ?? 0;
  const size = dtype === "float32" ? 4 : 8;
  const bytes = Math.ceil((length * size) / 16) * 16;
  const memory = newMemory(Math.ceil((bytes * (columns.length + 1)) / PAGE));
  const view = (k: number): Data => {
    const View = dtype === "float32" ? Float32Array : Float64Array;
    return new View(memory.buffer, k * bytes, length);
  };
  columns.forEach((column, k) => {
    view(k).set(column);
  });
  const { map } = instantiated([funcOf(dtype, fn, columns.length)], memory);
  map!(0, bytes, columns.length * bytes);
  const y = allocate(dtype, length);
  y.set(view(columns.length));
  return y;
}

/** How many numbers of the type further up b is than a; NaN is next to NaN only. */
export function between(dtype: FloatType, a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Object.is(a, b) ? 0 : Number.POSITIVE_INFINITY;
  return Number(place(dtype, b) - place(dtype, a));
}

/** Numbers of one sign are in the order of their bits. */
function place(dtype: FloatType, x: number): bigint {
  const a = Math.abs(x);
  const magnitude =
    dtype === "float32"
      ? BigInt(new Uint32Array(Float32Array.of(a).buffer)[0]!)
      : new BigUint64Array(Float64Array.of(a).buffer)[0]!;
  return x < 0 ? -magnitude : magnitude;
}
