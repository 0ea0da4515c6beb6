import { add, div, mul, sub } from "../../../ops/index.ts";
import type { Algebra } from "../algebra/algebra.ts";
import { numberTerm, raised, type Term, type Terms, timesNumber, timesTerm } from "../algebra/term.ts";
import type { Law } from "./law.ts";

export const COMMON_FACTOR: Law = {
  name: "common factor",
  statement: "a b + a c = a (b + c)",
  because: "products distribute over sums; a count in any denominator goes into the common one",
  readings: [],
  examples: [
    { before: (a, b, c) => add(mul(a!, b!), mul(c!, a!)), inputs: [[3], [3], [3]], text: "a * (b + c)" },
    { before: (a, b, c) => sub(mul(a!, b!), mul(c!, a!)), inputs: [[3], [3], [3]], text: "a * (b - c)" },
    { before: (a, b) => sub(mul(-2, a!), mul(2, b!)), inputs: [[3], [3]], text: "-2 * (a + b)" },
    { before: (a, b, c) => add(div(a!, c!), div(b!, c!)), inputs: [[3], [3], [3]], text: "(a + b) / c" },
  ],
};

/** What all terms share, and what is left of them; null where that is nothing, or the law is not in force. */
export function commonFactor(algebra: Algebra, terms: Terms): { factor: Term; rest: Terms } | null {
  if (terms.length < 2 || !algebra.has(COMMON_FACTOR)) return null;
  const counts = new Set(algebra.setting.counts.values());
  const ids = new Set(terms.flatMap(({ powers }) => [...powers.keys()]));
  const shared = new Map<number, number>();
  for (const id of ids) {
    const powers = terms.map((term) => term.powers.get(id) ?? 0);
    const power = counts.has(id)
      ? Math.min(...powers)
      : powers.every((p) => p > 0)
        ? Math.min(...powers)
        : powers.every((p) => p < 0)
          ? Math.max(...powers)
          : 0;
    if (power !== 0) shared.set(id, power);
  }
  const sizes = terms.map(({ coefficient }) => Math.abs(coefficient));
  const size = sizes.every((s) => s === sizes[0]) ? sizes[0]! : 1;
  const sign = terms.every(({ coefficient }) => coefficient < 0) ? -1 : 1;
  if (shared.size === 0 && size === 1 && sign === 1) return null;
  algebra.use(COMMON_FACTOR);
  const factor = timesTerm({ coefficient: 1, powers: shared }, numberTerm(size * sign));
  const inverse = raised({ coefficient: 1, powers: shared }, -1);
  const rest = terms.map((term) => {
    const left = timesNumber(timesTerm(term, inverse), 1 / (size * sign));
    // Exactly ±1, whatever the division made of it.
    return sizes.every((s) => s === size) ? { ...left, coefficient: Math.sign(left.coefficient) } : left;
  });
  return { factor, rest };
}
