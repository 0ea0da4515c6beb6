import { digitsOf } from "../report.ts";
import { table } from "../table.ts";
import { type Worst, worstText } from "../worst.ts";
import type { Identity } from "./identity.ts";

/** One identity, at its worst over the cotangents that were drawn. */
export interface InvarianceFinding {
  /** What it follows from: `shiftInvariant(0)`. */
  readonly invariance: string;
  readonly identity: string;
  /** "value", or the input whose gradient it is about. */
  readonly of: string;
  readonly verdict: "agrees" | "disagrees";
  /** Decimal digits that agree, at most 16. */
  readonly digits: number;
  /** Relative to the size of what is compared. */
  readonly error: number;
  readonly tolerance: number;
  /** The entry that differs most; null where none does. */
  readonly worst: Worst | null;
}

/** What `invariances` found. Plain data but for `toString`, which prints it as a table. */
export interface InvarianceReport {
  readonly subject: string;
  readonly verdict: "agrees" | "disagrees";
  readonly seed: number;
  readonly findings: readonly InvarianceFinding[];
  toString(): string;
}

export function findingOf(
  invariance: string,
  { says, of, difference, tolerance }: Identity,
): InvarianceFinding {
  const { error, worst } = difference;
  return {
    invariance,
    identity: says,
    of,
    verdict: error <= tolerance ? "agrees" : "disagrees",
    digits: digitsOf(error),
    error,
    tolerance,
    worst,
  };
}

/** The same identities for several cotangents: the worst of each. */
export function worstOfEach(all: readonly InvarianceFinding[]): InvarianceFinding[] {
  const worst = new Map<string, InvarianceFinding>();
  for (const finding of all) {
    const key = JSON.stringify([finding.invariance, finding.identity, finding.of]);
    const soFar = worst.get(key);
    const excess = ({ error, tolerance }: InvarianceFinding): number => error / tolerance;
    if (soFar === undefined || excess(finding) > excess(soFar)) worst.set(key, finding);
  }
  return [...worst.values()];
}

export function reportOf(
  subject: string,
  seed: number,
  findings: readonly InvarianceFinding[],
): InvarianceReport {
  const verdict = findings.some((f) => f.verdict === "disagrees") ? "disagrees" : "agrees";
  return { subject, verdict, seed, findings, toString: () => printed(subject, verdict, seed, findings) };
}

function printed(
  subject: string,
  verdict: InvarianceReport["verdict"],
  seed: number,
  findings: readonly InvarianceFinding[],
): string {
  const rows = table(
    ["follows from", "of", "identity", "digits", "verdict"],
    findings.map((f) => [f.invariance, f.of, f.identity, f.digits.toFixed(1), f.verdict]),
  );
  const faults = findings
    .filter((f) => f.verdict === "disagrees")
    .map(({ of, identity, error, tolerance, worst }) => {
      const where = worst === null ? "" : `; ${worstText(worst)}`;
      return `  ${of}: ${identity}: differs by ${error.toExponential(1)}, more than ${tolerance.toExponential(1)}${where}`;
    });
  const meaning =
    verdict === "agrees"
      ? "the layer is what it is declared to be, and so is its gradient"
      : "the layer, or its gradient, is not what is declared; where only gradients differ, it is the gradient";
  return [`${subject}: ${verdict} (seed ${seed})`, meaning, "", rows, ...faults].join("\n");
}
