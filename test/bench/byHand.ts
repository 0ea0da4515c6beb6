/**
 * Batch norm forward and backward as one writes them in NumPy: an array operation at a time, each with its own loop
 * and its own result, the backward derived by hand. The yardstick for what a tape costs: the same work without one.
 */
export interface Gradients {
  readonly dx: Floats;
  readonly dgamma: Floats;
  readonly dbeta: Floats;
}

/** All of one kind: what is computed is of the kind of what is given, sums included. */
export type Floats = Float64Array | Float32Array;

/** x, dy: n rows of d numbers; gamma, beta: d numbers. */
export function batchNormByHand(
  n: number,
  d: number,
  x: Floats,
  gamma: Floats,
  beta: Floats,
  dy: Floats,
): Gradients & { readonly y: Floats } {
  const zeros = (size: number): Floats =>
    x instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  const mu = zeros(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mu[j] = mu[j]! + x[i * d + j]!;
  for (let j = 0; j < d; j++) mu[j] = mu[j]! / n;
  const centred = zeros(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) centred[i * d + j] = x[i * d + j]! - mu[j]!;
  const squared = zeros(n * d);
  for (let k = 0; k < squared.length; k++) squared[k] = centred[k]! * centred[k]!;
  const sigma = zeros(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) sigma[j] = sigma[j]! + squared[i * d + j]!;
  for (let j = 0; j < d; j++) sigma[j] = Math.sqrt(sigma[j]! / n + 1e-5);
  const xHat = zeros(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) xHat[i * d + j] = centred[i * d + j]! / sigma[j]!;
  const scaled = zeros(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) scaled[i * d + j] = gamma[j]! * xHat[i * d + j]!;
  const y = zeros(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) y[i * d + j] = scaled[i * d + j]! + beta[j]!;

  const dbeta = zeros(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dbeta[j] = dbeta[j]! + dy[i * d + j]!;
  const product = zeros(n * d);
  for (let k = 0; k < product.length; k++) product[k] = dy[k]! * xHat[k]!;
  const dgamma = zeros(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dgamma[j] = dgamma[j]! + product[i * d + j]!;
  const dxHat = zeros(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dxHat[i * d + j] = dy[i * d + j]! * gamma[j]!;
  const direct = zeros(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) direct[i * d + j] = dxHat[i * d + j]! / sigma[j]!;
  const weighted = zeros(n * d);
  for (let k = 0; k < weighted.length; k++) weighted[k] = dxHat[k]! * centred[k]!;
  const dvariance = zeros(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dvariance[j] = dvariance[j]! + weighted[i * d + j]!;
  for (let j = 0; j < d; j++) dvariance[j] = -dvariance[j]! / (2 * sigma[j]! ** 3);
  const through = zeros(n * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) through[i * d + j] = (2 / n) * centred[i * d + j]! * dvariance[j]!;
  }
  const dcentred = zeros(n * d);
  for (let k = 0; k < dcentred.length; k++) dcentred[k] = direct[k]! + through[k]!;
  const dmu = zeros(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dmu[j] = dmu[j]! + dcentred[i * d + j]!;
  const dx = zeros(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dx[i * d + j] = dcentred[i * d + j]! - dmu[j]! / n;
  return { y, dx, dgamma, dbeta };
}
