/** Rows normalised by loops over JavaScript's own numbers: what tests of the library's normalisations are held against. */

export interface Normalized {
  readonly y: readonly number[][];
  readonly xBar: readonly number[][];
  /** Of one gamma an element of a row, summed over rows. */
  readonly gammaBar: readonly number[];
  readonly betaBar: readonly number[];
}

type Rows = readonly (readonly number[])[];

/** y = γ xHat + β by rows, and its cotangents: two passes, in float64, eps inside the root. */
export function normalizedByHand(
  x: Rows,
  gamma: readonly number[],
  beta: readonly number[],
  yBar: Rows,
  eps: number,
): Normalized {
  const total = (row: readonly number[]): number => row.reduce((s, v) => s + v, 0);
  const xHats = x.map((row) => {
    // Twice, because the first mean is rounded.
    const near = row.map((v) => v - total(row) / row.length);
    const centred = near.map((v) => v - total(near) / row.length);
    const sigma = Math.sqrt(total(centred.map((v) => v * v)) / row.length + eps);
    return { sigma, xHat: centred.map((v) => v / sigma) };
  });
  const columns = gamma.map((_, j) => j);
  return {
    y: xHats.map(({ xHat }) => columns.map((j) => gamma[j]! * xHat[j]! + beta[j]!)),
    xBar: xHats.map(({ sigma, xHat }, i) => {
      const g = columns.map((j) => gamma[j]! * yBar[i]![j]!);
      const along = total(g.map((v, j) => v * xHat[j]!)) / g.length;
      return g.map((v, j) => (v - total(g) / g.length - xHat[j]! * along) / sigma);
    }),
    gammaBar: columns.map((j) => total(xHats.map(({ xHat }, i) => xHat[j]! * yBar[i]![j]!))),
    betaBar: columns.map((j) => total(yBar.map((row) => row[j]!))),
  };
}
