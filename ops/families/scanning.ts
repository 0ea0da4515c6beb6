/** What scans along one axis have in common. */
import { AxisError } from "../../graph/errors.ts";
import { checkedFlag, checkedOptions } from "../../graph/options.ts";
import type { Reject } from "../../graph/primitive.ts";
import { normalizeAxis } from "../../graph/shape.ts";
import type { Spec } from "../../graph/tensor.ts";
import type { Scan } from "../kernels/scan.ts";
import type { One } from "./elementwise.ts";
import { zerosLike } from "./samples.ts";

export interface Scanning {
  /** Leave each element out of its own result: what came before it alone. */
  readonly exclusive?: boolean;
  /** From the last element to the first. */
  readonly reverse?: boolean;
}

/**
 * The axis that is meant. There is no default but that of a vector: libraries differ about it (the last axis, the
 * first, or all of x in one row).
 *
 * @throws AxisError
 */
export function scanAxis(op: string, axis: number | undefined, x: Spec): number {
  const rank = x.shape.length;
  if (axis === undefined && rank > 1) {
    throw new AxisError(op, `an axis, as x has ${rank}`, "none", `say which: ${op}(x, -1) for the last`);
  }
  return normalizeAxis(op, axis === undefined ? 0 : axis, rank);
}

/**
 * How it is scanned.
 *
 * @throws ArgumentError for other options than these names, and for what is neither true nor false
 */
export function scanOptions(
  op: string,
  options: Scanning,
  names: readonly string[] = NAMES,
): Required<Scanning> {
  const { exclusive, reverse } = checkedOptions(op, options, names);
  return {
    exclusive: checkedFlag(op, "exclusive", exclusive, false),
    reverse: checkedFlag(op, "reverse", reverse, false),
  };
}

const NAMES = ["exclusive", "reverse"];

export const SCANS_SAMPLED: readonly Scan[] = [
  { axis: 0, exclusive: false, reverse: false },
  { axis: 1, exclusive: true, reverse: false },
  { axis: 2, exclusive: false, reverse: true },
  { axis: 1, exclusive: true, reverse: true },
];

export const SCANS_REFUSED: readonly Reject<One, Scan>[] = [
  { x: [zerosLike([2, 3])], params: { axis: 2, exclusive: false, reverse: false }, error: AxisError },
  { x: [zerosLike([])], params: { axis: 0, exclusive: false, reverse: false }, error: AxisError },
];

export function textScan({ axis, exclusive, reverse }: Scan): string {
  return `, ${axis}${exclusive ? ", exclusive" : ""}${reverse ? ", reverse" : ""}`;
}

export function latexScan(name: string, { axis, exclusive, reverse }: Scan): string {
  const how = `${exclusive ? "<" : ""}${reverse ? "\\leftarrow" : ""}`;
  return `\\operatorname{${name}}_{${axis}}${how === "" ? "" : `^{${how}}`}`;
}
