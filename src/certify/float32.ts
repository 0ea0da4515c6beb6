import { type Numbers, pullback, type Tensor, trace } from "../../graph/index.ts";
import { add, cast } from "../../ops/index.ts";
import { norm } from "./checks.ts";
import { cotangents } from "./directions.ts";
import type { Setting } from "./gradient.ts";
import { type Check, digitsOf } from "./report.ts";
import { outputsOf, referenceOf, type Subject } from "./subject.ts";

/** Half a unit in the last place of float32, relative. */
const ULP = 2 ** -24;

/**
 * The three-way rule for float32: a fused gradient may be no farther from the float64 one than its reference in
 * float32 is, and a few units in the last place. A bare tolerance would either pass what loses digits, or fail what
 * nobody could compute better.
 *
 * @returns null where the input was not float32, or there is nothing fused
 */
export function float32Check(
  { f, given }: Subject,
  k: number,
  { reference, leaves, seed }: Setting,
): Check | null {
  if (reference === null || given[k]!.dtype !== "float32") return null;
  const tape = trace(f, given, true);
  const composed = referenceOf(tape, given);
  if (composed === null) return null;
  const yBar = cotangents(outputsOf(tape), seed, 1, 0);
  const narrow = yBar.map((t, i) => cast(t, outputsOf(tape)[i]!.dtype));
  const wide = narrow.map((t) => cast(t, "float64"));
  const right = pullback(reference, wide, add)[k];
  const ours = pullback(tape, narrow, add)[k];
  const theirs = pullback(composed, narrow, add)[k];
  if (!right || !ours || !theirs) return null;
  const size = norm([right]) / Math.sqrt(leaves[k]!.size);
  const allowed = farthest(theirs, right) + 8 * ULP * Math.max(size, largest(right));
  const error = farthest(ours, right);
  const relative = error === 0 ? 0 : error / allowed;
  return {
    layer: "B",
    method: "fused in float32, as near as its reference",
    error: relative,
    tolerance: 1,
    passes: relative <= 1,
    digits: digitsOf(error / Math.max(largest(right), Number.MIN_VALUE)),
  };
}

function farthest(a: Tensor, b: Tensor): number {
  const p: Numbers = a.data;
  const q: Numbers = b.data;
  let most = 0;
  for (let i = 0; i < p.length; i++) most = Math.max(most, Math.abs(p[i]! - q[i]!));
  return most;
}

function largest(a: Tensor): number {
  let most = 0;
  for (const v of a.data) most = Math.max(most, Math.abs(v));
  return most;
}
