/** How a time grows with a size: time = c · size^exponent. */
export interface Growth {
  /** Of the line through all points in log-log, by least squares. */
  readonly exponent: number;
  /** Between the last two points alone, where fixed costs weigh least. */
  readonly last: number;
}

/** @throws RangeError for fewer than two sizes, or what has no logarithm */
export function growthOf(sizes: readonly number[], times: readonly number[]): Growth {
  if (sizes.length !== times.length || new Set(sizes).size < 2) {
    throw new RangeError(`growthOf: expected a time for each of two sizes or more, got ${times.length}`);
  }
  if (![...sizes, ...times].every((value) => value > 0 && Number.isFinite(value))) {
    throw new RangeError("growthOf: expected positive sizes and times");
  }
  const x = sizes.map(Math.log);
  const y = times.map(Math.log);
  return { exponent: slope(x, y), last: slope(x.slice(-2), y.slice(-2)) };
}

function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, k) => (value - mx) * (y[k]! - my)));
  return covariance / mean(x.map((value) => (value - mx) ** 2));
}

/**
 * What the next size will take if it goes on as between the last two; but in proportion at least, and quadratically at
 * most: two timings on a busy machine may say anything.
 */
export function foreseen(sizes: readonly number[], times: readonly number[], next: number): number {
  const [size, time] = [sizes.at(-1)!, times.at(-1)!];
  const exponent = sizes.length < 2 ? 1 : Math.min(2, Math.max(1, growthOf(sizes, times).last));
  return time * (next / size) ** exponent;
}
