/**
 * Shapes as plain data, and the facts about them that ops share.
 *
 * `checkedShape` looks at the sizes of a shape that a caller gives. The others, which every op calls many times, see
 * that they were given an array and trust what is in it.
 */
import { AxisError, describe, listed, ShapeError } from "./errors.ts";

export type Shape = readonly number[];

/** An axis, or several; negative ones count from the end. */
export type Axes = number | readonly number[];

export function sizeOf(shape: Shape): number {
  if (!Array.isArray(shape)) throw noShape("sizeOf", shape);
  let size = 1;
  for (let k = 0; k < shape.length; k++) size *= shape[k]!;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  assertArrays("sameShape", a, b);
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** How far apart neighbours along each axis lie in row-major order. */
export function stridesOf(shape: Shape): number[] {
  if (!Array.isArray(shape)) throw noShape("stridesOf", shape);
  const strides = new Array<number>(shape.length);
  for (let k = shape.length - 1, stride = 1; k >= 0; k--) {
    strides[k] = stride;
    stride *= shape[k]!;
  }
  return strides;
}

/**
 * `[4, 1]` and `[3]` broadcast to `[4, 3]`: align right, stretch the ones (NumPy's rule).
 *
 * @throws ShapeError where two sizes differ and neither is one.
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  assertArrays(op, a, b);
  // Mostly one of the two is the result: handing it on makes the next comparison one of references.
  if (stretchesTo(b, a)) return a;
  if (stretchesTo(a, b)) return b;
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let k = 0; k < rank; k++) {
    const da = a[a.length - rank + k] ?? 1;
    const db = b[b.length - rank + k] ?? 1;
    if (da !== db && da !== 1 && db !== 1) {
      throw new ShapeError(
        op,
        "shapes that broadcast (equal, or 1, aligned from the right)",
        `[${a}] with [${b}]`,
        `sizes ${da} and ${db} clash on axis ${k - rank}; reshape or expandDims one of them`,
      );
    }
    shape[k] = da === 1 ? db : da;
  }
  return shape;
}

/** Whether `small` stretches to exactly `large`. */
export function stretchesTo(small: Shape, large: Shape): boolean {
  assertArrays("stretchesTo", small, large);
  const lead = large.length - small.length;
  if (lead < 0) return false;
  for (let k = 0; k < small.length; k++) if (small[k] !== 1 && small[k] !== large[k + lead]) return false;
  return true;
}

/** The axes of `large` along which `small` was stretched, those in front included. */
export function stretchedAxes(small: Shape, large: Shape): number[] {
  assertArrays("stretchedAxes", small, large);
  const lead = large.length - small.length;
  const axes: number[] = [];
  for (let k = 0; k < large.length; k++) {
    if (k < lead || (small[k - lead] === 1 && large[k] !== 1)) axes.push(k);
  }
  return axes;
}

/**
 * One axis, counted from the front.
 *
 * @throws AxisError where it is not an integer in [-rank, rank).
 */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new AxisError(
      op,
      rank === 0 ? "no axis: a scalar has none" : `an integer axis from ${-rank} to ${rank - 1}`,
      describe(axis),
    );
  }
  // -0 becomes 0.
  return axis < 0 ? axis + rank : axis + 0;
}

/**
 * Axes counted from the front, sorted; all of them where none are named. The array is frozen, and frozen arrays that
 * are in order already are handed back as they are, so that checking again costs next to nothing.
 *
 * @throws AxisError where one is out of range or named twice.
 */
export function normalizeAxes(op: string, axes: Axes | undefined, rank: number): readonly number[] {
  if (axes === undefined) return allAxes(rank);
  if (typeof axes === "number") return oneAxis(normalizeAxis(op, axes, rank));
  if (!Array.isArray(axes)) throw new AxisError(op, "an axis or an array of axes", describe(axes));
  if (Object.isFrozen(axes) && isNormal(axes, rank)) return axes;
  // Not axes.map, which passes over holes.
  const normal = Array.from(axes, (axis: number) => normalizeAxis(op, axis, rank)).sort((a, b) => a - b);
  const twice = normal.find((axis, k) => axis === normal[k - 1]);
  if (twice !== undefined)
    throw new AxisError(op, "each axis once", `[${axes}]`, `axis ${twice} is named twice`);
  return Object.freeze(normal);
}

function isNormal(axes: readonly number[], rank: number): boolean {
  for (let k = 0; k < axes.length; k++) {
    const axis = axes[k]!;
    if (!Number.isInteger(axis) || axis < 0 || axis >= rank || (k > 0 && axis <= axes[k - 1]!)) return false;
  }
  return true;
}

const ONE: (readonly number[])[] = [];

function oneAxis(axis: number): readonly number[] {
  ONE[axis] ??= Object.freeze([axis]);
  return ONE[axis];
}

const ALL: (readonly number[])[] = [];

function allAxes(rank: number): readonly number[] {
  ALL[rank] ??= Object.freeze(Array.from({ length: rank }, (_, k) => k));
  return ALL[rank];
}

/** How many elements these axes span. */
export function sizeAlong(shape: Shape, axes: readonly number[]): number {
  assertArrays("sizeAlong", shape, axes);
  let size = 1;
  for (let k = 0; k < axes.length; k++) size *= shape[axes[k]!]!;
  return size;
}

/** The shape that is left when `axes` (normalized) are reduced away, or kept as ones. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  assertArrays("reducedShape", shape, axes);
  const left: number[] = [];
  for (let k = 0; k < shape.length; k++) {
    if (!axes.includes(k)) left.push(shape[k]!);
    else if (keepDims) left.push(1);
  }
  return left;
}

/**
 * A caller's shape, checked, and copied unless nobody can change it.
 *
 * @throws ShapeError unless it is an array of integers >= 0, of no more elements than can be.
 */
export function checkedShape(op: string, shape: unknown): Shape {
  if (!Array.isArray(shape)) throw noShape(op, shape);
  const sizes = new Array<number>(shape.length);
  let size = 1;
  for (let k = 0; k < sizes.length; k++) {
    const d: unknown = shape[k];
    if (!isSize(d)) throw new ShapeError(op, "sizes that are integers >= 0", listed(shape));
    sizes[k] = d;
    size *= d;
  }
  if (size > MOST_ELEMENTS) throw new ShapeError(op, "at most 2^32 elements", listed(shape));
  return Object.isFrozen(shape) ? shape : Object.freeze(sizes);
}

/** More elements than any engine's typed arrays hold. */
const MOST_ELEMENTS = 2 ** 32;

function isSize(d: unknown): d is number {
  return Number.isSafeInteger(d) && (d as number) >= 0;
}

function assertArrays(op: string, a: unknown, b: unknown): void {
  if (!Array.isArray(a) || !Array.isArray(b)) throw noShape(op, Array.isArray(a) ? b : a);
}

function noShape(op: string, shape: unknown): ShapeError {
  return new ShapeError(op, "a shape: an array of sizes", describe(shape));
}
