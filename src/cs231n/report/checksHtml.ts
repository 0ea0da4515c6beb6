import type { CheckRow } from "../result.ts";
import { escaped } from "./html.ts";
import { scrolling } from "./tableHtml.ts";
import { type Section, sectionsOf, summaryOf, tallied, VERDICTS, type Verdict } from "./verdicts.ts";

/** The checks as one table, so that its columns are the same throughout, a body for each section. */
export function checksHtml(checks: readonly CheckRow[]): string {
  if (checks.length === 0) return "<p>No checks were run.</p>\n";
  const legend = tallied(checks).map(
    ({ verdict, count }) =>
      `<div><dt><span class="count">${count}</span> ${badge(verdict)}</dt><dd>${escaped(VERDICTS[verdict].meaning)}</dd></div>`,
  );
  return `<p>${escaped(summaryOf(checks))}.</p>
<dl class="verdicts">
${legend.join("\n")}
</dl>
${scrolling(
  "Checks",
  `<table class="checks">
<caption><span>What the notebooks of the course print, and ours</span></caption>
<thead><tr><th scope="col">What</th><th scope="col">Published</th><th scope="col">Ours</th><th scope="col">Verdict</th></tr></thead>
${sectionsOf(checks).map(sectionHtml).join("\n")}
</table>`,
)}`;
}

function sectionHtml({ title, checks }: Section): string {
  return `<tbody>
<tr class="section"><th scope="rowgroup" colspan="4"><span>${escaped(title)} <small>${escaped(summaryOf(checks))}</small></span></th></tr>
${checks.map(rowHtml).join("\n")}
</tbody>`;
}

function rowHtml({ what, published, ours, verdict, note }: CheckRow): string {
  const remark = note === undefined || note === "" ? "" : `<small>${escaped(note)}</small>`;
  const figures = [published, ours].map((text) => `<td class="figure">${escaped(text)}</td>`);
  return `<tr><th scope="row">${escaped(what)}</th>${figures.join("")}<td>${badge(verdict)}${remark}</td></tr>`;
}

function badge(verdict: Verdict): string {
  const name = verdict.replace(" ", "-");
  const { symbol } = VERDICTS[verdict];
  return `<span class="verdict ${name}"><span aria-hidden="true">${symbol}</span> ${verdict}</span>`;
}
