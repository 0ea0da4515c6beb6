/** A sum of two and more taken apart into its terms. */
import { isFloat, type Shape, sizeOf } from "../../../graph/index.ts";
import { Add, Neg, Sub } from "../../../ops/index.ts";
import { build, type Factor, type Product, productOf } from "./product.ts";
import type { Replacement, Site } from "./rule.ts";
import { specOf } from "./spec.ts";

/** ± a product, whose factors are those as large as the whole, and smaller ones. */
export interface Term {
  readonly id: number;
  readonly sign: 1 | -1;
  readonly product: Product;
  readonly large: readonly Factor[];
  readonly small: readonly Factor[];
}

export interface Terms {
  readonly terms: readonly Term[];
  /** The sums and products that they were taken out of. */
  readonly inside: ReadonlySet<number>;
}

const MOST_TERMS = 16;

/** Additions that somebody else reads too stay in one piece. */
export function termsOf(at: Site): Terms {
  const { shape, dtype } = at.node;
  const inside = new Set<number>([at.id]);
  const terms: Term[] = [];
  const stack: (readonly [id: number, sign: 1 | -1])[] = [[at.id, 1]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [id, sign] = top;
    const { op, parents } = at.of(id);
    const isOwn = id === at.id || (at.readers(id).size === 1 && !at.isReturned(id));
    const isSum = op === Add || op === Sub || op === Neg;
    const isReal = isFloat(dtype) && parents.every((p) => at.of(p).dtype === dtype);
    if (isSum && isOwn && isReal && terms.length + stack.length < MOST_TERMS) {
      inside.add(id);
      const [a, b] = parents as readonly [number, number];
      if (b !== undefined) stack.push([b, op === Sub ? opposite(sign) : sign]);
      stack.push([a, op === Neg ? opposite(sign) : sign]);
      continue;
    }
    terms.push(termOf(at, id, sign, shape));
  }
  for (const { product } of terms) for (const id of product.inside) inside.add(id);
  return { terms, inside };
}

function opposite(sign: 1 | -1): 1 | -1 {
  return sign === 1 ? -1 : 1;
}

function termOf(at: Site, id: number, sign: 1 | -1, shape: Shape): Term {
  const product = productOf(at, id);
  const size = sizeOf(shape);
  const isLarge = ({ part }: Factor): boolean => sizeOf(specOf(at.of, part).shape) === size;
  const { factors } = product;
  return {
    id,
    sign,
    product,
    large: factors.filter(isLarge),
    small: factors.filter((factor) => !isLarge(factor)),
  };
}

export function keyOf(factors: readonly Factor[]): string {
  return factors.map(({ part, power }) => `${part}^${power}`).join(" ");
}

/** Terms that have these factors in common, gathered: (a + b) of them. Null where they cancel. */
export function gathered(at: Site, terms: readonly Term[]): Gathered | null {
  const [first] = terms as readonly [Term];
  const { large } = first;
  const isScale = terms.some(({ product }) => product.isScale);
  // Those that differ in one number only are one.
  const bySmall = new Map<string, { small: readonly Factor[]; coefficient: number }>();
  for (const { small, sign, product } of terms) {
    const key = keyOf(small);
    const coefficient = (bySmall.get(key)?.coefficient ?? 0) + sign * product.coefficient;
    bySmall.set(key, { small, coefficient });
  }
  const parts = [...bySmall.values()].filter(({ coefficient }) => coefficient !== 0);
  const [only, ...others] = parts;
  if (only === undefined) return null;
  if (others.length === 0) {
    const { small, coefficient } = only;
    const sign = coefficient < 0 ? -1 : 1;
    return {
      sign,
      part: build(at, { coefficient: sign * coefficient, factors: [...large, ...small], isScale }),
    };
  }
  const inner = added(
    parts.map(({ small, coefficient }) => {
      const sign = coefficient < 0 ? -1 : 1;
      return { sign, part: build(at, { coefficient: sign * coefficient, factors: small, isScale }) };
    }),
  );
  const factors = [...large, { part: inner.part, power: 1 }];
  return { sign: inner.sign, part: build(at, { coefficient: 1, factors, isScale }) };
}

export interface Gathered {
  readonly sign: 1 | -1;
  readonly part: Replacement;
}

/** Their sum, with as few negations as can be. */
export function added(parts: readonly Gathered[]): Gathered {
  const plus = parts.filter(({ sign }) => sign === 1).map(({ part }) => part);
  const minus = parts.filter(({ sign }) => sign === -1).map(({ part }) => part);
  if (plus.length === 0) return { sign: -1, part: minus.reduce((a, b) => ({ op: Add, parents: [a, b] })) };
  const positive = plus.reduce((a, b) => ({ op: Add, parents: [a, b] }));
  return { sign: 1, part: minus.reduce((a, b) => ({ op: Sub, parents: [a, b] }), positive) };
}
