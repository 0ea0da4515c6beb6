/** What instructions take and give, typed: f64.add of an i32 does not compile. */
import { type Code, unsigned } from "./bytes.ts";

/** The four kinds of lanes are one v128 to the engine; which of them is meant is known here. */
export type Vector = "f32x4" | "f64x2" | "i32x4" | "i64x2";

export type ScalarType = "i32" | "i64" | "f32" | "f64";

export type ValueType = ScalarType | Vector;

/**
 * An expression: the instructions that leave one value of this type on the stack. It is evaluated where it is put, so
 * one that is used twice is computed twice; keep it in a {@link Local} where that matters.
 */
export interface Value<T extends ValueType> {
  readonly type: T;
  readonly code: Code;
}

/** A variable of a function; as a value, what it holds. */
export interface Local<T extends ValueType> extends Value<T> {
  readonly index: number;
}

export function local<T extends ValueType>(type: T, index: number): Local<T> {
  return { type, index, code: [0x20, unsigned(index)] };
}

const V128 = 0x7b;
const TYPE_CODES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  f32x4: V128,
  f64x2: V128,
  i32x4: V128,
  i64x2: V128,
};

export function codeOfType(type: ValueType): number {
  return TYPE_CODES[type];
}

/** One argument to one result. */
export type Unary<A extends ValueType, R extends ValueType = A> = (x: Value<A>) => Value<R>;

/** Two arguments of one type. */
export type Binary<A extends ValueType, R extends ValueType = A> = (x: Value<A>, y: Value<A>) => Value<R>;

/** An instruction of one argument. */
export function unary<R extends ValueType>(
  result: R,
  ...opcode: readonly (number | Code)[]
): Unary<ValueType, R> {
  return (x) => ({ type: result, code: [x.code, opcode] });
}

/** An instruction of two. */
export function binary<R extends ValueType>(
  result: R,
  ...opcode: readonly (number | Code)[]
): (x: Value<ValueType>, y: Value<ValueType>) => Value<R> {
  return (x, y) => ({ type: result, code: [x.code, y.code, opcode] });
}

/** x where the condition is not 0, else y: both are evaluated, and nothing branches. */
export function choose<T extends ValueType>(
  condition: Value<"i32">,
  x: Value<T>,
  y: Value<NoInfer<T>>,
): Value<T> {
  return { type: x.type, code: [x.code, y.code, condition.code, 0x1b] };
}

/** The opcode of a vector instruction. */
export function vectorOpcode(number: number): Code {
  return [0xfd, unsigned(number)];
}
