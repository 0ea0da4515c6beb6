import type { Experiment, Results } from "../result.ts";
import { checksHtml } from "./checksHtml.ts";
import { escaped, Names } from "./html.ts";
import { duration } from "./numbers.ts";
import { PAGE_STYLE } from "./pageStyle.ts";
import { plotSvg } from "./plotSvg.ts";
import { tableHtml } from "./tableHtml.ts";

const TITLE = "CS231n, assignment 2: batch normalization";

/**
 * The results as one page that needs nothing beside it: no script, no file, no other host. The same results give the
 * same text.
 *
 * @throws what `plotSvg` throws
 */
export async function reportHtml(results: Results): Promise<string> {
  const names = new Names();
  const sections = [
    { id: names.take("run"), title: "What was run", content: runHtml(results) },
    { id: names.take("checks"), title: "Checks", content: checksHtml(results.checks) },
  ];
  for (const experiment of results.experiments) {
    const content = await experimentHtml(experiment);
    sections.push({ id: names.take(experiment.name), title: experiment.title, content });
  }
  const links = sections.map(({ id, title }) => `<li><a href="#${escaped(id)}">${escaped(title)}</a></li>`);
  const body = sections.map(
    ({ id, title, content }) =>
      `<section id="${escaped(id)}" aria-labelledby="${escaped(id)}-title">
<h2 id="${escaped(id)}-title">${escaped(title)}</h2>
${content}</section>`,
  );
  // The policy holds even if something that should have been escaped was not.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${TITLE}</title>
<style>
${PAGE_STYLE}
</style>
</head>
<body>
<header>
<h1>${TITLE}</h1>
<p>What the notebooks of the course print, beside what wengert makes of the same inputs, and the experiments of the assignment run again.</p>
<nav aria-label="Contents">
<ul>
${links.join("\n")}
</ul>
</nav>
</header>
<main>
${body.join("\n")}
</main>
</body>
</html>
`;
}

function runHtml({ data, seed, engine, environment }: Results): string {
  const engines = { eager: "eager: each step on the tape as it is recorded", compiled: "compiled" } as const;
  const facts = { Data: data, Seed: String(seed), Engine: engines[engine], ...environment };
  const rows = Object.entries(facts).map(
    ([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`,
  );
  return `<dl class="run">\n${rows.join("\n")}\n</dl>\n`;
}

async function experimentHtml({ summary, figures, tables, seconds }: Experiment): Promise<string> {
  const plots: string[] = [];
  for (const figure of figures) {
    // In a page SVG is known without its name space, which would look like an address.
    const svg = (await plotSvg(figure)).trimEnd().replace(' xmlns="http://www.w3.org/2000/svg"', "");
    plots.push(`<figure>\n${svg}\n<figcaption>${escaped(figure.caption)}</figcaption>\n</figure>`);
  }
  return [
    ...summary.map((sentence) => `<p>${escaped(sentence)}</p>\n`),
    plots.length === 0 ? "" : `<div class="plots">\n${plots.join("\n")}\n</div>\n`,
    ...tables.map(tableHtml),
    `<p class="took">It took ${duration(seconds)}.</p>\n`,
  ].join("");
}
