import { ArgumentError } from "../../../graph/index.ts";
import type { Table } from "../result.ts";
import { escaped } from "./html.ts";
import { alike } from "./numbers.ts";

/**
 * A table of an experiment's: the first cell of a row names it, numbers stand under one another.
 *
 * @throws ArgumentError for a row with more or fewer cells than there are columns
 */
export function tableHtml({ title, columns, rows, note }: Table): string {
  const uneven = rows.find((row) => row.length !== columns.length);
  if (uneven !== undefined) {
    const expected = `the rows of table ${JSON.stringify(title)} to have ${columns.length} cells`;
    throw new ArgumentError("reportHtml", expected, `one of ${uneven.length}`);
  }
  const isNumeric = columns.map((_, k) => rows.every((row) => isNumber(row[k]!)));
  const attribute = (k: number): string => (isNumeric[k] === true ? ' class="number"' : "");
  const head = columns.map((column, k) => `<th scope="col"${attribute(k)}>${escaped(column)}</th>`);
  const shown = columns.map((_, k) => alike(rows.map((row) => row[k]!)));
  const body = rows.map((_, r) => {
    const cells = shown.map((column, k) => {
      const text = escaped(column[r]!);
      return k === 0 ? `<th scope="row"${attribute(k)}>${text}</th>` : `<td${attribute(k)}>${text}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const table = `<table>
<caption><span>${escaped(title)}</span></caption>
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>`;
  const remark = note === undefined || note === "" ? "" : `<p class="note">${escaped(note)}</p>\n`;
  return scrolling(title, table) + remark;
}

/** A box that scrolls sideways, from the keyboard too, so that the page does not. */
export function scrolling(name: string, content: string): string {
  return `<div class="scroll" role="region" aria-label="${escaped(name)}" tabindex="0">\n${content}\n</div>\n`;
}

function isNumber(cell: string | number): boolean {
  if (typeof cell === "number") return true;
  return /^[-−+±]?[\d.][\d.,\s]*(e[-−+]?\d+)?\s*%?$|^NaN$|^[-–]?$/i.test(cell.trim());
}
