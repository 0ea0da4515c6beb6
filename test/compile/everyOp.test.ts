/** Compiled is eager: every op, at every sample, in both float dtypes, values and cotangents. */
import { describe, expect, test } from "vitest";
import type { DType } from "../../graph/dtype.ts";
import type { AnyPrimitive, Inputs } from "../../graph/primitive.ts";
import * as ops from "../../ops/index.ts";
import { compile, vjp } from "../../src/index.ts";
import { directions, drawing } from "../draw.ts";
import { applied, describeSample, hasDerivative } from "../laws/application.ts";
import { first, firstDifference } from "../laws/numbers.ts";

const SEED = 1964;

/** Of float32 both sides are rounded, in different places. */
const TOLERANCE: Readonly<Record<"float64" | "float32", number>> = { float64: 1e-12, float32: 2e-6 };

function difference(op: AnyPrimitive, dtype: "float64" | "float32"): string | null {
  return first(op.samples(drawing(SEED, op.name)), (sample, index) => {
    const at = applied(op, sample, dtype);
    const direction = directions(SEED, op.name, index);
    const yBar = [direction(at.y)];
    const backward = (...t: Inputs): Inputs => {
      const [y, back] = vjp<Inputs, Inputs>(at.f, ...t.slice(0, at.floats.length));
      return [...y, ...back(t.slice(at.floats.length))];
    };
    const [f, x] = hasDerivative(at) ? [backward, [...at.floats, ...yBar]] : [at.f, at.floats];
    const expected = f(...x);
    const compiled = compile<Inputs, Inputs>(f as (...x: unknown[]) => Inputs);
    const found = first([compiled(...x), compiled(...x)], (actual) =>
      first(expected, (y, k) => firstDifference(actual[k]!, y, TOLERANCE[dtype])),
    );
    return found === null ? null : `${describeSample(sample, index)}: ${found}`;
  });
}

const primitives = Object.values<unknown>(ops).filter(
  (value): value is AnyPrimitive =>
    typeof value === "object" && value !== null && "kernel" in value && "vjp" in value,
);

describe.each(primitives.map((op) => [op.name, op] as const))("%s", (_, op) => {
  test.each<DType & ("float64" | "float32")>(["float64", "float32"])("%s", (dtype) => {
    expect(difference(op, dtype)).toBeNull();
  });
});
