/** How many numbers NumPy reads at a time. */
const BUFFER = 8192;

/**
 * Σ x, added up in the order in which `np.sum` adds up an array: pairwise (N. J. Higham, "The accuracy of floating point
 * summation", SIAM J. Sci. Comput. 14 (1993) 783-799), in pieces of 8192. Newer versions of NumPy (2.4 is one) no
 * longer cut into pieces.
 */
export function sum(x: Float64Array): number {
  let total = pairwise(x, 0, Math.min(BUFFER, x.length));
  for (let from = BUFFER; from < x.length; from += BUFFER) {
    total += pairwise(x, from, Math.min(BUFFER, x.length - from));
  }
  return total;
}

/** `np.mean`. */
export function mean(x: Float64Array): number {
  return sum(x) / x.length;
}

function pairwise(x: Float64Array, from: number, n: number): number {
  if (n > 128) {
    const half = 8 * Math.floor(n / 16);
    return pairwise(x, from, half) + pairwise(x, from + half, n - half);
  }
  const end = from + n;
  let total = 0;
  let i = from;
  if (n >= 8) {
    // Eight sums side by side.
    const [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => {
      let every8th = x[from + k]!;
      for (let j = from + k + 8; j < end - (n % 8); j += 8) every8th += x[j]!;
      return every8th;
    });
    total = s0! + s1! + (s2! + s3!) + (s4! + s5! + (s6! + s7!));
    i = end - (n % 8);
  }
  for (; i < end; i++) total += x[i]!;
  return total;
}
