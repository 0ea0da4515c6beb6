import {
  type Inputs,
  isFloat,
  type MaybeZero,
  type Program,
  pullback,
  replay,
  scalar,
  type Tensor,
  trace,
} from "../../graph/index.ts";
import { add } from "../../ops/index.ts";
import type { DerivationStep } from "./derivation.ts";

/** How far each step's numbers are from those of the one before, relative to the largest. */
export function differencesOf(
  recorded: Program,
  steps: readonly DerivationStep[],
  inputs: readonly Tensor[],
): readonly number[] {
  const x = inputs.slice(0, recorded.inputs.length);
  let before: Inputs = replay(recorded, x);
  let kind: DerivationStep["computes"] = "value";
  return steps.map(({ computes, after }) => {
    // The walk is held against that over the tape as it was recorded.
    if (computes !== kind) before = cotangents(recorded, x, inputs.slice(x.length));
    kind = computes;
    const now = replay(after, computes === "value" ? x : inputs);
    const difference = furthest(before, now);
    before = now;
    return difference;
  });
}

function cotangents(recorded: Program, x: Inputs, yBars: readonly Tensor[]): Inputs {
  const tape = trace((...t) => replay(recorded, t), x, true);
  const given = [...yBars];
  const seeds = tape.outputs.map((i): MaybeZero => {
    const { shape, dtype } = tape.nodes[i]!;
    const seed = shape.length === 0 ? scalar(1, dtype) : given.shift()!;
    return isFloat(dtype) ? seed : null;
  });
  return pullback(tape, seeds, add).filter((bar) => bar !== null);
}

function furthest(a: Inputs, b: Inputs): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let size = 0;
  let difference = 0;
  a.forEach((t, k) => {
    const other = b[k]!.data;
    for (let i = 0; i < t.size; i++) {
      const [p, q] = [t.data[i]!, other[i]!];
      if (Object.is(p, q) || p === q) continue;
      const apart = Math.abs(p - q);
      difference = Math.max(difference, Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart);
    }
    for (let i = 0; i < t.size; i++) size = Math.max(size, Math.abs(t.data[i]!));
  });
  return difference === 0 ? 0 : difference / (Number.isFinite(size) && size > 0 ? size : 1);
}
