import { allocate, type DType, isFloat } from "../../graph/dtype.ts";
import type { Scalar } from "../../graph/lowering.ts";
import { type Shape, sizeOf, stridesOf } from "../../graph/shape.ts";
import type { NdArray, Output, Spec } from "../../graph/tensor.ts";

/** A formula over broadcast inputs, one output element after the other: slow, and plain enough to be believed. */
export function scalarByScalar(
  formula: Scalar,
  x: readonly NdArray[],
  params: unknown,
  { shape, dtype }: Spec,
): NdArray {
  const y = blank(shape, dtype);
  const isInteger = dtype === "int32" && x.every((t) => !isFloat(t.dtype));
  const evaluate = (e: Scalar, v: readonly number[]): number => {
    if (e.kind === "input") return v[e.index]!;
    if (e.kind === "constant") return e.value;
    if (e.kind === "parameter") return parameterOf(params, e.name);
    const f = isInteger ? (e.fn.int32 ?? e.fn.f) : e.fn.f;
    return f(...e.args.map((arg) => evaluate(arg, v)));
  };
  for (let i = 0; i < y.data.length; i++) {
    const place = placeOf(i, shape);
    y.data[i] = evaluate(
      formula,
      x.map((t) => t.data[offsetAt(t.shape, place)]!),
    );
  }
  return y;
}

/** Where along each axis the i-th element lies. */
export function placeOf(i: number, shape: Shape): readonly number[] {
  return stridesOf(shape).map((stride, k) => Math.floor(i / stride) % shape[k]!);
}

/** Which element of an array of this shape is read at that place of what the array is stretched to. */
export function offsetAt(shape: Shape, place: readonly number[]): number {
  const lead = place.length - shape.length;
  return shape.reduce((offset, d, k) => offset * d + (d === 1 ? 0 : place[k + lead]!), 0);
}

function parameterOf(params: unknown, name: string): number {
  const value = Object.entries(params ?? {}).find(([key]) => key === name)?.[1];
  if (typeof value !== "number")
    throw new TypeError(`the formula reads a parameter ${name} that is not there`);
  return value;
}

export function blank(shape: Shape, dtype: DType): Output {
  return { shape, dtype, data: allocate(dtype, sizeOf(shape)) };
}
