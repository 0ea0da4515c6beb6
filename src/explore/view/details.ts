import type { ArrayView, TapeNode } from "../document.ts";
import type { Moment } from "../moments.ts";
import { numbersTable } from "./arrays.ts";
import { type Child, html } from "./elements.ts";
import type { Words } from "./words.ts";

/** LaTeX as markup: KaTeX's `renderToString`, say. */
export type MathMarkup = (latex: string) => string;

/** All that is known of one node at a moment. */
export function details(node: TapeNode, moment: Moment, words: Words, math: MathMarkup | null): Child[] {
  const { label, symbol, text, latex, shape, dtype, origin, rule, isActive } = node;
  const cotangent = moment.cotangents.get(node.id) ?? null;
  const hasBegun = moment.phase === "seed" || moment.phase === "backward";
  const isKnown = moment.known.has(node.id);
  return [
    html("h3", {}, `${label} = ${text}`),
    latex === null ? null : formula(`${symbol} = ${latex}`, null, math),
    html("p", { class: "facts" }, `${dtype} ${shape.length === 0 ? words.scalar : `[${shape.join(", ")}]`}`),
    origin === null ? null : html("p", { class: "facts" }, words.appliedAt(`${origin.file}:${origin.line}`)),
    html("h4", {}, words.value),
    isKnown ? numbersTable(node.value, `${words.value}: ${label}`, words) : html("p", {}, words.notYet),
    html("h4", {}, words.cotangent),
    ...cotangentPart(cotangent, label, hasBegun && (node.cotangent === null || !isActive), words),
    ...(node.op === null || !isActive
      ? []
      : [
          html("h4", {}, words.rule),
          rule === null ? html("p", {}, words.noRule) : formula(rule.latex, rule.text, math),
        ]),
  ];
}

function cotangentPart(view: ArrayView | null, label: string, isNone: boolean, words: Words): Child[] {
  if (view === null) return [html("p", {}, isNone ? words.noCotangent : words.notYet)];
  return [numbersTable(view, `${words.cotangent}: ${label}`, words)];
}

/** Typeset where that can be done; what is written plainly else. */
function formula(
  latex: string,
  plain: readonly string[] | null,
  math: MathMarkup | null,
): HTMLElement | null {
  if (math === null) return plain === null ? null : html("pre", {}, plain.join("\n"));
  const element = html("div", {
    class: "math",
    tabindex: 0,
    role: "group",
    "aria-label": plain?.join("; ") ?? latex,
  });
  // The one place where markup is taken as such: it comes from the typesetter, which escapes what it is given.
  element.innerHTML = math(latex);
  return element;
}
