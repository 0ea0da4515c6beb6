import type { Axis } from "./axis.ts";
import { elided, pixels, wrapped } from "./text.ts";

/** Pixels. Narrow, so that the text can be read where a telephone shrinks the figure to its own width. */
export const WIDTH = 520;
const PAD = 14;
const PLOT_HEIGHT = 270;

/** Text that is broken into lines already, and where it begins. */
export interface TextBlock {
  readonly lines: readonly string[];
  readonly fontSize: number;
  /** In pixels, from one line to the next. */
  readonly lineHeight: number;
  readonly left: number;
  readonly top: number;
  readonly isBold?: boolean;
}

export interface LegendEntry {
  /** Which of the series. */
  readonly series: number;
  readonly text: string;
  readonly left: number;
  /** The middle of its line. */
  readonly middle: number;
}

/** Where everything in a figure is. The frame is what lies within the margins. */
export interface Layout {
  readonly height: number;
  readonly marginTop: number;
  readonly marginRight: number;
  readonly marginBottom: number;
  readonly marginLeft: number;
  readonly title: TextBlock;
  readonly xLabel: TextBlock;
  readonly yLabel: TextBlock;
  readonly notes: TextBlock;
  readonly legend: readonly LegendEntry[];
}

export const TICK_SIZE = 12;
export const LEGEND_SIZE = 13;
/** How long a legend's piece of line is, and how far its text is from where that begins. */
export const SWATCH = 28;
const LEGEND_INDENT = SWATCH + 7;
const LEGEND_LINE = 19;

/** From top to bottom: title, legend, the label of y, the frame with its ticks, the label of x, notes. */
export function layoutOf(
  text: { readonly title: string; readonly names: readonly string[]; readonly notes: readonly string[] },
  x: Axis,
  y: Axis,
): Layout {
  const title = block([text.title], 15, PAD, PAD, { isBold: true });
  const legendTop = bottomOf(title) + 6;
  const legend = legendOf(text.names, legendTop);
  const legendBottom =
    legend.length === 0 ? bottomOf(title) : Math.max(...legend.map(({ middle }) => middle)) + LEGEND_LINE / 2;
  const yLabel = block([y.label], 12.5, PAD, legendBottom + 8);
  const marginTop = bottomOf(yLabel) + 9;
  const widest = pixels(TICK_SIZE);
  const tickLabels = y.ticks.values.map((value) => widest(y.ticks.label(value)));
  const marginLeft = Math.ceil(PAD + Math.max(0, ...tickLabels) + 9);
  const lastTick = x.ticks.values.at(-1);
  const marginRight = Math.ceil(
    Math.max(PAD, lastTick === undefined ? 0 : PAD / 2 + widest(x.ticks.label(lastTick)) / 2),
  );
  const frameBottom = marginTop + PLOT_HEIGHT;
  const xLabel = block([x.label], 12.5, marginLeft, frameBottom + 27);
  const notes = block(text.notes, 11.5, PAD, bottomOf(xLabel) + 8);
  const height = Math.ceil((text.notes.length === 0 ? bottomOf(xLabel) : bottomOf(notes)) + PAD - 2);
  return {
    height,
    marginTop,
    marginRight,
    marginBottom: height - frameBottom,
    marginLeft,
    title,
    xLabel,
    yLabel,
    notes,
    legend,
  };
}

function block(
  paragraphs: readonly string[],
  fontSize: number,
  left: number,
  top: number,
  { isBold = false }: { readonly isBold?: boolean } = {},
): TextBlock {
  const measure = pixels(isBold ? fontSize * 1.08 : fontSize);
  const lines = paragraphs.flatMap((paragraph) => wrapped(paragraph, WIDTH - PAD - left, measure));
  return { lines, fontSize, lineHeight: Math.round(fontSize * 1.3), left, top: Math.round(top), isBold };
}

function bottomOf({ lines, lineHeight, top }: TextBlock): number {
  return top + lines.length * lineHeight;
}

/** In columns of one width, as many as there is room for. */
function legendOf(names: readonly string[], top: number): LegendEntry[] {
  const measure = pixels(LEGEND_SIZE);
  const room = WIDTH - 2 * PAD;
  const texts = names.map((name) => elided(name, room - LEGEND_INDENT, measure));
  const width = LEGEND_INDENT + Math.max(0, ...texts.map(measure)) + 14;
  const columns = Math.max(1, Math.min(texts.length, Math.floor((room + 14) / width)));
  // Downwards: what was named in succession stays together.
  const rows = Math.ceil(texts.length / columns);
  return texts.map((text, series) => ({
    series,
    text,
    left: PAD + Math.floor(series / rows) * width,
    middle: top + LEGEND_LINE * ((series % rows) + 0.5),
  }));
}
