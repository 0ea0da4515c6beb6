import { printed } from "./print.ts";
import type { Worst } from "./worst.ts";

/**
 * - `agrees`: every check of every input passed.
 * - `disagrees`: one did not; see its `worst` entry.
 * - `vacuous`: nothing was shown, because the function's derivative vanishes in the only direction that it has.
 * - `not differentiable here`: differences do not converge at this point; see `slopes`.
 * - `impure`: it is no function of its inputs, so nothing can be said of its derivatives.
 */
export type Verdict = "agrees" | "disagrees" | "vacuous" | "not differentiable here" | "impure";

/** What two independent ways to the same number had to say. */
export interface Check {
  /**
   * A: vjp against jvp. B: fused against reference. C: against differences. D: symmetry of second derivatives.
   * E: A, entry by entry. H: purity.
   */
  readonly layer: "A" | "B" | "C" | "D" | "E" | "H";
  readonly method: string;
  /** Relative to the size of what is compared. */
  readonly error: number;
  readonly tolerance: number;
  readonly passes: boolean;
  /** Decimal digits that agree, at most 16. */
  readonly digits: number;
  /** The entry that differs most, where entries were compared. */
  readonly worst?: Worst;
}

/** A kink: the slopes from both sides along one direction, and what the derivative's rule returns between them. */
export interface Slopes {
  readonly left: number;
  readonly right: number;
  readonly derivative: number;
}

/** The checks of one input's gradient, or of the value (`input` is "value"). */
export interface Finding {
  readonly input: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly order: number;
  readonly verdict: Verdict;
  /** The fewest digits among the checks, and the method that found so few. */
  readonly digits: number;
  readonly limitedBy: string;
  /** Tolerance over error for the check with least to spare: below 1 it failed. */
  readonly margin: number;
  readonly checks: readonly Check[];
  /**
   * The entry where two ways to it differ most, and both values: of the Jacobian, or of the gradient for the cotangent
   * that was drawn. Null where no entries were compared (they were too many, and nothing objects), or none differs.
   */
  readonly worst: Worst | null;
  /** At a kink, what it looks like. */
  readonly slopes?: Slopes;
}

/** An input that was not moved: nothing is said of derivatives along it. */
export interface Held {
  readonly input: string;
  /** Null for a generator. */
  readonly dtype: string | null;
  readonly because: string;
}

/** What `certify` found. Plain data but for `toString`, which prints it as a table. */
export interface Report {
  readonly subject: string;
  readonly verdict: Verdict;
  /** Give it back to `certifyWith` to see the same again. */
  readonly seed: number;
  readonly findings: readonly Finding[];
  /** Inputs that have no derivative to certify: integers, booleans, generators, empty tensors. */
  readonly held: readonly Held[];
  toString(): string;
}

/** Decimal digits in which two numbers agree whose relative difference is `error`. */
export function digitsOf(error: number): number {
  if (Number.isNaN(error)) return 0;
  return Math.max(0, Math.min(16, Math.floor(-Math.log10(Math.max(error, 1e-16)) * 10) / 10));
}

/** A finding from the checks that were made. */
export function findingOf(
  about: Pick<Finding, "input" | "shape" | "dtype" | "order">,
  checks: readonly Check[],
  doubt: Verdict | null,
  slopes: Slopes | null = null,
): Finding {
  let least = checks[0]!;
  for (const check of checks) if (marginOf(check) < marginOf(least)) least = check;
  const fewest = checks.reduce((a, b) => (b.digits < a.digits ? b : a));
  const limiting = least.passes ? fewest : least;
  return {
    ...about,
    verdict: doubt ?? (checks.every((check) => check.passes) ? "agrees" : "disagrees"),
    digits: limiting.digits,
    limitedBy: limiting.method,
    margin: marginOf(least),
    checks,
    worst: worstEntryOf(checks),
    ...(slopes === null ? {} : { slopes }),
  };
}

/** The check of several that has least to spare. */
export function worstOf(checks: readonly Check[]): Check {
  return checks.reduce((a, b) => (marginOf(b) < marginOf(a) ? b : a));
}

/** Of the checks that compare entries, in order of how much the other side is worth: differences come from outside. */
function worstEntryOf(checks: readonly Check[]): Worst | null {
  const named = checks.filter(({ worst }) => worst !== undefined);
  const faulty = named.filter(({ passes }) => !passes);
  for (const layer of ["C", "B", "E", "D"]) {
    const found = (faulty.length > 0 ? faulty : named).find((check) => check.layer === layer);
    if (found?.worst !== undefined) return found.worst;
  }
  return null;
}

function marginOf({ error, tolerance, passes }: Check): number {
  if (Number.isNaN(error)) return 0;
  return passes && error === 0 ? Number.MAX_VALUE : tolerance / Math.max(error, Number.MIN_VALUE);
}

/** The report as a whole: the gravest of its findings decides. */
export function reportOf(
  subject: string,
  seed: number,
  findings: readonly Finding[],
  held: readonly Held[],
): Report {
  const gravest: readonly Verdict[] = ["impure", "disagrees", "not differentiable here", "vacuous"];
  const verdict = gravest.find((v) => findings.some((finding) => finding.verdict === v)) ?? "agrees";
  const report = { subject, verdict, seed, findings, held };
  return { ...report, toString: () => printed(report) };
}
