/** What reductions over axes have in common. */
import { reducedShape, type Shape } from "../../graph/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { broadcastTo } from "../broadcastTo.ts";
import { reshape } from "../reshape.ts";

export interface Over {
  /** Normalized: counted from the front, sorted. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

export interface KeepDims {
  /** Keep reduced axes as size one, so that the result broadcasts against x. */
  readonly keepDims?: boolean;
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

export function textAxes({ axes, keepDims }: Over): string {
  return `, [${axes}]${keepDims ? ", keepDims" : ""}`;
}

export function latexAxes({ axes }: Over): string {
  return `_{${axes.join(",")}}`;
}
