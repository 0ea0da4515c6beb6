/** The course's forward passes, rounded as NumPy rounds them: what its numeric gradients are differences of. */
import { dot, type Matrix, mapped } from "./matrix.ts";
import { mean } from "./sum.ts";

const EPS = 1e-5;

export function affine(x: Matrix, W: Matrix, b: Matrix): Matrix {
  return mapped(dot(x, W), (value, j) => value + b.data[j]!);
}

export function relu(x: Matrix): Matrix {
  return mapped(x, (value) => Math.max(0, value));
}

export function affineRelu(x: Matrix, W: Matrix, b: Matrix): Matrix {
  return relu(affine(x, W, b));
}

/** In training mode. */
export function batchNorm(x: Matrix, gamma: Matrix, beta: Matrix): Matrix {
  const { rows, columns } = x;
  const mu = new Float64Array(columns);
  const variance = new Float64Array(columns);
  // Row by row, as NumPy adds along the first axis.
  for (let i = 0; i < rows * columns; i++) mu[i % columns]! += x.data[i]!;
  for (let j = 0; j < columns; j++) mu[j]! /= rows;
  const centred = mapped(x, (value, j) => value - mu[j]!);
  for (let i = 0; i < rows * columns; i++) variance[i % columns]! += centred.data[i]! ** 2;
  const sigma = variance.map((total) => Math.sqrt(total / rows + EPS));
  return mapped(centred, (value, j) => gamma.data[j]! * (value / sigma[j]!) + beta.data[j]!);
}

export function layerNorm(x: Matrix, gamma: Matrix, beta: Matrix): Matrix {
  const { rows, columns } = x;
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = x.data.subarray(i * columns, (i + 1) * columns);
    const mu = mean(row);
    const sigma = Math.sqrt(mean(row.map((value) => (value - mu) ** 2)) + EPS);
    for (let j = 0; j < columns; j++) {
      data[i * columns + j] = gamma.data[j]! * ((row[j]! - mu) / sigma) + beta.data[j]!;
    }
  }
  return { rows, columns, data };
}
