import type { Tensor } from "../../../../graph/index.ts";
import { fusedMultiplyAdd } from "./fusedMultiplyAdd.ts";

/** Numbers in rows, as NumPy holds them. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A tensor's numbers, each example a row. */
export function matrixOf({ shape, data, size }: Tensor): Matrix {
  const rows = shape[0]!;
  return { rows, columns: size / rows, data: Float64Array.from(data) };
}

/** The same rows and columns of other numbers. */
export function mapped(x: Matrix, f: (value: number, column: number, index: number) => number): Matrix {
  return { ...x, data: x.data.map((value, i) => f(value, i % x.columns, i)) };
}

/**
 * `a.dot(b)` of two rows or more, as OpenBLAS forms it on x86 with AVX2: each element one sum in the order of the inner
 * axis, by fused multiply-adds. Where the number of rows is odd, the last one is made of four sums side by side, in
 * columns that come in fours.
 */
export function dot(a: Matrix, b: Matrix): Matrix {
  const { rows, columns: inner } = a;
  const { columns } = b;
  const data = new Float64Array(rows * columns);
  const total = (i: number, j: number, soFar: number, from: number, to: number, step = 1): number => {
    let sum = soFar;
    for (let p = from; p < to; p += step) {
      sum = fusedMultiplyAdd(a.data[i * inner + p]!, b.data[p * columns + j]!, sum);
    }
    return sum;
  };
  const even = rows - (rows % 2);
  const inFours = columns - (columns % 4);
  const inEights = inner - (inner % 8);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (i < even || j >= inFours) data[i * columns + j] = total(i, j, 0, 0, inner);
      else {
        const [s0, s1, s2, s3] = [0, 1, 2, 3].map((k) => total(i, j, 0, k, inEights, 4));
        data[i * columns + j] = total(i, j, s0!, inEights, inner) + s1! + (s2! + s3!);
      }
    }
  }
  return { rows, columns, data };
}
