import { ArgumentError, describe } from "../../../graph/index.ts";
import type { Figure, Series } from "../result.ts";
import { type Axis, axisFor } from "./axis.ts";
import { type Curve, curveOf, type Point } from "./curve.ts";
import { CLASS, drawing, serialized } from "./drawing.ts";
import { layoutOf, WIDTH } from "./layout.ts";
import { looksOf } from "./looks.ts";
import { axisMarks, emptyMark, legendMarks, lineMark, paper, symbolMark, textMark } from "./marks.ts";
import { notesOn } from "./notes.ts";
import { counted, short } from "./numbers.ts";
import { oneLine } from "./text.ts";

/**
 * A figure as an SVG file that stands on its own: title, axes, legend, and what it does not show. It can be read on a
 * light and on a dark page, and without telling colours apart. The same figure gives the same text.
 *
 * Values without a place on a log axis, and gaps, are left out, and a note in the figure says so; likewise where the
 * domain of an axis cuts a curve off.
 *
 * @throws ArgumentError for a mark or scale that there is not, a domain that is none, series with fewer y than x
 * @throws DataError where `@observablehq/plot` or `linkedom` is not installed
 */
export async function plotSvg(figure: Figure): Promise<string> {
  checkFigure(figure);
  const { mark, series } = figure;
  // Unless they are cut off already, the values that one axis has no place for are no matter for the other.
  const x = axisFor(
    "plotSvg",
    figure.x,
    series.flatMap((one) => one.x),
    6,
  );
  const y = axisFor(
    "plotSvg",
    figure.y,
    series.flatMap((one) => one.y),
    6,
  );
  const curves = series.map((one) => curveOf(one, x, y));
  const names = series.map(({ name }) => oneLine(name));
  const notes = series.flatMap((one, k) => notesOn(names[k]!, one.x.length, curves[k]!, x, y));
  const layout = layoutOf({ title: figure.title, names, notes }, x, y);
  const looks = looksOf(series);
  const hasLines = mark !== "dots";
  const isDense = mark === "dots" && curves.some(({ points }) => points.length > 100);
  const radius = isDense ? 2 : 3.4;
  const { plot, newDocument } = await drawing("plotSvg");
  const axisOptions = ({ isLog, low, high }: Axis) =>
    ({ type: isLog ? "log" : "linear", domain: [low, high], axis: null }) as const;
  const svg = plot.plot({
    document: newDocument(),
    className: CLASS,
    figure: false,
    width: WIDTH,
    height: layout.height,
    marginTop: layout.marginTop,
    marginRight: layout.marginRight,
    marginBottom: layout.marginBottom,
    marginLeft: layout.marginLeft,
    x: axisOptions(x),
    y: axisOptions(y),
    marks: [
      paper,
      axisMarks(plot, x, y),
      hasLines ? curves.map((curve, k) => lineMark(plot, curve, looks[k]!)) : null,
      curves.map((curve, k) => symbolMark(plot, marked(mark, curve, k, curves.length), looks[k]!, radius)),
      curves.every(({ points, path }) => points.length + path.length === 0) ? emptyMark(plot) : null,
      legendMarks(plot, layout, looks, { hasLines, radius: 3.8 }),
      [layout.title, layout.xLabel, layout.yLabel, layout.notes].map((block) =>
        textMark(plot, block, layout),
      ),
    ],
  });
  return serialized(svg, oneLine(figure.title), descriptionOf(figure, x, y, notes));
}

/** At which points a series has its symbol: a line has a few, so that it is told apart from others. */
function marked(mark: Figure["mark"], { points, lonely }: Curve, series: number, count: number): Point[] {
  if (mark !== "line" || points.length <= 2 * FEW) return [...points];
  const stride = points.length / FEW;
  // Each begins elsewhere, so that symbols of curves that run together do not hide one another.
  const first = Math.floor((stride * series) / count);
  const chosen = new Set<Point>(lonely);
  for (let k = first; k < points.length; k += stride) chosen.add(points[Math.floor(k)]!);
  return points.filter((point) => chosen.has(point));
}

const FEW = 8;

/** For those who hear a figure instead of seeing it. */
function descriptionOf(figure: Figure, x: Axis, y: Axis, notes: readonly string[]): string {
  const axis = (name: string, { label, low, high }: Axis): string =>
    `${name}: ${label}, from ${short(low)} to ${short(high)}.`;
  const series = figure.series.map((one) => `${one.name} (${counted(one.x.length, "value")})`).join("; ");
  const sentences = [figure.caption, axis("x", x), axis("y", y), `Series: ${series || "none"}.`, ...notes];
  return oneLine(sentences.join(" "));
}

function checkFigure({ name, mark, series }: Figure): void {
  if (mark !== "line" && mark !== "dots" && mark !== "both") {
    const expected = `the mark of figure ${JSON.stringify(name)} to be "line", "dots" or "both"`;
    throw new ArgumentError("plotSvg", expected, describe(mark));
  }
  for (const one of series) checkSeries(name, one);
}

function checkSeries(figure: string, { name, x, y }: Series): void {
  if (x.length === y.length) return;
  const expected = `series ${JSON.stringify(name)} of figure ${JSON.stringify(figure)} to have as many y as x`;
  throw new ArgumentError("plotSvg", expected, `${x.length} x and ${y.length} y`, "null stands for a gap");
}
