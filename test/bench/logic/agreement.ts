/** Whether what several systems computed is the same. Nothing is timed that is not right. */

/** One result under its name: a gradient, a loss. */
export interface Result {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** How far one result is from the reference, and how far it may be; both relative to the result's scale. */
export interface Distance {
  readonly name: string;
  readonly error: number;
  readonly allowed: number;
}

export interface Agreement {
  readonly agrees: boolean;
  /** The result that comes closest to its limit, or goes farthest beyond. */
  readonly worst: Distance;
}

const EPS32 = 2 ** -24;
/** Another order of operations may cost so many times what the plain float32 computation lost. */
const SLACK = 4;
/** And so many roundings, where that one was lucky. */
const ROUNDINGS = 16;
/** A sum of K terms in float32 wanders off by about √K roundings: so many times that, where `plain` sums in float64. */
const WANDERING = 4;
const FLOAT64 = 1e-10;
/** A gradient that is 0 in exact arithmetic has no scale of its own: this part of the largest is its scale. */
const LEAST_SCALE = 1e-2;

/**
 * float64: within 1e-10 of the reference. float32: the three-way rule. No result may be much farther from the float64
 * reference than plain float32 arithmetic is; a bare tolerance would pass what loses digits, or fail what nobody could
 * compute better.
 *
 * @param results what is judged
 * @param reference the same, computed in float64
 * @param plain the same, computed plainly in float32; null where the results are float64
 * @param summed how many terms the longest sum has that `plain` computes in float64 all the same; 0 for none
 */
export function agreement(
  results: readonly Result[],
  reference: readonly Result[],
  plain: readonly Result[] | null,
  summed = 0,
): Agreement {
  const roundings = ROUNDINGS + WANDERING * Math.sqrt(summed);
  const largest = Math.max(...reference.map(({ values }) => magnitude(values)));
  const distances = reference.map(({ name, values }, k): Distance => {
    const scale = Math.max(magnitude(values), LEAST_SCALE * largest);
    const given = results[k];
    const error = given?.name === name ? farthest(given.values, values) / scale : Number.POSITIVE_INFINITY;
    const allowed =
      plain === null ? FLOAT64 : (SLACK * farthest(plain[k]!.values, values)) / scale + roundings * EPS32;
    return { name, error, allowed };
  });
  const worst = distances.reduce((a, b) => (b.error / b.allowed > a.error / a.allowed ? b : a));
  return {
    agrees: results.length === reference.length && distances.every((d) => d.error <= d.allowed),
    worst,
  };
}

function magnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

/** The largest difference; infinite where one is NaN, or there are not as many. */
function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= Number.MAX_VALUE)) return Number.POSITIVE_INFINITY;
    if (difference > largest) largest = difference;
  }
  return largest;
}
