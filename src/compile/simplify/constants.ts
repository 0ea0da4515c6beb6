/** What rules ask of constants. */
import { allocate, type DType, filled, fromData, type Spec, type Tensor } from "../../../graph/index.ts";
import type { Site } from "./rule.ts";

/** Whether it is this number throughout: 0 is not -0. */
export function isAll(t: Tensor | null, value: number): boolean {
  return t !== null && t.size > 0 && every(t, (x) => Object.is(x, value));
}

/** Zeros of either sign. */
export function isAllZero(t: Tensor | null): boolean {
  return t !== null && every(t, (x) => x === 0);
}

/** As many zeros as that. */
export function zerosOf({ shape, dtype }: Spec): Tensor {
  return filled(shape, dtype, 0);
}

export function every({ data }: Tensor, holds: (x: number) => boolean): boolean {
  for (let i = 0; i < data.length; i++) if (!holds(data[i]!)) return false;
  return true;
}

/** A new constant, element by element. */
export function mapped(t: Tensor, dtype: DType, f: (x: number) => number): Tensor {
  const data = allocate(dtype, t.size);
  for (let i = 0; i < data.length; i++) data[i] = f(t.data[i]!);
  return fromData(t.shape, dtype, data);
}

/** One number. */
export function scalarOf(dtype: DType, x: number): Tensor {
  return filled([], dtype, x);
}

/** Of two operands one that is a constant, and the other. */
export function withConstant({ parents, constant }: Site): { x: number; c: Tensor; isFirst: boolean } | null {
  const [a, b] = parents as readonly [number, number];
  const second = constant(b);
  if (second !== null) return { x: a, c: second, isFirst: false };
  const first = constant(a);
  return first === null ? null : { x: b, c: first, isFirst: true };
}
