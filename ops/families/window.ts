/** Regular grids of positions in an array: what slices are taken from, and put back into. */
import { ArgumentError, describe, IndexError, listed, ShapeError } from "../../graph/errors.ts";
import { type Shape, stridesOf } from "../../graph/shape.ts";
import type { Layout } from "../kernels/strided.ts";

/** Along axis k, `size[k]` positions from `start[k]` on, `step[k]` apart (backwards where that is negative). */
export interface Window {
  readonly start: readonly number[];
  readonly size: readonly number[];
  readonly step: readonly number[];
}

/** Positions from..to, the last excluded: [start, stop, step], null or left out for as far as it goes. */
export type Span = readonly [start?: number | null, stop?: number | null, step?: number | null];

/** The window of `size` elements that begin at `start`, without gaps. */
export function windowAt(start: readonly number[], size: readonly number[]): Window {
  return { start, size, step: size.map(() => 1) };
}

/** @throws ArgumentError unless it is { start, size, step }, arrays all three */
export function checkedWindow(op: string, window: Window): Window {
  const given: Partial<Window> | null | undefined = window;
  for (const part of [given?.start, given?.size, given?.step]) {
    if (Array.isArray(part)) continue;
    throw new ArgumentError(op, "a window { start, size, step }, arrays all three", describe(window));
  }
  return window;
}

/** @throws ShapeError, IndexError, ArgumentError unless the window lies within an array of this shape */
export function assertWithin(op: string, { start, size, step }: Window, shape: Shape): void {
  const rank = shape.length;
  if (start.length !== rank || size.length !== rank || step.length !== rank) {
    throw new ShapeError(op, `a window of ${rank} axes, as [${shape}]`, `[${size}]`);
  }
  for (let k = 0; k < rank; k++) {
    const first = start[k]!;
    if (!Number.isInteger(step[k]) || step[k] === 0)
      throw new ArgumentError(
        op,
        "steps that are integers other than 0",
        `${describe(step[k])} on axis ${k}`,
      );
    if (!Number.isInteger(size[k]) || size[k]! < 0)
      throw new ShapeError(op, "sizes that are integers >= 0", listed(size));
    if (!Number.isInteger(first))
      throw new ArgumentError(op, "starts that are integers", `${describe(first)} on axis ${k}`);
    const end = first + (size[k]! - 1) * step[k]!;
    if (size[k]! > 0 && !(isWithin(first, shape[k]!) && isWithin(end, shape[k]!)))
      throw new IndexError(op, `positions from 0 to ${shape[k]! - 1} on axis ${k}`, `${first} to ${end}`);
  }
}

function isWithin(position: number, n: number): boolean {
  return position >= 0 && position < n;
}

/**
 * A span of an axis of size n, by NumPy's rules: negative positions count from the end, those beyond the ends are
 * clipped, and a negative step goes from the end backwards.
 *
 * @throws ArgumentError where an entry is no integer, or step is 0
 */
export function resolveSpan(
  op: string,
  span: Span,
  axis: number,
  n: number,
): [start: number, size: number, step: number] {
  if (!Array.isArray(span) || span.length > 3) {
    throw new ArgumentError(op, `null, an index or [start, stop, step] for axis ${axis}`, describe(span));
  }
  const step = (span[2] ?? 1) as number;
  for (const entry of [span[0], span[1], step]) {
    if (entry !== null && entry !== undefined && !Number.isInteger(entry))
      throw new ArgumentError(
        op,
        `integers or null in [start, stop, step] for axis ${axis}`,
        describe(entry),
      );
  }
  if (step === 0) throw new ArgumentError(op, `a step other than 0 for axis ${axis}`, "0");
  // Going backwards, the position before the first is a stop, and no start is past the last.
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
  const clipped = (position: number | null | undefined, otherwise: number): number => {
    if (position === null || position === undefined) return otherwise;
    return Math.min(Math.max(position < 0 ? position + n : position, low), high);
  };
  const start = clipped(span[0], step > 0 ? low : high);
  const stop = clipped(span[1], step > 0 ? high : low);
  const size = Math.max(0, Math.ceil((stop - start) / step));
  return size === 0 ? [0, 0, 1] : [start, size, step];
}

/** Where the window's elements lie in an array of this shape. */
export function layoutOf({ start, step }: Window, shape: Shape): Layout {
  const strides = stridesOf(shape);
  return {
    start: strides.reduce((sum, stride, k) => sum + start[k]! * stride, 0),
    strides: strides.map((stride, k) => stride * step[k]!),
  };
}

/** `0:3, 5::-1`, as in Python. */
export function textWindow({ start, size, step }: Window): string {
  return start
    .map((first, k) => {
      const stop = first + size[k]! * step[k]!;
      return `${first}:${stop < 0 ? "" : stop}${step[k] === 1 ? "" : `:${step[k]}`}`;
    })
    .join(", ");
}
