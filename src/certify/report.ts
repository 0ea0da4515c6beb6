import { table } from "./table.ts";

/**
 * - `agrees`: every check of every input passed.
 * - `disagrees`: one did not; see its `worst` entry.
 * - `vacuous`: nothing was shown, because the function's derivative vanishes in the only direction that it has.
 * - `not differentiable here`: differences do not converge at this point.
 */
export type Verdict = "agrees" | "disagrees" | "vacuous" | "not differentiable here";

/** What two independent ways to the same number had to say. */
export interface Check {
  /** A: vjp against jvp. B: fused against reference. C: against differences. */
  readonly layer: "A" | "B" | "C";
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

export interface Worst {
  readonly index: readonly number[];
  readonly value: number;
  readonly expected: number;
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
}

/** What `certify` found. Plain data but for `toString`, which prints it as a table. */
export interface Report {
  readonly subject: string;
  readonly verdict: Verdict;
  /** Give it back to `certifyWith` to see the same again. */
  readonly seed: number;
  readonly findings: readonly Finding[];
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
  };
}

function marginOf({ error, tolerance }: Check): number {
  return Number.isNaN(error) ? 0 : tolerance / Math.max(error, Number.MIN_VALUE);
}

/** The report as a whole: the gravest of its findings decides. */
export function reportOf(subject: string, seed: number, findings: readonly Finding[]): Report {
  const gravest: readonly Verdict[] = ["disagrees", "not differentiable here", "vacuous"];
  const verdict = gravest.find((v) => findings.some((finding) => finding.verdict === v)) ?? "agrees";
  return {
    subject,
    verdict,
    seed,
    findings,
    toString: () => printed(subject, verdict, seed, findings),
  };
}

const MEANING: Readonly<Record<Verdict, string>> = {
  agrees: "every independent way to these derivatives gives the same numbers",
  disagrees: "at least one derivative is wrong",
  vacuous:
    "nothing was shown: the derivative vanishes in the one direction that was asked for, whatever the code does",
  "not differentiable here":
    "differences do not converge at this point: there is a kink, or it is not finite",
};

function printed(subject: string, verdict: Verdict, seed: number, findings: readonly Finding[]): string {
  const rows = table(
    ["", "digits", "limited by", "verdict"],
    findings.map((f) => [
      f.input === "value" ? "value" : `gradient of ${f.input}`,
      f.digits.toFixed(1),
      f.limitedBy,
      f.verdict,
    ]),
  );
  const faults = findings.flatMap((f) =>
    f.checks
      .filter((check) => !check.passes)
      .map(({ method, error, tolerance, worst }) => {
        const where =
          worst === undefined
            ? ""
            : `; worst at [${worst.index}]: ${worst.value} where ${worst.expected} was expected`;
        return `  ${f.input}: ${method} differs by ${error.toExponential(1)}, more than ${tolerance.toExponential(1)}${where}`;
      }),
  );
  return [`${subject}: ${verdict} (seed ${seed})`, `${MEANING[verdict]}`, "", rows, ...faults].join("\n");
}
