import { ArgumentError, describe } from "../../../graph/index.ts";
import { checkedOptions, checkedSeed } from "../../../graph/options.ts";
import type { Certifiable } from "../certify.ts";
import { type Anything, assertFloatInput, assertFloatResult, type Subject, subjectOf } from "../subject.ts";
import type { Invariance } from "./identity.ts";
import { at } from "./layer.ts";
import { linearVjp } from "./parameters.ts";
import { findingOf, type InvarianceReport, reportOf, worstOfEach } from "./report.ts";

export interface InvarianceOptions<P = unknown> {
  /** Of cotangents and movements. */
  readonly seed?: number;
  /** For a primitive: the parameters that it is applied with. */
  readonly params?: P;
}

/** How many random cotangents each identity is checked with. */
const DRAWS = 3;

/**
 * Whether a layer has the invariances that it is declared to have, and its gradient what follows from them. No other
 * implementation, forward mode or difference of the gradient is needed; a gradient that is wrong by a mere factor keeps
 * all identities but one (see `scaleInvariant`), so this is no substitute for `certify`.
 *
 *     invariances(batchNorm, [shiftInvariant(0), scaleInvariant(0), linearIn(1, 2)], x, gamma, beta);
 *
 * Each invariance is checked twice: of the values, f(x + c) = f(x); and of the gradients, where x̄ must add to 0. All in
 * float64. That x̄ is linear in ȳ is checked always.
 *
 * @param layer a function of trees of tensors, or a primitive without parameters (see {@link invariancesWith})
 * @param declared what is said of it
 * @param x where to look
 * @throws ArgumentError where an invariance names an input that is not there, or axes do not fit
 * @throws NotDifferentiableError where there is no float input, or no float result
 */
export function invariances<X extends readonly unknown[]>(
  layer: Certifiable<X, void>,
  declared: readonly Invariance[],
  ...x: X
): InvarianceReport {
  return checked(subjectOf(layer as Anything, x, undefined, "invariances"), declared, {});
}

/** {@link invariances} with a seed, or a primitive's parameters. */
export function invariancesWith<X extends readonly unknown[], P = void>(
  options: InvarianceOptions<P>,
  layer: Certifiable<X, P>,
  declared: readonly Invariance[],
  ...x: X
): InvarianceReport {
  const { seed = 1, params } = checkedOptions("invariancesWith", options, ["seed", "params"]);
  checkedSeed("invariancesWith", seed);
  return checked(subjectOf(layer as Anything, x, params, "invariancesWith"), declared, { seed });
}

function checked(
  subject: Subject,
  declared: readonly Invariance[],
  { seed = 1 }: InvarianceOptions,
): InvarianceReport {
  const given: unknown = declared;
  if (!Array.isArray(given) || [...declared].some((d) => typeof d?.identities !== "function")) {
    throw new ArgumentError(subject.op, "an array of invariances", describe(declared));
  }
  const { name, f, leaves } = subject;
  assertFloatInput(subject);
  assertFloatResult(subject, f(...leaves));
  const findings = Array.from({ length: DRAWS }, (_, pair) => at(subject, seed, pair)).flatMap((here) =>
    [linearVjp, ...declared].flatMap((invariance) =>
      invariance.identities(here).map((identity) => findingOf(invariance.name, identity)),
    ),
  );
  return reportOf(name, seed, worstOfEach(findings));
}
