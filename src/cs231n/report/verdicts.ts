import type { CheckRow } from "../result.ts";
import { counted } from "./numbers.ts";

export type Verdict = CheckRow["verdict"];

/** A verdict is told by a symbol and a word, never by its colour alone. */
export interface VerdictLook {
  readonly symbol: string;
  /** For those who have not met the word. */
  readonly meaning: string;
}

/** From best to worst. */
export const VERDICTS: Readonly<Record<Verdict, VerdictLook>> = Object.freeze({
  same: { symbol: "✓", meaning: "in every digit that is printed" },
  band: { symbol: "≈", meaning: "rounding noise on both sides, and ours lies where the published ones do" },
  within: { symbol: "≤", meaning: "an error that only has to be small, and is" },
  differs: { symbol: "✗", meaning: "neither the published figure nor near enough" },
  "not comparable": { symbol: "–", meaning: "it needs data that are not there" },
});

export const VERDICT_ORDER: readonly Verdict[] = Object.freeze(Object.keys(VERDICTS) as Verdict[]);

export interface Section {
  readonly title: string;
  readonly checks: readonly CheckRow[];
}

/** The checks by section, in the order in which sections first occur. */
export function sectionsOf(checks: readonly CheckRow[]): Section[] {
  const sections = new Map<string, CheckRow[]>();
  for (const check of checks) {
    const section = sections.get(check.section);
    if (section === undefined) sections.set(check.section, [check]);
    else section.push(check);
  }
  return Array.from(sections, ([title, rows]) => ({ title, checks: rows }));
}

/** How many there are of each verdict that occurs, from best to worst. */
export function tallied(
  checks: readonly CheckRow[],
): { readonly verdict: Verdict; readonly count: number }[] {
  return VERDICT_ORDER.map((verdict) => ({
    verdict,
    count: checks.filter((check) => check.verdict === verdict).length,
  })).filter(({ count }) => count > 0);
}

/** `30 checks: 26 same, 1 band, 1 differs`. */
export function summaryOf(checks: readonly CheckRow[]): string {
  const parts = tallied(checks).map(({ verdict, count }) => `${count} ${verdict}`);
  return `${counted(checks.length, "check")}: ${parts.join(", ")}`;
}
