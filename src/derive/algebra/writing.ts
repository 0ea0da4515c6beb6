/** Sums of products, written with ops again, in the order in which people write them. */
import { broadcastShapes, type DType, sizeOf } from "../../../graph/index.ts";
import { Add, Neg, Pow, Reciprocal, Scale, Square, Sub, Sum } from "../../../ops/index.ts";
import { commonFactor } from "../rules/commonFactor.ts";
import type { Algebra } from "./algebra.ts";
import { type Term, type Terms, timesNumber } from "./term.ts";
import { VIEWS } from "./views.ts";

export interface Written {
  readonly id: number;
  readonly isZero: boolean;
}

/** A node of whatever shape its factors stretch to. */
export function written(algebra: Algebra, terms: Terms, dtype: DType): Written {
  const common = commonFactor(algebra, terms);
  if (common !== null) {
    const inner = written(algebra, common.rest, dtype).id;
    return { id: productOf(algebra, common.factor, dtype, inner), isZero: false };
  }
  // What is added goes before what is taken away.
  const added = terms.filter(({ coefficient }) => coefficient > 0);
  const taken = terms
    .filter(({ coefficient }) => !(coefficient > 0))
    .toSorted((a, b) => length(a) - length(b));
  let id: number | null = null;
  for (const term of added) {
    const product = productOf(algebra, term, dtype);
    id = id === null ? product : algebra.nodes.apply(Add, [id, product]);
  }
  for (const term of taken) {
    const product = productOf(algebra, timesNumber(term, -1), dtype);
    id = id === null ? algebra.nodes.apply(Neg, [product]) : algebra.nodes.apply(Sub, [id, product]);
  }
  return { id: id ?? algebra.nodes.number(0, dtype), isZero: id === null };
}

function length({ powers }: Term): number {
  return [...powers.values()].reduce((n, power) => n + Math.abs(power), 0);
}

/**
 * One fraction. Products are `scale`, and a quotient is one with a reciprocal, so that 0 times anything stays 0.
 *
 * @param last a further factor, at the end
 */
function productOf(
  algebra: Algebra,
  { coefficient, powers }: Term,
  dtype: DType,
  last: number | null = null,
): number {
  const { nodes } = algebra;
  const sorted = [...powers].toSorted(([a], [b]) => orderOf(algebra, a) - orderOf(algebra, b) || a - b);
  const size = Math.abs(coefficient);
  const inverse = Math.round(1 / size);
  const isPart = size < 1 && 1 / inverse === size;
  const above = sorted.flatMap(([id, power]) => (power > 0 ? [powerOf(algebra, id, power)] : []));
  const below = sorted.flatMap(([id, power]) => (power < 0 ? [powerOf(algebra, id, -power)] : []));
  if (isPart) below.unshift(nodes.number(inverse, dtype));
  else if (size !== 1) above.unshift(nodes.number(size, dtype));
  const times = (a: number, b: number): number => nodes.apply(Scale, [a, b]);
  const denominator = below.length === 0 ? null : nodes.apply(Reciprocal, [below.reduce(times)]);
  const numerator = above.length === 0 ? null : above.reduce(times);
  const parts = [numerator, denominator, last].filter((part) => part !== null);
  // A sum that is divided by numbers alone stands above them.
  if (last !== null && numerator === null && denominator !== null) parts.reverse();
  const product = parts.length === 0 ? nodes.number(1, dtype) : parts.reduce(times);
  return coefficient < 0 ? nodes.apply(Neg, [product]) : product;
}

function powerOf({ nodes }: Algebra, id: number, power: number): number {
  if (power === 1) return id;
  if (power === 2) return nodes.apply(Square, [id]);
  return nodes.apply(Pow, [id, nodes.number(power, nodes.of(id).dtype)]);
}

/** Counts, then small before large, formulas before sums over axes. */
function orderOf(algebra: Algebra, id: number): number {
  const { nodes, setting } = algebra;
  const { op, shape, isActive, parents } = nodes.of(id);
  if (VIEWS.includes(op) && !setting.named.has(id)) return orderOf(algebra, parents[0]!);
  if ([...setting.counts.values()].includes(id)) return 0;
  const isNamed = setting.named.has(id) || op === null;
  const size = sizeOf(shape) / 2 ** 40;
  if (op === Sum && !isNamed) return 4 + size;
  // Of one size, what flows back goes before what it is multiplied by.
  const isForward = setting.forward.includes(id) || !isActive;
  return (isNamed ? 1 : 2) + size + (isForward ? 2 ** -45 : 0);
}

/** The shape to which the factors of a term stretch. */
export function shapeOf({ nodes }: Algebra, { powers }: Term): readonly number[] {
  return [...powers.keys()].reduce<readonly number[]>(
    (shape, id) => broadcastShapes("derive", shape, nodes.of(id).shape),
    [],
  );
}
