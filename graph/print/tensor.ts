/** Tensors as text, set as NumPy sets arrays: on one line if it is short, else in aligned columns. */
import type { DType } from "../dtype.ts";
import { ArgumentError, describe } from "../errors.ts";
import { sizeOf } from "../shape.ts";
import type { NdArray } from "../tensor.ts";
import { numberText } from "./number.ts";

/** Above so many elements only the edges of each axis are shown. */
const SUMMARIZED = 1000;
const EDGE = 3;
const LINE = 80;

/** Most decimals that are shown, and the range in which a number is written without an exponent: NumPy's. */
const DECIMALS = 8;
const SMALLEST = 1e-4;
const LARGEST = 1e8;

/** How one element is written. */
type Style = (value: number) => string;

/** What is shown of an array: its elements and, where some were left out, a gap. */
type Shown = number | null | readonly Shown[];

/** `W1: float64[2,3]`: all but the numbers. */
export function headline({ shape, dtype }: Pick<NdArray, "shape" | "dtype">, name: string | null): string {
  return `${name === null ? "" : `${name}: `}${dtype}[${shape}]`;
}

/**
 * `float64[2,3] [[1, 2, 3], [4, 5, 6]]`.
 *
 * Numbers are rounded to 8 decimals (for all digits, read them); above 1000 elements the first and last three along
 * each axis stand for the rest.
 */
export function tensorText(x: NdArray, name: string | null): string {
  const given: Partial<NdArray> | null | undefined = x;
  if (!Array.isArray(given?.shape) || typeof given.data !== "object" || given.data === null) {
    throw new ArgumentError("tensorText", "a tensor", describe(x));
  }
  const head = headline(x, name);
  if (sizeOf(x.shape) === 0) return `${head} []`;
  const shown = edges(x, 0, 0);
  const line = `${head} ${inline(shown, (value) => elementText(value, x.dtype))}`;
  return typeof shown !== "object" || shown === null || line.length <= LINE
    ? line
    : `${head}\n${block(shown, 1, aligned(numbersIn(shown), x.dtype))}`;
}

function edges(x: NdArray, axis: number, offset: number): Shown {
  if (axis === x.shape.length) return x.data[offset]!;
  const d = x.shape[axis]!;
  const stride = sizeOf(x.shape.slice(axis + 1));
  const isCut = sizeOf(x.shape) > SUMMARIZED && d > 2 * EDGE;
  const parts: Shown[] = [];
  for (let i = 0; i < d; i++) {
    if (isCut && i === EDGE) {
      parts.push(null);
      i = d - EDGE;
    }
    parts.push(edges(x, axis + 1, offset + i * stride));
  }
  return parts;
}

function inline(shown: Shown, style: Style): string {
  if (shown === null) return "...";
  return typeof shown === "number"
    ? style(shown)
    : `[${shown.map((part) => inline(part, style)).join(", ")}]`;
}

/** Rows under each other; as in NumPy one more line break for each axis further out. */
function block(parts: readonly Shown[], depth: number, style: Style): string {
  const isRow = parts.every((part) => part === null || typeof part === "number");
  const texts = parts.map((part) =>
    part === null ? "..." : typeof part === "number" ? style(part) : block(part, depth + 1, style),
  );
  const indent = " ".repeat(depth);
  if (isRow) return `[${wrapped(texts, indent)}]`;
  return `[${texts.join(`,${"\n".repeat(rankOf(parts) - 1)}${indent}`)}]`;
}

function wrapped(texts: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const text of texts) {
    const longer = line === "" ? text : `${line}, ${text}`;
    if (line !== "" && indent.length + longer.length > LINE) {
      lines.push(line);
      line = text;
    } else line = longer;
  }
  return [...lines, line].join(`,\n${indent}`);
}

function rankOf(shown: Shown): number {
  return typeof shown === "object" && shown !== null ? 1 + rankOf(shown[0]!) : 0;
}

function numbersIn(shown: Shown): number[] {
  if (shown === null) return [];
  return typeof shown === "number" ? [shown] : shown.flatMap(numbersIn);
}

/** One element by itself: 0.5, 1e-20. */
function elementText(value: number, dtype: DType): string {
  return aligned([value], dtype)(value);
}

/** All elements alike: as many decimals as the longest needs, one width, an exponent if any is very large or small. */
function aligned(values: readonly number[], dtype: DType): Style {
  const plain = dtype === "float64" || dtype === "float32" ? floats(values, dtype) : null;
  const style: Style = plain ?? ((value) => numberText(value, dtype));
  const width = Math.max(...values.map((value) => style(value).length));
  return (value) => style(value).padStart(width);
}

function floats(values: readonly number[], dtype: DType): Style {
  // A float32 is written by the digits that tell it from other float32s, not by those of its float64.
  const shortest = (value: number): number =>
    dtype === "float32" ? Number(numberText(value, dtype)) : value;
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const isFixed = sizes.every((size) => size >= SMALLEST && size < LARGEST);
  const decimals = Math.max(
    0,
    ...sizes.map((size) => decimalsOf(isFixed ? String(shortest(size)) : shortest(size).toExponential())),
  );
  return (value) => {
    if (!Number.isFinite(value)) return String(value);
    const size = Math.abs(shortest(value));
    const sign = value < 0 || Object.is(value, -0) ? "-" : "";
    return sign + (isFixed ? size.toFixed(decimals) : size.toExponential(decimals).replace("e+", "e"));
  };
}

/** How many decimals a number, spelled in full, has when it is rounded to at most eight. */
function decimalsOf(spelled: string): number {
  const mantissa = spelled.split("e")[0]!;
  const all = (mantissa.split(".")[1] ?? "").length;
  if (all <= DECIMALS) return all;
  return Number(mantissa).toFixed(DECIMALS).replace(/0+$/, "").split(".")[1]!.length;
}
