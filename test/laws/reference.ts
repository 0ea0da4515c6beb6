/** A fused op is its reference, computed otherwise. */
import type { AnyPrimitive, Inputs } from "../../graph/primitive.ts";
import type { Fused } from "../../ops/families/fused.ts";
import { jvp, vjp } from "../../src/transforms/derivatives.ts";
import { directions } from "../draw.ts";
import {
  type AnySample,
  type Application,
  applied,
  hasDerivative,
  owned,
  type TensorMap,
} from "./application.ts";
import { first, firstDifference, rms } from "./numbers.ts";

const AGREE = 1e-10;
/** Half the distance from 1 to the next float32. */
const ULP = 2 ** -24;
const FEW = 8;
const SEVERAL = 6;

function isFused(op: AnyPrimitive): op is Fused<Inputs, unknown> {
  return "reference" in op && typeof op.reference === "function";
}

/** Value, tangents and cotangents agree with the reference's, element by element. */
export function referenceLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  if (!isFused(op)) return null;
  const at = applied(op, sample);
  const reference = referenceOf(op, at, sample.params);
  const value = firstDifference(at.y, reference(...at.floats)[0]!, AGREE);
  if (value !== null) return `value, and not the reference's: ${value}`;
  if (!hasDerivative(at)) return null;
  const direction = directions(seed, op.name, "reference");
  const yBar = [direction(at.y)];
  const xDot = at.floats.map(direction);
  const back = (f: TensorMap): Inputs => vjp<Inputs, Inputs>(f, ...at.floats)[1](yBar);
  const ahead = (f: TensorMap): Inputs => jvp<Inputs, Inputs>(f, at.floats, xDot)[1];
  return first([back, ahead], (rule, which) => {
    const expected = rule(reference);
    const found = first(rule(at.f), (d, k) => firstDifference(d, expected[k]!, AGREE));
    return found === null ? null : `${which === 0 ? "vjp" : "jvp"}, and not the reference's: ${found}`;
  });
}

/**
 * In float32 the fused op errs no more than its reference does, give or take a few units in the last place.
 *
 * Errors are taken over several cotangents together: where terms cancel, either may be lucky with one.
 */
export function referenceFloat32Law(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  if (!isFused(op)) return null;
  const narrow = applied(op, sample, "float32");
  if (!hasDerivative(narrow) || narrow.y.dtype !== "float32") return null;
  const wide = applied(op, { x: narrow.x, params: sample.params });
  const direction = directions(seed, op.name, "reference in float32");
  const yBars = Array.from({ length: SEVERAL }, () => direction(narrow.y));
  const everything = (f: TensorMap, x: Inputs): readonly number[][] => {
    const back = vjp<Inputs, Inputs>(f, ...x)[1];
    const parts = yBars.map((yBar) => [...f(...x), ...back([owned(yBar, x[0]!.dtype)])]);
    return [...x, null].map((_, k) => parts.flatMap((part) => [...part[k]!.data]));
  };
  const exact = everything(referenceOf(op, wide, sample.params), wide.floats);
  const composed = everything(referenceOf(op, narrow, sample.params), narrow.floats);
  return first(everything(narrow.f, narrow.floats), (part, k) => {
    const error = distance(part, exact[k]!);
    const allowed = 2 * distance(composed[k]!, exact[k]!) + FEW * ULP * rms(Float64Array.from(exact[k]!));
    const what = k === 0 ? "value" : `cotangent of input ${k - 1}`;
    return error <= allowed ? null : `${what} in float32 errs by ${error}, allowed ${allowed}`;
  });
}

function distance(a: readonly number[], b: readonly number[]): number {
  return rms(Float64Array.from(a, (v, i) => v - b[i]!));
}

function referenceOf(op: Fused<Inputs, unknown>, { x, places }: Application, params: unknown): TensorMap {
  return (...floats) => [
    op.reference(
      x.map((t, k) => (places.includes(k) ? floats[places.indexOf(k)]! : t)),
      params,
    ),
  ];
}
