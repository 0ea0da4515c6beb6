/**
 * Products of matrices, by plain IEEE arithmetic: 0 times infinity is NaN. Each element is one sum in the order of the
 * inner axis, formed in float64 (float32 is rounded once, at the end). Larger products are left to vector kernels
 * where there are any: the same sums to the bit in float64; in float32, runs of 128 products are summed in float32.
 */
import type { Data, Numbers } from "../../graph/dtype.ts";
import type { Shape } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";
import { offsetsOf, stretchedStrides } from "./strided.ts";
import { type Sizes, simdProducts } from "./wasm/product/product.ts";

/** Adds the product of the matrices that start at these places of a and b to the one that starts at `into` in y. */
type Loop = (
  a: Numbers,
  fromA: number,
  b: Numbers,
  fromB: number,
  y: Data,
  into: number,
  sizes: Sizes,
) => void;

/** y = a b over the last two axes; the axes before them broadcast. y comes zeroed, and stays so where k is 0. */
export function matrixProduct(a: NdArray, b: NdArray, y: Output): void {
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape[b.shape.length - 1]!;
  if (y.data.length === 0 || k === 0) return;
  const sizes = { m, k, n };
  const batch = y.shape.slice(0, -2);
  const fromA = startsOf(a.shape.slice(0, -2), batch, m * k);
  const fromB = startsOf(b.shape.slice(0, -2), batch, k * n);
  if (isForVectors(a, b, y, sizes)) {
    const [left, right] = [
      { data: a.data, starts: fromA },
      { data: b.data, starts: fromB },
    ];
    if (simdProducts(y.dtype, left, right, y.data, sizes)) return;
  }
  const loop = y.dtype === "int32" ? wrapping : n < 4 ? narrow : isSmall(sizes) ? plain : tiled;
  const sums = y.dtype === "float32" ? new Float64Array(y.data.length) : y.data;
  for (let i = 0; i < fromA.length; i++) loop(a.data, fromA[i]!, b.data, fromB[i]!, sums, i * m * n, sizes);
  if (sums !== y.data) y.data.set(sums);
}

/**
 * Whether it pays to copy operands to where vector kernels see them: from a thousand products on (about 1 us), but not
 * for a single row, which needs each number of b but once. Mixed kinds are left to the loops, which see all as float64.
 */
function isForVectors(a: NdArray, b: NdArray, y: Output, { m, k, n }: Sizes): boolean {
  return m > 1 && m * k * n >= 1000 && a.dtype === y.dtype && b.dtype === y.dtype;
}

/** Where each matrix of the batch starts, for an operand whose leading axes are stretched to it. */
function startsOf(leading: Shape, batch: Shape, size: number): Int32Array {
  const strides = stretchedStrides(leading, batch).map((stride) => stride * size);
  return offsetsOf(batch, { start: 0, strides });
}

/** Too flat for tiles, or not worth the packing. */
function isSmall({ m, k, n }: Sizes): boolean {
  return m < 4 || m * k * n < 4096;
}

/** Sum by sum: rows of b that are this short are not worth a loop of their own. */
const narrow: Loop = (a, fromA, b, fromB, y, into, { m, k, n }) => {
  for (let i = 0; i < m; i++) {
    const row = fromA + i * k;
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0, q = fromB + j; p < k; p++, q += n) sum += a[row + p]! * b[q]!;
      y[into + i * n + j] = sum;
    }
  }
};

/** Row by row: four rows of b at a time go into a row of y, so that it is read and written a quarter as often. */
const plain: Loop = (a, fromA, b, fromB, y, into, { m, k, n }) => {
  for (let i = 0; i < m; i++) {
    const row = fromA + i * k;
    const yRow = into + i * n;
    let p = 0;
    for (; p + 3 < k; p += 4) {
      const a0 = a[row + p]!;
      const a1 = a[row + p + 1]!;
      const a2 = a[row + p + 2]!;
      const a3 = a[row + p + 3]!;
      const b0 = fromB + p * n;
      const b1 = b0 + n;
      const b2 = b1 + n;
      const b3 = b2 + n;
      for (let j = 0; j < n; j++) {
        y[yRow + j] = y[yRow + j]! + a0 * b[b0 + j]! + a1 * b[b1 + j]! + a2 * b[b2 + j]! + a3 * b[b3 + j]!;
      }
    }
    for (; p < k; p++) {
      const a0 = a[row + p]!;
      const b0 = fromB + p * n;
      for (let j = 0; j < n; j++) y[yRow + j] = y[yRow + j]! + a0 * b[b0 + j]!;
    }
  }
};

