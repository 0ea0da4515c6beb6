/** Sums of products, as data: what algebra is done on. */

/** A number times powers of nodes, which go by their ids. */
export interface Term {
  readonly coefficient: number;
  /** None of them 0. */
  readonly powers: ReadonlyMap<number, number>;
}

/** A sum of terms; none of them is 0, so that of nothing is 0. */
export type Terms = readonly Term[];

const NO_POWERS: ReadonlyMap<number, number> = new Map();

export function numberTerm(coefficient: number): Term {
  return { coefficient, powers: NO_POWERS };
}

export function factorTerm(id: number, power = 1): Term {
  return { coefficient: 1, powers: new Map([[id, power]]) };
}

export function timesNumber({ coefficient, powers }: Term, by: number): Term {
  return { coefficient: whole(coefficient * by), powers };
}

export function timesTerm(a: Term, b: Term): Term {
  const powers = new Map(a.powers);
  for (const [id, power] of b.powers) {
    const sum = (powers.get(id) ?? 0) + power;
    if (sum === 0) powers.delete(id);
    else powers.set(id, sum);
  }
  return { coefficient: whole(a.coefficient * b.coefficient), powers };
}

export function raised({ coefficient, powers }: Term, by: number): Term {
  return {
    coefficient: whole(coefficient ** by),
    powers: new Map([...powers].map(([id, power]) => [id, power * by])),
  };
}

/** Terms that differ in their coefficients alone are one; what comes to 0 is none. In the order of first appearance. */
export function gathered(terms: Terms): Terms {
  const byKey = new Map<string, Term>();
  for (const term of terms) {
    const key = keyOf(term);
    const known = byKey.get(key);
    const coefficient = whole((known?.coefficient ?? 0) + term.coefficient);
    byKey.set(key, { coefficient, powers: term.powers });
  }
  return [...byKey.values()].filter(({ coefficient }) => coefficient !== 0);
}

function keyOf({ powers }: Term): string {
  return [...powers]
    .toSorted(([a], [b]) => a - b)
    .map(([id, power]) => `${id}^${power}`)
    .join(" ");
}

/** What rounding has made of a whole number, as that number: 49 · (1/49). */
function whole(x: number): number {
  const nearest = Math.round(x);
  return nearest !== 0 && Math.abs(x - nearest) <= 4 * Number.EPSILON * Math.abs(nearest) ? nearest : x;
}
