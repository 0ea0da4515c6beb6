import type { CheckRow } from "../result.ts";
import { columns, wrapped } from "./text.ts";
import { sectionsOf, summaryOf, tallied, VERDICTS } from "./verdicts.ts";

/** What fits into a window that was made a little wider than the usual 80. */
const WIDTH = 110;
const INDENT = "  ";
const GAP = "  ";
const HEAD = ["what", "published", "ours", "verdict"] as const;
type Cells = readonly [string, string, string, string];

/**
 * The checks for a terminal: by section, what a notebook of the course prints, ours beside it, and whether they agree;
 * then how many of each verdict there are, and what it means. No line is wider than 110 characters.
 */
export function checksText(checks: readonly CheckRow[]): string {
  if (checks.length === 0) return "No checks were run.\n";
  const widths = widthsOf(checks.map(cellsOf));
  const lines = [
    row(HEAD, widths),
    row(
      widths.map((width) => "-".repeat(width)),
      widths,
    ),
  ].flat();
  for (const section of sectionsOf(checks)) {
    lines.push("", ...wrapped(section.title, WIDTH, columns));
    for (const check of section.checks) lines.push(...row(cellsOf(check), widths), ...noteLines(check));
  }
  lines.push("", ...wrapped(summaryOf(checks), WIDTH, columns));
  for (const { verdict } of tallied(checks)) {
    const { symbol, meaning } = VERDICTS[verdict];
    lines.push(`${INDENT}${`${symbol} ${verdict}`.padEnd(VERDICT_WIDTH)}${GAP}${meaning}`);
  }
  return `${lines.join("\n")}\n`;
}

const VERDICT_WIDTH = Math.max(
  ...Object.entries(VERDICTS).map(([word, { symbol }]) => columns(`${symbol} ${word}`)),
);

function cellsOf({ what, published, ours, verdict }: CheckRow): Cells {
  return [what, published, ours, `${VERDICTS[verdict].symbol} ${verdict}`];
}

function noteLines({ note }: CheckRow): string[] {
  if (note === undefined || note === "") return [];
  const indent = INDENT.repeat(3);
  return wrapped(note, WIDTH - indent.length, columns).map((line) => `${indent}${line}`);
}

/** As wide as the widest cell, as far as there is room: first the names are narrowed, then both figures alike. */
function widthsOf(rows: readonly Cells[]): number[] {
  const wanted = HEAD.map((head, k) => Math.max(head.length, ...rows.map((cells) => columns(cells[k]!))));
  const [what, published, ours, verdict] = wanted as [number, number, number, number];
  const room = WIDTH - INDENT.length - 3 * GAP.length - verdict;
  const forWhat = Math.min(what, Math.max(28, room - published - ours));
  const half = Math.floor((room - forWhat) / 2);
  const forPublished = Math.min(published, Math.max(half, room - forWhat - ours));
  const forOurs = Math.min(ours, room - forWhat - forPublished);
  return [forWhat, forPublished, forOurs, verdict];
}

/** One row, which takes more lines than one where a cell is wider than its column. */
function row(cells: readonly string[], widths: readonly number[]): string[] {
  const broken = cells.map((cell, k) => wrapped(cell, widths[k]!, columns));
  const height = Math.max(...broken.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = broken.map((lines, k) => {
      const text = lines[line] ?? "";
      return text + " ".repeat(widths[k]! - columns(text));
    });
    return `${INDENT}${parts.join(GAP)}`.trimEnd();
  });
}
