import { numberText } from "../../graph/index.ts";
import type { Derivation, DerivationStep } from "./derivation.ts";

type Printed = Pick<Derivation, "subject" | "steps" | "counts">;

/** The steps, each with its equations aligned at the equals sign. */
export function derivationText({ subject, steps, counts }: Printed): string {
  const blocks = steps.map(({ title, why, equations }, k) => {
    const width = Math.max(0, ...equations.map(({ label }) => label.length));
    return [
      `${k + 1}. ${title}`,
      ...why.map((law) => `   ${law}`),
      "",
      ...equations.map(({ label, text }) => `     ${label.padEnd(width)}${text.slice(label.length)}`),
    ].join("\n");
  });
  return [`derivation of ${subject}`, ...blocks, ...legend(counts)].join("\n\n");
}

function legend(counts: Printed["counts"]): string[] {
  if (counts.length === 0) return [];
  return [counts.map(({ name, value }) => `${name} = ${numberText(value)}`).join(", ")];
}

export function derivationLatex({ steps }: Printed): string {
  const parts = steps.map(({ title, equations }, k) =>
    lines([`&\\textbf{${k + 1}. ${escaped(title)}}`, ...equations.map(({ latex }) => latex)]),
  );
  // More room before a title than between equations.
  return aligned(parts.join(" \\\\[1em]\n"));
}

export function stepLatex({ equations }: DerivationStep): string {
  return aligned(lines(equations.map(({ latex }) => latex)));
}

function lines(rows: readonly string[]): string {
  return rows.map((row) => `  ${row}`).join(" \\\\\n");
}

function aligned(rows: string): string {
  return `\\begin{aligned}\n${rows}\n\\end{aligned}`;
}

function escaped(text: string): string {
  return text.replace(/[&%$#_{}]/g, (c) => `\\${c}`);
}
