/** What reductions over axes have in common. */
import { AxisError, ShapeError } from "../../graph/errors.ts";
import type { Reduction, ScalarFunction } from "../../graph/lowering.ts";
import { checkedFlag, checkedOptions } from "../../graph/options.ts";
import type { Draw, Reject, Sample } from "../../graph/primitive.ts";
import { normalizeAxes, reducedShape, type Shape, sizeAlong, sizeOf } from "../../graph/shape.ts";
import type { NdArray, Spec, Tensor } from "../../graph/tensor.ts";
import { broadcastTo } from "../broadcastTo.ts";
import { reshape } from "../reshape.ts";
import type { One } from "./elementwise.ts";
import { array, zerosLike } from "./samples.ts";

export interface Over {
  /** Normalized: counted from the front, sorted. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

export interface KeepDims {
  /** Keep reduced axes as size one, so that the result broadcasts against x. */
  readonly keepDims?: boolean;
}

/**
 * Whether reduced axes are to be kept.
 *
 * @throws ArgumentError for other options, and for a keepDims that is neither true nor false
 */
export function keepDimsOf(op: string, options: KeepDims): boolean {
  return checkedFlag(op, "keepDims", checkedOptions(op, options, KEEP_DIMS).keepDims, false);
}

const KEEP_DIMS = ["keepDims"];

/** What is left of x's shape; axes are checked here, whoever made the parameters. */
export function shapeOver(op: string, x: Spec, { axes, keepDims }: Over): number[] {
  return reducedShape(x.shape, normalizeAxes(op, axes, x.shape.length), keepDims);
}

/** @throws ShapeError where something would have to be chosen from nothing. */
export function assertNotEmpty(op: string, x: Spec, axes: readonly number[]): void {
  const n = sizeAlong(x.shape, axes);
  if (n > 0 || sizeOf(reducedShape(x.shape, axes, false)) === 0) return;
  throw new ShapeError(
    op,
    `at least one element along axes [${axes}]`,
    `[${x.shape}]`,
    `${op} of nothing has no value: test x.size first, or concat the value that it should have`,
  );
}

/** How reductions over named axes are lowered. */
export function reduction(combine: ScalarFunction, initial: number, isMean = false): Reduction<Over> {
  return { kind: "reduce", combine, initial, isMean, over: (_, { axes }) => axes };
}

/** A reduced value beside what it was reduced from: axes that were dropped come back as ones. */
export function keepAxes(y: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  return reshape(y, reducedShape(shape, axes, true));
}

/** The adjoint of a sum: every element gets the cotangent of the sum that it went into. */
export function spreadBack(yBar: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  return broadcastTo(keepAxes(yBar, shape, axes), shape);
}

export const AXES_SAMPLED: readonly Over[] = [
  { axes: [0, 1, 2], keepDims: false },
  { axes: [1], keepDims: false },
  { axes: [0, 2], keepDims: true },
  { axes: [2], keepDims: true },
  { axes: [], keepDims: false },
];

/** Where reductions are tried: over all kinds of axes, and on arrays of one element and of none. */
export function samplesOver(draw: (shape: Shape) => NdArray): readonly Sample<One, Over>[] {
  const small: readonly (readonly [Shape, Over])[] = [
    [[], { axes: [], keepDims: false }],
    [[1], { axes: [0], keepDims: true }],
    [[0, 3], { axes: [1], keepDims: false }],
  ];
  return [
    ...AXES_SAMPLED.map((params): Sample<One, Over> => ({ x: [draw([2, 3, 2])], params })),
    ...small.map(([shape, params]): Sample<One, Over> => ({ x: [draw(shape)], params })),
  ];
}

/** Numbers in random order, no two nearer to each other than 0.1: what is largest stays so when they move a little. */
export function distinct(draw: Draw, shape: Shape): NdArray {
  const { data: keys } = draw.uniform(shape, 0, 1);
  const { data: jitter } = draw.uniform(shape, 0, 0.1);
  const ranks = [...keys].map((key) => [...keys].filter((other) => other < key).length);
  return array(
    ranks.map((rank, i) => 0.2 * (rank - keys.length / 2) + jitter[i]!),
    shape,
  );
}

export const AXES_REFUSED: readonly Reject<One, Over>[] = [
  { x: [zerosLike([2, 3])], params: { axes: [2], keepDims: false }, error: AxisError },
  { x: [zerosLike([2, 3])], params: { axes: [0, 0], keepDims: false }, error: AxisError },
];

export function textAxes({ axes, keepDims }: Over): string {
  return `, [${axes}]${keepDims ? ", keepDims" : ""}`;
}

export function latexAxes({ axes }: Over): string {
  return `_{${axes.join(",")}}`;
}