/** Modulo 2^32, as int32 arithmetic is. */
const wrapping: Loop = (a, fromA, b, fromB, y, into, { m, k, n }) => {
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const factor = a[fromA + i * k + p]!;
      const row = fromB + p * n;
      for (let j = 0; j < n; j++) y[into + i * n + j] = y[into + i * n + j]! + Math.imul(factor, b[row + j]!);
    }
  }
};

/** Columns of b that are packed at a time: bounds the scratch memory, and keeps it in the cache. */
const PANEL = 64;

/**
 * 4x4 sums at a time, kept in registers for the whole of k: 16 products for 8 loads. Both operands are packed first, in
 * the order in which they are read, and as float64 whatever they are, so that V8 compiles one inner loop for one kind
 * of array.
 */
const tiled: Loop = (a, fromA, b, fromB, y, into, { m, k, n }) => {
  const columns = new Float64Array(k * Math.min(PANEL, (n + 3) & -4));
  const rows = new Float64Array(k * 4);
  for (let left = 0; left < n; left += PANEL) {
    const right = Math.min(left + PANEL, n);
    for (let j = left; j < right; j += 4) packColumns(b, fromB + j, k, n, right - j, columns, (j - left) * k);
    for (let i = 0; i < m; i += 4) {
      packRows(a, fromA + i * k, k, m - i, rows);
      for (let j = left; j < right; j += 4) {
        tile(rows, columns, (j - left) * k);
        const height = Math.min(4, m - i);
        const width = Math.min(4, right - j);
        for (let r = 0; r < height; r++) {
          for (let c = 0; c < width; c++) y[into + (i + r) * n + j + c] = SUMS[4 * r + c]!;
        }
      }
    }
  }
};

/** Four columns of b side by side; columns that are not there are zeros, and their sums are dropped. */
function packColumns(
  b: Numbers,
  from: number,
  k: number,
  n: number,
  left: number,
  to: Float64Array,
  at: number,
): void {
  const width = Math.min(4, left);
  for (let p = 0; p < k; p++) {
    for (let c = 0; c < 4; c++) to[at + 4 * p + c] = c < width ? b[from + p * n + c]! : 0;
  }
}

/** Four rows of a side by side, likewise. */
function packRows(a: Numbers, from: number, k: number, left: number, to: Float64Array): void {
  const height = Math.min(4, left);
  for (let r = 0; r < 4; r++) {
    for (let p = 0; p < k; p++) to[4 * p + r] = r < height ? a[from + r * k + p]! : 0;
  }
}

/** What a tile comes to: read at once by who asked for it. */
const SUMS = new Float64Array(16);

function tile(rows: Float64Array, columns: Float64Array, at: number): void {
  let y00 = 0;
  let y01 = 0;
  let y02 = 0;
  let y03 = 0;
  let y10 = 0;
  let y11 = 0;
  let y12 = 0;
  let y13 = 0;
  let y20 = 0;
  let y21 = 0;
  let y22 = 0;
  let y23 = 0;
  let y30 = 0;
  let y31 = 0;
  let y32 = 0;
  let y33 = 0;
  for (let p = 0, q = at; p < rows.length; p += 4, q += 4) {
    const a0 = rows[p]!;
    const a1 = rows[p + 1]!;
    const a2 = rows[p + 2]!;
    const a3 = rows[p + 3]!;
    const b0 = columns[q]!;
    const b1 = columns[q + 1]!;
    const b2 = columns[q + 2]!;
    const b3 = columns[q + 3]!;
    y00 += a0 * b0;
    y01 += a0 * b1;
    y02 += a0 * b2;
    y03 += a0 * b3;
    y10 += a1 * b0;
    y11 += a1 * b1;
    y12 += a1 * b2;
    y13 += a1 * b3;
    y20 += a2 * b0;
    y21 += a2 * b1;
    y22 += a2 * b2;
    y23 += a2 * b3;
    y30 += a3 * b0;
    y31 += a3 * b1;
    y32 += a3 * b2;
    y33 += a3 * b3;
  }
  SUMS[0] = y00;
  SUMS[1] = y01;
  SUMS[2] = y02;
  SUMS[3] = y03;
  SUMS[4] = y10;
  SUMS[5] = y11;
  SUMS[6] = y12;
  SUMS[7] = y13;
  SUMS[8] = y20;
  SUMS[9] = y21;
  SUMS[10] = y22;
  SUMS[11] = y23;
  SUMS[12] = y30;
  SUMS[13] = y31;
  SUMS[14] = y32;
  SUMS[15] = y33;
}
