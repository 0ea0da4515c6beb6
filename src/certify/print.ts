/** A report as text: its verdict and what that means, a row for each finding, then what was found at fault. */
import type { Check, Finding, Held, Report, Verdict } from "./report.ts";
import { table } from "./table.ts";
import { worstText } from "./worst.ts";

const MEANING: Readonly<Record<Verdict, string>> = {
  agrees: "every independent way to these derivatives gives the same numbers",
  disagrees: "at least one derivative is wrong",
  vacuous:
    "nothing was shown: the derivative vanishes in the one direction that was asked for, whatever the code does",
  impure: "two calls with the same inputs differ: pass generators as inputs, and draw from no other source",
  "not differentiable here":
    "differences do not converge at this point: there is a kink, or it is not finite",
};

export function printed({ subject, verdict, seed, findings, held }: Omit<Report, "toString">): string {
  const rows = table(
    ["", "digits", "limited by", "verdict"],
    findings.map((f) => [titleOf(f), f.digits.toFixed(1), f.limitedBy, f.verdict]),
  );
  return [
    `${subject}: ${verdict} (seed ${seed})`,
    MEANING[verdict],
    "",
    rows,
    ...(held.length === 0 ? [] : [`held fixed: ${held.map(heldText).join(", ")}`]),
    ...findings.flatMap(kinkLine),
    ...findings.flatMap(faultLines),
  ].join("\n");
}

function titleOf({ input, order }: Finding): string {
  if (order === 0) return input;
  return order === 1 ? `gradient of ${input}` : `order ${order}, along ${input}`;
}

function heldText({ input, dtype, because }: Held): string {
  return `${input} (${dtype === null ? "" : `${dtype}: `}${because})`;
}

function kinkLine(finding: Finding): string[] {
  const { slopes } = finding;
  if (slopes === undefined) return [];
  const [left, right, rule] = [slopes.left, slopes.right, slopes.derivative].map(rounded);
  return [
    `  ${titleOf(finding)}: slope ${left} from the left, ${right} from the right, where the rule says ${rule}`,
  ];
}

function faultLines(finding: Finding): string[] {
  if (finding.verdict !== "disagrees" && finding.verdict !== "impure") return [];
  return finding.checks
    .filter((check) => !check.passes)
    .map((check) => `  ${titleOf(finding)}: ${faultText(check)}`);
}

function faultText({ layer, method, error, tolerance, worst }: Check): string {
  const where = worst === undefined ? "" : `; ${worstText(worst, SAID[layer])}`;
  return `${method} differs by ${error.toExponential(1)}, more than ${tolerance.toExponential(1)}${where}`;
}

/** Neither of two rules is the one that is right before differences have spoken. */
const SAID: Readonly<Partial<Record<Check["layer"], (value: string, expected: string) => string>>> = {
  D: (value, expected) => `${value} and ${expected}, which should be one number`,
  E: (value, expected) => `${value} by vjp, ${expected} by jvp`,
};

function rounded(x: number): string {
  return String(Number(x.toPrecision(6)));
}
