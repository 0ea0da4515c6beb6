/** What runs in a page that stands by itself: it reads its tape, and shows it. Bundled by bundle.mjs. */
import katex from "katex";
import type { TapeDocument } from "../document.ts";
import { mountExplorer } from "../view/index.ts";

const host = document.querySelector<HTMLElement>("#explorer");
const data = document.querySelector("#tape");
if (host === null || data?.textContent == null) throw new Error("this page has no tape");

void mountExplorer(host, JSON.parse(data.textContent) as TapeDocument, {
  // MathML is the browser's own: it needs no fonts.
  math: (latex) => katex.renderToString(latex, { output: "mathml", displayMode: true, throwOnError: false }),
});
