import type { JsonNumber, NdArray } from "../../graph/index.ts";
import type { ArrayView } from "./document.ts";

/** As many numbers are kept as they are. */
const MOST_KEPT = 256;
/** Rows and columns of a coarse picture, at most. */
const SIDE = 16;

/** An array for looking at: whole where it is small, else by the means of blocks, at most 16 x 16 of them. */
export function arrayView({ shape, dtype, data }: NdArray): ArrayView {
  const size = data.length;
  const width = shape.at(-1) ?? 1;
  const height = size === 0 ? 0 : size / width;
  const isCoarse = size > MOST_KEPT;
  const [rows, cols] = isCoarse ? [Math.min(height, SIDE), Math.min(width, SIDE)] : [height, width];
  const cells = isCoarse
    ? blockMeans(data, height, width, rows, cols).map(jsonNumber)
    : Array.from(data, jsonNumber);
  return { shape: [...shape], dtype, ...spread(data), rows, cols, cells, isCoarse };
}

function blockMeans(
  data: ArrayLike<number>,
  height: number,
  width: number,
  rows: number,
  cols: number,
): number[] {
  const sums = new Float64Array(rows * cols);
  const counts = new Float64Array(rows * cols);
  for (let i = 0; i < height; i++) {
    const row = Math.floor((i * rows) / height) * cols;
    for (let j = 0; j < width; j++) {
      const at = row + Math.floor((j * cols) / width);
      sums[at]! += data[i * width + j]!;
      counts[at]! += 1;
    }
  }
  return Array.from(sums, (sum, k) => sum / counts[k]!);
}

function spread(data: ArrayLike<number>): Pick<ArrayView, "range" | "notFinite"> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let mean = 0;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!;
    if (!Number.isFinite(x)) continue;
    min = Math.min(min, x);
    max = Math.max(max, x);
    count++;
    // Welford's: a sum could overflow.
    mean += (x - mean) / count;
  }
  return { range: count === 0 ? null : { min: min + 0, max: max + 0, mean }, notFinite: data.length - count };
}

function jsonNumber(x: number): JsonNumber {
  if (Number.isFinite(x)) return Object.is(x, -0) ? "-0" : x;
  return Number.isNaN(x) ? "NaN" : x > 0 ? "Infinity" : "-Infinity";
}
