import { table } from "./table.ts";

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
  /** A: vjp against jvp. B: fused against reference. C: against differences. H: purity. */
  readonly layer: "A" | "B" | "C" | "H";
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
  /** At a kink, what it looks like. */
  readonly slopes?: Slopes;
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
    ...(slopes === null ? {} : { slopes }),
  };
}

/** The check of several that has least to spare. */
export function worstOf(checks: readonly Check[]): Check {
  return checks.reduce((a, b) => (marginOf(b) < marginOf(a) ? b : a));
}

function marginOf({ error, tolerance, passes }: Check): number {
  if (Number.isNaN(error)) return 0;
  return passes && error === 0 ? Number.MAX_VALUE : tolerance / Math.max(error, Number.MIN_VALUE);
}

/** The report as a whole: the gravest of its findings decides. */
export function reportOf(subject: string, seed: number, findings: readonly Finding[]): Report {
  const gravest: readonly Verdict[] = ["impure", "disagrees", "not differentiable here", "vacuous"];
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
  impure: "two calls with the same inputs differ: pass generators as inputs, and draw from no other source",
  "not differentiable here":
    "differences do not converge at this point: there is a kink, or it is not finite",
};

function printed(subject: string, verdict: Verdict, seed: number, findings: readonly Finding[]): string {
  const rows = table(
    ["", "digits", "limited by", "verdict"],
    findings.map((f) => [titleOf(f), f.digits.toFixed(1), f.limitedBy, f.verdict]),
  );
  const kinks = findings.flatMap(({ input, slopes }) =>
    slopes === undefined
      ? []
      : [
          `  ${input}: slope ${rounded(slopes.left)} from the left, ${rounded(slopes.right)} from the right, where the rule says ${rounded(slopes.derivative)}`,
        ],
  );
  const isFault = ({ verdict: v }: Finding): boolean => v === "disagrees" || v === "impure";
  const faults = findings.filter(isFault).flatMap((f) =>
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
  return [`${subject}: ${verdict} (seed ${seed})`, `${MEANING[verdict]}`, "", rows, ...kinks, ...faults].join(
    "\n",
  );
}

function titleOf({ input, order }: Finding): string {
  if (order === 0) return input;
  return order === 1 ? `gradient of ${input}` : `order ${order}, along ${input}`;
}

function rounded(x: number): string {
  return String(Number(x.toPrecision(6)));
}
