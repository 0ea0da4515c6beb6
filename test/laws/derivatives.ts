/** Laws of an op's two rules, and of their own derivatives. */
import type { AnyPrimitive, Inputs } from "../../graph/primitive.ts";
import { jvp, vjp } from "../../src/transforms/derivatives.ts";
import { directions } from "../draw.ts";
import { type AnySample, type Application, applied, hasDerivative, type TensorMap } from "./application.ts";
import { adjointPair, limitOfDifferences } from "./linearization.ts";

const EXACT = 1e-10;
/** Where the op itself rounds to float32, whatever it is given. */
const ROUNDED = 1e-5;

/** jvp, against differences of the op. */
export function jvpLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  if (!hasSlopes(at)) return null;
  return limitOfDifferences(at.f, at.floats, [...at.floats.keys()], directions(seed, op.name, "jvp"));
}

/** vjp, against jvp. */
export function adjointLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  if (!hasDerivative(at)) return null;
  return adjointPair(at.f, at.floats, directions(seed, op.name, "adjoint"), toleranceOf(at));
}

/** jvp of vjp, against differences of vjp. */
export function jvpOfVjpLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  if (!hasSlopes(at)) return null;
  const direction = directions(seed, op.name, "jvp of vjp");
  const x = [...at.floats, direction(at.y)];
  return limitOfDifferences(backward(at), x, [...at.floats.keys()], direction);
}

/** jvp of jvp, against differences of jvp. */
export function jvpOfJvpLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  if (!hasSlopes(at)) return null;
  const direction = directions(seed, op.name, "jvp of jvp");
  const x = [...at.floats, ...at.floats.map(direction)];
  return limitOfDifferences(forward(at), x, [...at.floats.keys()], direction);
}

/** vjp of vjp, against jvp of vjp. */
export function vjpOfVjpLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  if (!hasDerivative(at)) return null;
  const direction = directions(seed, op.name, "vjp of vjp");
  return adjointPair(backward(at), [...at.floats, direction(at.y)], direction, toleranceOf(at));
}

/** vjp of jvp, against jvp of jvp. */
export function vjpOfJvpLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  if (!hasDerivative(at)) return null;
  const direction = directions(seed, op.name, "vjp of jvp");
  return adjointPair(forward(at), [...at.floats, ...at.floats.map(direction)], direction, toleranceOf(at));
}

/** The third derivative along a line, against differences of the second. */
export function thirdOrderLaw(op: AnyPrimitive, sample: AnySample, seed: number): string | null {
  const at = applied(op, sample);
  if (!hasSlopes(at)) return null;
  const direction = directions(seed, op.name, "third order");
  const along = at.floats.map(direction);
  const slope: TensorMap = (...x) => jvp<Inputs, Inputs>(at.f, x, along)[1];
  const curvature: TensorMap = (...x) => jvp<Inputs, Inputs>(slope, x, along)[1];
  return limitOfDifferences(curvature, at.floats, [...at.floats.keys()], direction);
}

/** (x, ȳ) -> x̄ */
function backward({ f, floats }: Application): TensorMap {
  const n = floats.length;
  return (...xAndBar) => vjp<Inputs, Inputs>(f, ...xAndBar.slice(0, n))[1](xAndBar.slice(n));
}

/** (x, ẋ) -> ẏ */
function forward({ f, floats }: Application): TensorMap {
  const n = floats.length;
  return (...xAndDot) => jvp<Inputs, Inputs>(f, xAndDot.slice(0, n), xAndDot.slice(n))[1];
}

/** A difference of values that were rounded to float32 proves nothing. */
function hasSlopes(at: Application): boolean {
  return hasDerivative(at) && at.y.dtype === "float64";
}

function toleranceOf({ y }: Application): number {
  return y.dtype === "float64" ? EXACT : ROUNDED;
}
