/** Pixels and labels as bytes, made into tensors. */
import { checkedDType, type Data, type DType, DTypeError, isFloat, type Tensor } from "../../graph/index.ts";
import { checkedFlag, checkedInteger, checkedOptions } from "../../graph/options.ts";
import type { NameOption } from "./bytes.ts";
import { damaged, type Source } from "./error.ts";

/** Inputs and their classes: a tree of tensors with one leading axis, as `batches` takes it. */
export interface Labelled {
  /** One row an example. */
  readonly x: Tensor;
  /** int32 of [N]: the class of each row. */
  readonly labels: Tensor;
}

/** What numbers become. */
export interface FloatOptions {
  /** float64 unless it is float32. */
  readonly dtype?: DType;
}

/** How images are read. */
export interface ImageOptions extends FloatOptions {
  /** Pixels divided by 255, so that they lie in [0, 1]; as they are, 0 to 255, unless asked. */
  readonly unit?: boolean;
  /** Only so many from the beginning, not all. */
  readonly first?: number;
}

/** {@link ImageOptions}, looked at. */
export interface Reading {
  readonly dtype: DType;
  readonly isUnit: boolean;
  readonly first: number | null;
}

const NAMES: readonly string[] = ["dtype", "unit", "first"];

/**
 * @param names of further options
 * @throws ArgumentError, DTypeError for options that cannot be
 */
export function imageOptions(
  op: string,
  options: ImageOptions & NameOption,
  names: readonly string[],
): Reading {
  const given = checkedOptions(op, options, [...NAMES, ...names]);
  return {
    dtype: floatOf(op, given.dtype),
    isUnit: checkedFlag(op, "unit", given.unit, false),
    first: given.first === undefined ? null : checkedInteger(op, "first", given.first, 0),
  };
}

/** @throws DTypeError unless it is float64 (which it is when left out) or float32 */
export function floatOf(op: string, dtype: DType | undefined): DType {
  if (dtype === undefined) return "float64";
  if (!isFloat(checkedDType(op, dtype))) throw new DTypeError(op, "float64 or float32", dtype);
  return dtype;
}

/** How many there will be of those that there are. @throws DataError where fewer are there than were asked for */
export function countOf(
  source: Source,
  what: string,
  available: number,
  first: number | null,
  end: number,
): number {
  if (first === null) return available;
  if (first <= available) return first;
  throw damaged(source, end, `${first} ${what} before the end`, `${available}`, "ask for fewer with first");
}

/** Copy pixels to where their tensor keeps them. */
export function copyPixels(from: Uint8Array, to: Data, at: number, isUnit: boolean): void {
  if (!isUnit) {
    to.set(from, at);
    return;
  }
  for (let i = 0; i < from.length; i++) to[at + i] = from[i]! / 255;
}

/** One label. @throws DataError where it is no digit */
export function labelAt(source: Source, bytes: Uint8Array, offset: number, remedy: string): number {
  const label = bytes[offset]!;
  if (label <= 9) return label;
  throw damaged(source, offset, "a label from 0 to 9", `${label}`, remedy);
}
