/** What series look like: each has a colour and a symbol, so that they are told apart without colour too. */

/**
 * Seven colours that stay apart (at least 19 in CIELAB) for readers who see no red, no green or no blue as well, by the
 * matrices of Machado, Oliveira and Fernandes (2009), and stand out from the paper by 3:1 at least.
 */
export const COLOURS: readonly { readonly light: string; readonly dark: string }[] = Object.freeze([
  { light: "#2379d8", dark: "#69b1ff" },
  { light: "#933c06", dark: "#ee8a3c" },
  { light: "#145247", dark: "#c6ead0" },
  { light: "#d667a5", dark: "#e058c8" },
  { light: "#5b13c4", dark: "#8a63f0" },
  { light: "#869c16", dark: "#e6d83c" },
  { light: "#71367d", dark: "#f0425f" },
]);

export const PAPER = { light: "#ffffff", dark: "#16181d" } as const;
export const INK = { light: "#1b1e24", dark: "#e7e9ee" } as const;

/** The corners of a symbol around its middle, y downwards, for a radius of 1; null for a circle. */
type Corners = readonly (readonly [number, number])[] | null;

/** One fewer than there are colours: with more series than either, the pairs are still different. */
const SYMBOLS: readonly Corners[] = Object.freeze([
  null,
  cornersOf(4, -45, 1.25),
  cornersOf(3, -90, 1.35),
  cornersOf(4, -90, 1.35),
  cornersOf(3, 90, 1.35),
  star(),
]);

export interface Look {
  /** Which of the colours. */
  readonly colour: number;
  readonly symbol: number;
  /** Dotted, its symbols hollow. */
  readonly isDashed: boolean;
}

/**
 * What each series looks like. Those of one group have one colour, a solid and a dashed one of it one symbol as well;
 * a series without a group is one that is called like it.
 */
export function looksOf(
  series: readonly { readonly name: string; readonly group?: string; readonly dashed?: boolean }[],
): Look[] {
  const groups = [...new Set(series.map(groupOf))];
  const uses = new Map<string, number>();
  return series.map((one) => {
    const group = groupOf(one);
    const index = groups.indexOf(group);
    const isDashed = one.dashed === true;
    const key = JSON.stringify([group, isDashed]);
    const before = uses.get(key) ?? 0;
    uses.set(key, before + 1);
    return { colour: index % COLOURS.length, symbol: (index + before) % SYMBOLS.length, isDashed };
  });
}

function groupOf({ name, group }: { readonly name: string; readonly group?: string }): string {
  return group ?? name;
}

/** The symbols at these points, as the data of one path: an element a point would be ten times as long. */
export function symbolsPath(
  symbol: number,
  radius: number,
  points: readonly (readonly [number, number])[],
): string {
  const corners = SYMBOLS[symbol]!;
  const shape = corners === null ? circle(radius) : polygon(corners, radius);
  return points.map(([x, y]) => `M${tenth(x)},${tenth(y)}${shape}`).join("");
}

function circle(r: number): string {
  return `m${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`;
}

function polygon(corners: readonly (readonly [number, number])[], radius: number): string {
  const steps = corners.map(([x, y], k) => {
    const [fromX, fromY] = k === 0 ? [0, 0] : corners[k - 1]!;
    return `${k === 0 ? "m" : "l"}${tenth((x - fromX) * radius)},${tenth((y - fromY) * radius)}`;
  });
  return `${steps.join("")}z`;
}

function cornersOf(count: number, first: number, radius: number): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, (_, k) => onCircle(first + (360 * k) / count, radius));
}

function star(): readonly (readonly [number, number])[] {
  return Array.from({ length: 10 }, (_, k) => onCircle(-90 + 36 * k, k % 2 === 0 ? 1.6 : 0.65));
}

function onCircle(degrees: number, radius: number): readonly [number, number] {
  const angle = (degrees * Math.PI) / 180;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** A tenth of a pixel is enough, and the same on every machine. */
function tenth(value: number): number {
  // + 0: no -0.
  return Math.round(value * 10) / 10 + 0;
}
