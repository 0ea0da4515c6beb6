/** The explorer with typeset formulas, in the page's language. It brings dagre and KaTeX: imported when it is shown. */
import katex from "katex";
import type { TapeDocument } from "wengert/explore";
import { type Explorer, type ExplorerOptions, mountExplorer } from "wengert/explore/view";

export function showTape(
  host: HTMLElement,
  tape: TapeDocument,
  options: Omit<ExplorerOptions, "math">,
): Promise<Explorer> {
  return mountExplorer(host, tape, {
    ...options,
    // The explorer has a tree of its own, where KaTeX's style sheet does not reach; MathML needs none.
    math: (latex) =>
      katex.renderToString(latex, { output: "mathml", displayMode: true, throwOnError: false }),
  });
}
