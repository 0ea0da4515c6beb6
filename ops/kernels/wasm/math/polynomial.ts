/** Polynomials, coefficients from the lowest power up. */
import type { Body, Local, Value } from "../encoder/index.ts";
import type { FloatVector, Width } from "./width.ts";

/**
 * By Estrin's scheme: neighbours are paired, again and again, so that additions and multiplications need not wait for
 * each other as they do in Horner's.
 */
export function polynomial<T extends FloatVector>(
  { float, all }: Width<T>,
  body: Body,
  x: Local<T>,
  coefficients: readonly number[],
): Value<T> {
  let terms = coefficients.map(all);
  let power = x;
  while (terms.length > 1) {
    const by = power;
    terms = terms.flatMap((term, k) => {
      if (k % 2 === 1) return [];
      const next = terms[k + 1];
      return [next === undefined ? term : float.add(term, float.mul(next, by))];
    });
    if (terms.length > 1) power = body.keep(float.mul(by, by));
  }
  return terms[0]!;
}
