import {
  type AnyPrimitive,
  type Convention,
  type Inputs,
  type NdArray,
  numberText,
} from "../../graph/index.ts";
import * as ops from "../../ops/index.ts";

/** What an op returns at a place where it has no derivative. */
export interface DeclaredConvention {
  readonly op: string;
  /** The op, as it is applied there. */
  readonly application: string;
  /** The inputs there, in their order. */
  readonly at: readonly string[];
  /** The cotangent for each input, for a cotangent of ones. */
  readonly xBar: readonly string[];
  readonly because: string;
}

/** Every convention that the record of an op of the library declares, by the op's name. */
export function declaredConventions(): readonly DeclaredConvention[] {
  const records = Object.values<unknown>(ops).filter(isPrimitive);
  return records
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((op) => op.conventions().map((convention) => declared(op, convention)));
}

function declared(
  op: AnyPrimitive,
  { x, params, xBar, because }: Convention<Inputs, unknown>,
): DeclaredConvention {
  const names = x.length === 1 ? ["x"] : x.map((_, k) => String.fromCharCode("a".charCodeAt(0) + k));
  return {
    op: op.name,
    application: op.text(names, params),
    at: x.map((t, k) => `${names[k]} = ${numbers(t)}`),
    xBar: xBar.map(numbers),
    because,
  };
}

/** One number as it is, several in brackets. */
function numbers({ data, dtype }: NdArray): string {
  const words = Array.from(data, (v) => numberText(v, dtype));
  return words.length === 1 ? words[0]! : `[${words.join(", ")}]`;
}

function isPrimitive(value: unknown): value is AnyPrimitive {
  return typeof value === "object" && value !== null && "kernel" in value && "conventions" in value;
}
