/**
 * Batch norm forward and backward as one writes them in NumPy: an array operation at a time, each with its own loop
 * and its own result, the backward derived by hand. The yardstick for what a tape costs: the same work without one.
 */
export interface Gradients {
  readonly dx: Float64Array;
  readonly dgamma: Float64Array;
  readonly dbeta: Float64Array;
}

/** x, dy: n rows of d numbers; gamma, beta: d numbers. */
export function batchNormByHand(
  n: number,
  d: number,
  x: Float64Array,
  gamma: Float64Array,
  beta: Float64Array,
  dy: Float64Array,
): Gradients & { readonly y: Float64Array } {
  const mu = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mu[j] = mu[j]! + x[i * d + j]!;
  for (let j = 0; j < d; j++) mu[j] = mu[j]! / n;
  const centred = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) centred[i * d + j] = x[i * d + j]! - mu[j]!;
  const squared = new Float64Array(n * d);
  for (let k = 0; k < squared.length; k++) squared[k] = centred[k]! * centred[k]!;
  const sigma = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) sigma[j] = sigma[j]! + squared[i * d + j]!;
  for (let j = 0; j < d; j++) sigma[j] = Math.sqrt(sigma[j]! / n + 1e-5);
  const xHat = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) xHat[i * d + j] = centred[i * d + j]! / sigma[j]!;
  const scaled = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) scaled[i * d + j] = gamma[j]! * xHat[i * d + j]!;
  const y = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) y[i * d + j] = scaled[i * d + j]! + beta[j]!;

  const dbeta = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dbeta[j] = dbeta[j]! + dy[i * d + j]!;
  const product = new Float64Array(n * d);
  for (let k = 0; k < product.length; k++) product[k] = dy[k]! * xHat[k]!;
  const dgamma = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dgamma[j] = dgamma[j]! + product[i * d + j]!;
  const dxHat = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dxHat[i * d + j] = dy[i * d + j]! * gamma[j]!;
  const direct = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) direct[i * d + j] = dxHat[i * d + j]! / sigma[j]!;
  const weighted = new Float64Array(n * d);
  for (let k = 0; k < weighted.length; k++) weighted[k] = dxHat[k]! * centred[k]!;
  const dvariance = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dvariance[j] = dvariance[j]! + weighted[i * d + j]!;
  for (let j = 0; j < d; j++) dvariance[j] = -dvariance[j]! / (2 * sigma[j]! ** 3);
  const through = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) through[i * d + j] = (2 / n) * centred[i * d + j]! * dvariance[j]!;
  }
  const dcentred = new Float64Array(n * d);
  for (let k = 0; k < dcentred.length; k++) dcentred[k] = direct[k]! + through[k]!;
  const dmu = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dmu[j] = dmu[j]! + dcentred[i * d + j]!;
  const dx = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) dx[i * d + j] = dcentred[i * d + j]! - dmu[j]! / n;
  return { y, dx, dgamma, dbeta };
}
