import { filled, fromData, isFloat, type MaybeZero, type Tensor, withOrigins } from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";
import { cast } from "../../ops/index.ts";
import { cotangents } from "../certify/directions.ts";
import { stream } from "../random/stream.ts";
import { type Run, run } from "../transforms/run.ts";
import type { AllLoose, AllTraced, Tree } from "../tree.ts";
import type { Explanation, InputExplanation, Reason } from "./explanation.ts";
import { explanationText } from "./print.ts";
import { largest, Walk } from "./walk.ts";

/**
 * Why gradients of f at x are zero, or missing: for each input whether one flows, and else where it ends, with the op and
 * the line of the user's code that applied it.
 *
 *     console.log(String(explain(loss, params)));
 *
 * A scalar's own gradient is looked at; of other results, one for a signed random cotangent, which hides nothing. What
 * arrives counts as zero if it is no larger than what rounding leaves of what was on its way. Where ways cancel, f is
 * run once more nearby, which tells a result that does not depend on the input from one that is stationary here.
 * Origins are tracked while f runs (see `trackOrigins`). int32 and bool inputs are explained too.
 *
 * @throws ArgumentError where f is no function, or an input or the result is no tree of tensors
 */
export function explain<X extends readonly unknown[], Y extends Tree>(
  f: (...x: AllTraced<X>) => Y,
  ...x: X
): Explanation {
  checkedFunction("explain", "f", f);
  const at = (inputs: X): Run<AllTraced<X>, Y> =>
    withOrigins(() => run<X, Y>("explain", f, inputs as AllLoose<X>, false));
  const first = at(x);
  const walk = walkOf(first);
  const inputs = first.x.leaves.map((leaf, k): InputExplanation => {
    const name =
      leaf.name ??
      `input ${first.x
        .path(k)
        .replace(/^\[(\d+)\]\.?/, "$1 ")
        .trim()}`;
    const isZeroNearby = (): boolean => {
      const leaves = first.x.leaves.map((t, j) => (j === k ? moved(t, k) : t));
      // Rebuilt as the caller's tree was.
      return walkOf(at(first.x.rebuild(leaves) as readonly unknown[] as X)).isZero(k);
    };
    return explained(walk, k, leaf, name, isZeroNearby);
  });
  const known = { subject: f.name || "the function", inputs };
  return { ...known, toString: () => explanationText(known) };
}

function explained(
  walk: Walk,
  k: number,
  leaf: Tensor,
  input: string,
  isZeroNearby: () => boolean,
): InputExplanation {
  const bar = walk.xBar[k]!;
  const verdict = verdictOf(walk, k, bar);
  const isExplained = verdict === "zero" || verdict === "missing";
  const reasons = isExplained ? walk.reasons(k, isZeroNearby).map((found) => titled(found, input)) : [];
  let zeros = bar === null ? leaf.size : 0;
  if (bar !== null) for (let i = 0; i < bar.size; i++) if (bar.data[i] === 0) zeros++;
  return { input, verdict, entries: leaf.size, zeros, largest: bar === null ? 0 : largest(bar), reasons };
}

function verdictOf(walk: Walk, k: number, bar: MaybeZero): InputExplanation["verdict"] {
  if (bar === null) return "missing";
  for (let i = 0; i < bar.size; i++) if (!Number.isFinite(bar.data[i]!)) return "not finite";
  return walk.isZero(k) ? "zero" : "flows";
}

/** A path begins with what the input is called. */
function titled(reason: Reason, input: string): Reason {
  return { ...reason, path: [input, ...reason.path.slice(1)] };
}

function walkOf<X, Y>({ tape, y }: Run<X, Y>): Walk {
  const drawn = cotangents(y.leaves, 1, 1, 0);
  const yBar = y.leaves.map(({ shape, dtype }, r): MaybeZero => {
    if (!isFloat(dtype)) return null;
    return shape.length === 0 ? filled([], dtype, 1) : cast(drawn[r]!, dtype);
  });
  return new Walk(tape, yBar);
}

/** Somewhere else, about as far as the input is large. */
function moved(t: Tensor, k: number): Tensor {
  const numbers = stream(1, "nearby", k);
  const scale = largest(t) || 1;
  const data = t.toTypedArray();
  for (let i = 0; i < data.length; i++) data[i] = data[i]! + 0.1 * scale * numbers.gaussian();
  return fromData(t.shape, t.dtype, data);
}
