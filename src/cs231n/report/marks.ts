import type { Markish, RenderFunction } from "@observablehq/plot";
import type { Axis } from "./axis.ts";
import type { Curve, Point } from "./curve.ts";
import type { Plot } from "./drawing.ts";
import { type Layout, LEGEND_SIZE, SWATCH, type TextBlock, TICK_SIZE } from "./layout.ts";
import { COLOURS, type Look, PAPER, symbolsPath } from "./looks.ts";

const SVG = "http://www.w3.org/2000/svg";

/** The paper, so that a figure can be read on whatever it is laid. */
export const paper: RenderFunction = (_index, _scales, _values, { width, height }, { document }) => {
  const rect = document.createElementNS(SVG, "rect");
  set(rect, { class: "paper", fill: PAPER.light, width, height });
  return rect;
};

export function textMark(plot: Plot, block: TextBlock, layout: Layout): Markish {
  return plot.text([block.lines.join("\n")], {
    text: (text: string) => text,
    frameAnchor: "top-left",
    lineAnchor: "top",
    textAnchor: "start",
    dx: block.left - layout.marginLeft,
    dy: block.top - layout.marginTop,
    fontSize: block.fontSize,
    lineHeight: block.lineHeight / block.fontSize,
    ...(block.isBold === true ? { fontWeight: 600 } : {}),
  });
}

/** A faint grid, both axes with ticks, and their lines. */
export function axisMarks(plot: Plot, x: Axis, y: Axis): Markish[] {
  const labelled = { label: null, fontSize: TICK_SIZE, tickSize: 5 } as const;
  const minor = { label: null, tickSize: 3, tickFormat: () => "" } as const;
  return [
    plot.gridX(x.ticks.values, { strokeOpacity: 0.12 }),
    plot.gridY(y.ticks.values, { strokeOpacity: 0.12 }),
    plot.axisX(x.ticks.values, { ...labelled, tickFormat: x.ticks.label }),
    plot.axisY(y.ticks.values, { ...labelled, tickFormat: y.ticks.label }),
    x.ticks.minor.length > 0 ? plot.axisX(x.ticks.minor, minor) : null,
    y.ticks.minor.length > 0 ? plot.axisY(y.ticks.minor, minor) : null,
    plot.frame({ anchor: "bottom" }),
    plot.frame({ anchor: "left" }),
  ];
}

export function lineMark(plot: Plot, curve: Curve, look: Look): Markish {
  return plot.line(curve.path, {
    x: "0",
    y: "1",
    stroke: COLOURS[look.colour]!.light,
    strokeWidth: 2,
    ...(look.isDashed ? { strokeDasharray: DOTTED } : {}),
    className: `stroke-${look.colour}`,
  });
}

export function symbolMark(plot: Plot, points: readonly Point[], look: Look, radius: number): Markish {
  return plot.dot(points, {
    x: "0",
    y: "1",
    render: (index, _scales, { x, y }, _dimensions, { document }) => {
      const places = Array.from(index, (k): Point => [Number(x![k]), Number(y![k])]);
      return symbols(document, places, look, radius);
    },
  });
}

/** A piece of line, a symbol, and the name, for each series. */
export function legendMarks(
  plot: Plot,
  layout: Layout,
  looks: readonly Look[],
  { hasLines, radius }: { readonly hasLines: boolean; readonly radius: number },
): Markish[] {
  return layout.legend.map(({ series, text, left, middle }) => {
    const look = looks[series]!;
    const swatch: RenderFunction = (_index, _scales, _values, _dimensions, { document }) => {
      const group = document.createElementNS(SVG, "g");
      if (hasLines) {
        const line = document.createElementNS(SVG, "path");
        const dashes = look.isDashed ? { "stroke-dasharray": DOTTED } : {};
        set(line, {
          class: `stroke-${look.colour}`,
          fill: "none",
          stroke: COLOURS[look.colour]!.light,
          "stroke-width": 2,
          "stroke-linecap": "round",
          ...dashes,
          d: `M${left + 1},${middle}h${SWATCH - 2}`,
        });
        group.append(line);
      }
      group.append(symbols(document, [[left + SWATCH / 2, middle]], look, radius));
      return group;
    };
    const label = {
      lines: [text],
      fontSize: LEGEND_SIZE,
      lineHeight: LEGEND_SIZE,
      left: left + SWATCH + 7,
      // Letters that hang below their line are rare: the middle of the others.
      top: middle - LEGEND_SIZE / 2 + 1,
    };
    return [swatch, textMark(plot, label, layout)];
  });
}

export function emptyMark(plot: Plot): Markish {
  return plot.text(["No values to draw"], { frameAnchor: "middle", fontSize: 14, fontStyle: "italic" });
}

/** Round caps make these dots. */
const DOTTED = "0.1 5";

function symbols(document: Document, points: readonly Point[], look: Look, radius: number): SVGElement {
  const path = document.createElementNS(SVG, "path");
  const colour = COLOURS[look.colour]!.light;
  const style = look.isDashed
    ? { class: `paper stroke-${look.colour}`, fill: PAPER.light, stroke: colour, "stroke-width": 1.3 }
    : { class: `fill-${look.colour}`, fill: colour, stroke: "none" };
  set(path, { ...style, d: symbolsPath(look.symbol, radius, points) });
  return path;
}

function set(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
