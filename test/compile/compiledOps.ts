/** Every op, at every sample, compiled and not: values and cotangents. */
import type { AnyPrimitive, Inputs } from "../../graph/primitive.ts";
import * as ops from "../../ops/index.ts";
import { compile, vjp } from "../../src/index.ts";
import { directions, drawing } from "../draw.ts";
import { applied, describeSample, hasDerivative } from "../laws/application.ts";
import { first, firstDifference } from "../laws/numbers.ts";

const SEED = 1964;

/** Of float32 both sides are rounded, in different places. */
const TOLERANCE: Readonly<Record<"float64" | "float32", number>> = { float64: 1e-12, float32: 2e-6 };

/** The first sample at which the two are further apart than rounding makes them; or null. */
export function whereCompiledDiffers(op: AnyPrimitive, dtype: "float64" | "float32"): string | null {
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

export const FLOATS = ["float64", "float32"] as const;

/** An op is tested because it is exported. */
export const PRIMITIVES: readonly AnyPrimitive[] = Object.values<unknown>(ops).filter(
  (value): value is AnyPrimitive =>
    typeof value === "object" && value !== null && "kernel" in value && "vjp" in value,
);
