/** Where the middle of some timings is, and how far their middle half reaches. */
export interface Spread {
  readonly median: number;
  /** The lower quartile. */
  readonly low: number;
  /** The upper quartile. */
  readonly high: number;
}

/** Median and quartiles, interpolated between neighbours (Hyndman & Fan's type 7, as NumPy's). */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError("spreadOf: expected at least one value, got none");
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** Half of the middle half, as a share of the median: 0.02 reads "give or take 2 %". */
export function relativeSpread({ median, low, high }: Spread): number {
  return (high - low) / 2 / median;
}

function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const [a, b] = [sorted[below]!, sorted[Math.ceil(place)]!];
  return a + (place - below) * (b - a);
}
