import { DataError } from "../../data/error.ts";
import { missingPackage } from "../../data/package.ts";
import { COLOURS, INK, PAPER } from "./looks.ts";

export type Plot = typeof import("@observablehq/plot");

/** What a plot is drawn with. */
export interface Drawing {
  readonly plot: Plot;
  /** A new document for each figure: nothing of one gets into another. */
  newDocument(): Document;
}

/**
 * Observable Plot, and a document for it to draw in where there is no browser.
 *
 * @throws DataError where either is not installed
 */
export async function drawing(op: string): Promise<Drawing> {
  const plot = await optional(op, "@observablehq/plot", () => import("@observablehq/plot"));
  const { parseHTML } = await optional(op, "linkedom", () => import("linkedom"));
  // The same class as linkedom's own DOMParser, but typed as a browser's.
  const { DOMParser } = parseHTML("<html></html>");
  return {
    plot,
    // XML: HTML would be written with raw < in attributes.
    newDocument: () => new DOMParser().parseFromString(`<svg xmlns="${SVG}"></svg>`, "image/svg+xml"),
  };
}

/** Who misses one of them misses both, mostly. */
const INSTALL = "npm install @observablehq/plot linkedom";

async function optional<T>(op: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { expected, received, file, offset } = missingPackage(op, name, error);
    throw new DataError(op, expected, received, INSTALL, { file, offset });
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** What all that is drawn is in. Selectors begin with it: a page of figures shares its styles. */
export const CLASS = "wengert-plot";

/**
 * The colours of a light and of a dark page. Elements have the light ones as attributes too, for readers of SVG that
 * know no style sheets. `screen`: paper is light.
 */
export const STYLE: string = [
  `.${CLASS} { display: block; max-width: 100%; height: auto; color-scheme: light dark; }`,
  `.${CLASS} text, .${CLASS} tspan { white-space: pre; }`,
  ...rules("light"),
  "@media screen and (prefers-color-scheme: dark) {",
  ...rules("dark"),
  "}",
].join("\n");

function rules(mode: "light" | "dark"): string[] {
  const colours = COLOURS.flatMap((colour, k) => [
    `.${CLASS} .fill-${k} { fill: ${colour[mode]}; }`,
    `.${CLASS} .stroke-${k} { stroke: ${colour[mode]}; }`,
  ]);
  return [`.${CLASS} { color: ${INK[mode]}; }`, `.${CLASS} .paper { fill: ${PAPER[mode]}; }`, ...colours];
}

/** A hundredth of a pixel: beyond it engines' logarithms differ, and the same results are to give the same bytes. */
const PLACES = ["transform", "d", "x", "x1", "x2", "y", "y1", "y2"];

/** The drawing as text that stands on its own. */
export function serialized(svg: Element, title: string, description: string): string {
  const document = svg.ownerDocument;
  for (const element of svg.querySelectorAll("*")) {
    for (const name of PLACES) {
      const value = element.getAttribute(name);
      if (value !== null) element.setAttribute(name, value.replace(NUMBER, hundredth));
    }
  }
  const style = document.createElementNS(SVG, "style");
  style.textContent = `\n${STYLE}\n`;
  svg.querySelector("style")?.remove();
  const named = { title, desc: description };
  svg.prepend(
    ...Object.entries(named).map(([tag, text]) => {
      const element = document.createElementNS(SVG, tag);
      element.textContent = text;
      return element;
    }),
    style,
  );
  const attributes = { xmlns: SVG, role: "img", color: INK.light };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  return `${svg.outerHTML}\n`;
}

const NUMBER = /-?\d*\.?\d+(?:e[-+]?\d+)?/g;

function hundredth(digits: string): string {
  // + 0: no -0.
  return String(Math.round(Number(digits) * 100) / 100 + 0);
}
