/** D: a gradient is the gradient of something, so its derivative is symmetric. */
import { pullback, pushforward, type Trace } from "../../graph/index.ts";
import { add } from "../../ops/index.ts";
import { entrywise, type Method, naturally, norm, type Probe } from "./checks.ts";
import type { Setting } from "./gradient.ts";
import { jitterOf } from "./jitter.ts";
import { type Check, worstOf } from "./report.ts";

/**
 * H v, forwards over the gradient's own tape, against Hᵀ v, back over it, entry by entry, for a v along one input. Both
 * are exact, but for rules that are right only as long as nobody differentiates them.
 *
 * @param sources which leaf each of the results is the gradient of
 */
export function symmetryCheck(
  { leaves, tape, near, names }: Pick<Setting, "leaves" | "tape" | "near" | "names">,
  sources: readonly number[],
  k: number,
  probe: Probe,
): Check {
  const { xDot: v, largest } = probe;
  const forward = pushforward(tape, only(tape, k, v));
  const bars = sources.map((j) => (j === k ? v : null));
  const back = pullback(tape, bars, add);
  const jitter = jitterOf(near(), leaves, bars, back);
  const checks = sources.map((j, r) => {
    const x = leaves[j]!;
    const width = Math.sqrt(x.size);
    const natural = naturally(x, largest, width, norm([v])) / width;
    const made = entrywise(D, forward[r]!, back[j]!, natural, jitter[j]!);
    return made.worst === undefined || j === k ? made : { ...made, worst: { ...made.worst, of: names[j]! } };
  });
  return worstOf(checks);
}

const D: Method = { layer: "D", method: "Hessian against its transpose", tolerance: 1e-10 };

function only(tape: Trace, k: number, v: Probe["xDot"]): (Probe["xDot"] | null)[] {
  return Array.from({ length: tape.inputs }, (_, i) => (i === k ? v : null));
}
