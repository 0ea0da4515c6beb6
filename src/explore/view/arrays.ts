/** Arrays as pictures, numbers and tables. */
import type { JsonNumber } from "../../../graph/index.ts";
import type { ArrayView } from "../document.ts";
import { html, svg } from "./elements.ts";
import type { Words } from "./words.ts";

/** A number for reading: four digits, no long tails. */
export function shortNumber(x: JsonNumber): string {
  if (typeof x === "string")
    return x === "Infinity" ? "∞" : x === "-Infinity" ? "−∞" : x === "-0" ? "−0" : "NaN";
  if (x === 0) return "0";
  const size = Math.abs(x);
  const text =
    size >= 1e5 || size < 1e-4 ? x.toExponential(2).replace("e+", "e") : String(Number(x.toPrecision(4)));
  return text.replace("-", "−");
}

/** The one number of an array that has one. */
export function onlyNumber({ cells, isCoarse }: ArrayView): JsonNumber | null {
  return cells.length === 1 && !isCoarse ? cells[0]! : null;
}

/** How far from 0, from 0 to 1, in relation to the largest; what is not finite is `bad`. */
function toneOf(
  x: JsonNumber,
  largest: number,
): { readonly tone: "pos" | "neg" | "bad"; readonly part: number } {
  if (x === "-0") return { tone: "pos", part: 0 };
  if (typeof x === "string") return { tone: "bad", part: 1 };
  return { tone: x < 0 ? "neg" : "pos", part: largest === 0 ? 0 : Math.abs(x) / largest };
}

function largestOf({ cells }: ArrayView): number {
  return cells.reduce((most: number, x) => (typeof x === "number" ? Math.max(most, Math.abs(x)) : most), 0);
}

/** A heatmap in a frame of this size; a single number is written out. It is a picture only: the label says the rest. */
export function thumbnail(view: ArrayView, x: number, y: number, width: number, height: number): SVGGElement {
  const group = svg("g", { class: "thumb", transform: `translate(${x} ${y})`, "aria-hidden": "true" });
  const only = onlyNumber(view);
  if (only !== null) {
    const { tone } = toneOf(only, 1);
    group.append(
      svg(
        "text",
        { class: `number ${tone}`, x: width / 2, y: height / 2 + 4, "text-anchor": "middle" },
        shortNumber(only),
      ),
    );
    return group;
  }
  const largest = largestOf(view);
  const side = Math.min(width / Math.max(view.cols, 1), height / Math.max(view.rows, 1), 12);
  const [w, h] = [Math.max(side, 1.5), Math.max(side, 1.5)];
  const [wide, tall] = [Math.min(w * view.cols, width), Math.min(h * view.rows, height)];
  const [dx, dy] = [(width - wide) / 2, (height - tall) / 2];
  group.append(svg("rect", { class: "ground", x: dx, y: dy, width: wide, height: tall }));
  view.cells.forEach((cell, k) => {
    const { tone, part } = toneOf(cell, largest);
    const [i, j] = [Math.floor(k / view.cols), k % view.cols];
    const place = { x: dx + (j * wide) / view.cols, y: dy + (i * tall) / view.rows };
    const size = { width: wide / view.cols, height: tall / view.rows };
    group.append(svg("rect", { class: tone, ...place, ...size, "fill-opacity": part.toFixed(3) }));
  });
  group.append(svg("rect", { class: "frame", x: dx, y: dy, width: wide, height: tall }));
  return group;
}

/** The numbers as a table, each on a ground that says how large it is. */
export function numbersTable(view: ArrayView, caption: string, words: Words): HTMLElement {
  const { range, rows, cols, cells, notFinite, shape, isCoarse } = view;
  const facts = [
    isCoarse ? words.coarse(shape.join(",")) : "",
    range === null || cells.length === 1
      ? ""
      : words.range(shortNumber(range.min), shortNumber(range.mean), shortNumber(range.max)),
    notFinite > 0 ? words.notFinite(notFinite) : "",
  ].filter((fact) => fact !== "");
  const largest = largestOf(view);
  const body = html("tbody");
  for (let i = 0; i < rows; i++) {
    const row = html("tr");
    for (let j = 0; j < cols; j++) {
      const cell = cells[i * cols + j]!;
      const { tone, part } = toneOf(cell, largest);
      row.append(html("td", { class: tone, style: `--part:${(100 * part).toFixed(0)}%` }, shortNumber(cell)));
    }
    body.append(row);
  }
  const table =
    cells.length === 0
      ? html("p", {}, words.empty)
      : html(
          "div",
          { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
          html("table", {}, html("caption", { class: "hidden" }, caption), body),
        );
  return html(
    "div",
    { class: "numbers" },
    table,
    facts.length > 0 ? html("p", { class: "facts" }, facts.join("; ")) : null,
  );
}

/** In words, for those who do not see the picture. */
export function spoken(view: ArrayView, words: Words): string {
  const only = onlyNumber(view);
  if (only !== null) return shortNumber(only);
  const { range, notFinite } = view;
  const bad = notFinite > 0 ? `, ${words.notFinite(notFinite)}` : "";
  if (range === null) return words.empty + bad;
  return words.range(shortNumber(range.min), shortNumber(range.mean), shortNumber(range.max)) + bad;
}
