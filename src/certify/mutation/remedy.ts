import type { Inputs, Point } from "../../../graph/index.ts";
import type { Fused } from "../../../ops/index.ts";
import { apart, gradients, ROUNDING } from "./equivalent.ts";
import { type Mutant, namesOf } from "./mutate.ts";

/** Above this part of the largest entry, anybody who compares entries at all sees it. */
const PLAIN = 1e-2;

/** What in float64 a gradient can be compared to: nearly all errors are above it, and rounding is below. */
const USUAL = 1e-10;

/**
 * What a test would have to do to notice an error: found by looking where it makes a difference.
 *
 * @param areGiven whether the first point is the one that the caller named, and the others are near it
 */
export function remedyFor<I extends Inputs, P>(
  op: Fused<I, P>,
  mutant: Mutant<I, P>,
  points: readonly Point<I, P>[],
  areGiven: boolean,
): string {
  for (const [n, at] of points.entries()) {
    const differences = apart(gradients(mutant.op, at, n), gradients(op, at, n));
    const most = Math.max(...differences);
    if (!(most > ROUNDING)) continue;
    const input = namesOf(points[0]!.x)[differences.indexOf(most)];
    const elsewhere = areGiven && n > 0 ? " at other inputs (at these it comes out right)" : "";
    const loss = "for a loss sum(mul(w, y)) with random w of both signs";
    return `compare the gradient of ${input}${elsewhere} ${loss}, entry by entry${closeness(most)}`;
  }
  return "differentiate the gradient once more, and compare that: the gradient itself is right";
}

function closeness(difference: number): string {
  if (difference >= PLAIN) return "";
  const tolerance = difference > 10 * USUAL ? USUAL : 10 ** (Math.floor(Math.log10(difference)) - 1);
  return ` to ${tolerance.toExponential(0)} of the largest`;
}
