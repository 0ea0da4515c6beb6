/** How far differences may reach: large against rounding, small against the scale on which a function bends. */
import type { Tensor } from "../../graph/index.ts";
import { norm } from "./checks.ts";

/**
 * First steps for extrapolation along ẋ, the likeliest first: a fifth of a scale of x, in the units of ẋ.
 *
 * Never tied to the size of x, which may be a million times its spread. Nor to the spread of all of it alone: columns
 * whose means are far apart have a large one, and a layer that looks at each column by itself bends on a smaller.
 */
export function stepsFor(x: Tensor, xDot: Tensor): Steps {
  const [first, ...others] = scalesOf(x);
  const smallest = Math.min(first, ...others);
  const nearer = [first, smallest].flatMap((scale) => PARTS.map((part) => scale * part));
  const unit = (0.2 * Math.sqrt(x.size)) / norm([xDot]);
  const [head, ...tail] = distinct([first, ...others, ...nearer.sort((a, b) => b - a)]).map((s) => s * unit);
  return { steps: [head!, ...tail], near: isConstant(x) ? 0 : smallest * unit };
}

export interface Steps {
  readonly steps: readonly [number, ...number[]];
  /** The largest of them that is surely small enough; 0 where x has no spread to tell it by. */
  readonly near: number;
}

const PARTS = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10];

function isConstant({ data, size }: Tensor): boolean {
  return spreads(data, 1, size, 1)[0]!.width === 0;
}

/** The scale of x that is surely small enough. */
export function smallestScale(x: Tensor): number {
  return Math.min(...scalesOf(x));
}

/** The spread of all of x; then along each axis, the usual spread and the smallest, if there is any. */
function scalesOf({ data, shape, size }: Tensor): [number, ...number[]] {
  const all = spreads(data, 1, size, 1)[0]!;
  const whole = all.width > 0 ? all.width : Math.abs(all.mean) > 0 ? Math.abs(all.mean) : 1;
  const along = shape.flatMap((n, axis) => {
    if (n < 2) return [];
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const widths = spreads(data, size / (n * inner), n, inner)
      .map(({ width }) => width)
      .filter((width) => width > 0);
    if (widths.length === 0) return [];
    const usual = Math.sqrt(widths.reduce((sum, w) => sum + w * w, 0) / widths.length);
    return [usual, Math.min(...widths)];
  });
  return [whole, ...along.sort((a, b) => b - a)];
}

/** Mean and standard deviation along the middle one of three axes; 0 where that is nothing but rounding. */
function spreads(
  data: Tensor["data"],
  outer: number,
  n: number,
  inner: number,
): { readonly mean: number; readonly width: number }[] {
  return Array.from({ length: outer * inner }, (_, slot) => {
    const start = Math.trunc(slot / inner) * n * inner + (slot % inner);
    let mean = 0;
    for (let i = 0; i < n; i++) mean += Number(data[start + i * inner]!) / n;
    let variance = 0;
    for (let i = 0; i < n; i++) variance += (Number(data[start + i * inner]!) - mean) ** 2 / n;
    const width = Math.sqrt(variance);
    return { mean, width: width > 1e-12 * Math.abs(mean) ? width : 0 };
  });
}

/** Without those that differ from an earlier one by less than a factor of three. */
function distinct(scales: readonly number[]): number[] {
  const kept: number[] = [];
  for (const s of scales) if (kept.every((k) => s > 3 * k || k > 3 * s)) kept.push(s);
  return kept;
}
