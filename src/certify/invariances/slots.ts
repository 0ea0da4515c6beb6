/** An input as so many slots, each of which the layer treats by itself. */
import { type Axes, normalizeAxes, type Tensor } from "../../../graph/index.ts";
import { abs, max, mean, sqrt, square, sub } from "../../../ops/index.ts";
import { EXACT } from "./identity.ts";
import type { At, InputRef } from "./layer.ts";

export const KEEP = { keepDims: true } as const;

export interface Along {
  readonly k: number;
  readonly x: Tensor;
  readonly over: readonly number[];
  /** x's shape with ones for the axes: one number for each slot that the layer treats by itself. */
  readonly slots: readonly number[];
}

export function along(op: string, at: At, axes: Axes, of: InputRef): Along {
  const k = at.place(of);
  const x = at.x[k]!;
  const over = normalizeAxes(op, axes, x.rank);
  return { k, x, over, slots: x.shape.map((n, i) => (over.includes(i) ? 1 : n)) };
}

/**
 * What rounding leaves of an identity that moves x: a mean that is large against the spread takes digits from whatever
 * is invariant under shifts. Slot by slot: columns may have means that are far apart.
 */
export function rounding(x: Tensor, over: readonly number[]): number {
  if (x.size === 0) return EXACT;
  const width = sqrt(mean(square(sub(x, mean(x, over, KEEP))), over, KEEP));
  const top = max(abs(x), over, KEEP);
  let ratio = 1;
  for (let i = 0; i < top.size; i++) {
    const [w, t] = [Number(width.data[i]!), Number(top.data[i]!)];
    // Below that a slot is constant, and its width is rounding.
    if (w > 1e-10 * t) ratio = Math.max(ratio, t / w);
  }
  return EXACT + 256 * Number.EPSILON * ratio;
}

export function shown(axes: Axes): string {
  return typeof axes === "number" ? `${axes}` : `[${axes.join(", ")}]`;
}
