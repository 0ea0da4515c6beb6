/** A product taken apart into its factors, and put together again from the smallest. */
import {
  type AnyPrimitive,
  isFloat,
  type Node,
  type Shape,
  sameShape,
  sizeOf,
} from "../../../graph/index.ts";
import { broadcastShapes } from "../../../graph/shape.ts";
import {
  BroadcastTo,
  Div,
  ExpandDims,
  Mul,
  Neg,
  Reciprocal,
  Reshape,
  Scale,
  Square,
  Squeeze,
} from "../../../ops/index.ts";
import { every, scalarOf } from "./constants.ts";
import { between, core } from "./fitting.ts";
import type { Replacement, Site } from "./rule.ts";
import { specOf } from "./spec.ts";

/** part^power: a node, or what is about to be one. */
export interface Factor {
  readonly part: Replacement;
  readonly power: number;
}

export interface Product {
  /** What of it is one number. */
  readonly coefficient: number;
  /** Positive and negative powers of one thing stand side by side: x / x is no 1, for x = 0. */
  readonly factors: readonly Factor[];
  /**
   * Whether some factor is a differential, so that 0 · ∞ is 0 here. Then the whole is multiplied by `scale`: it makes
   * 0 in whatever order.
   */
  readonly isScale: boolean;
  /** The nodes that it was taken out of. */
  readonly inside: ReadonlySet<number>;
}

/** Larger products are taken apart in pieces. */
const MOST_NODES = 32;
const HIGHEST_POWER = 8;

const PRODUCTS: ReadonlySet<AnyPrimitive> = new Set<AnyPrimitive>([
  Mul,
  Scale,
  Div,
  Neg,
  Reciprocal,
  Square,
  BroadcastTo,
  Reshape,
  ExpandDims,
  Squeeze,
]);

export function productOf(at: Site, root: number): Product {
  const { dtype } = at.of(root);
  const powers = new Map<string, Factor & { readonly part: number }>();
  const inside = new Set<number>();
  let coefficient = 1;
  let isScale = false;
  const stack: (readonly [id: number, power: number])[] = [[root, 1]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [id, power] = top;
    const node = at.of(id);
    const number = node.dtype === dtype ? uniform(at, id) : null;
    if (number !== null && isUsable(coefficient * number ** power)) {
      coefficient *= number ** power;
      continue;
    }
    const parts =
      node.dtype === dtype && isFloat(dtype) && inside.size < MOST_NODES ? factorsOf(at, node) : null;
    if (parts === null || parts.some(([, p]) => Math.abs(p * power) > HIGHEST_POWER)) {
      const key = `${id}${power < 0 ? "-" : "+"}`;
      powers.set(key, { part: id, power: (powers.get(key)?.power ?? 0) + power });
      continue;
    }
    inside.add(id);
    isScale ||= node.op === Scale;
    if (node.op === Neg && power % 2 !== 0) coefficient = -coefficient;
    for (const [p, q] of parts) stack.push([p, q * power]);
  }
  const factors = [...powers.values()].sort((a, b) => a.part - b.part);
  return { coefficient, factors, isScale, inside };
}

/** Whether it is looked into: quickly said of most nodes. */
export function isProduct({ op }: Node): boolean {
  return op !== null && PRODUCTS.has(op);
}

/** What a node is the product of; null where it is none. */
function factorsOf(at: Site, node: Node): readonly (readonly [id: number, power: number])[] | null {
  const { op, parents, shape } = node;
  const [a, b] = parents as readonly [number, number];
  // Beside float32 an int32 is one too, but not by itself.
  if (parents.some((p) => at.of(p).dtype !== node.dtype)) return null;
  switch (op) {
    case Mul:
    case Scale:
      return [
        [a, 1],
        [b, 1],
      ];
    case Div:
      return [
        [a, 1],
        [b, -1],
      ];
    case Neg:
    case BroadcastTo:
      return [[a, 1]];
    case Reciprocal:
      return [[a, -1]];
    case Square:
      return [[a, 2]];
    case Reshape:
    case ExpandDims:
    case Squeeze:
      // With ones in front, or without, it is stretched alike.
      return sameShape(core(at.of(a).shape), core(shape)) ? [[a, 1]] : null;
    default:
      return null;
  }
}

/** The number that a constant is throughout; null for others. */
function uniform(at: Site, id: number): number | null {
  const t = at.constant(id);
  if (t === null || t.size === 0 || !isFloat(t.dtype)) return null;
  const x = t.data[0]!;
  return isUsable(x) && every(t, (y) => y === x) ? x : null;
}

function isUsable(x: number): boolean {
  return x !== 0 && Number.isFinite(x);
}

interface Item {
  readonly part: Replacement;
  readonly shape: Shape;
  /** Whether it divides. */
  readonly isUnder: boolean;
}

/**
 * The product, multiplied from the smallest factors to the largest: what depends on a column alone is done once a
 * column. It has the shape that its factors stretch to, or `shape` where that is given.
 */
export function build(at: Site, product: Omit<Product, "inside">, shape?: Shape): Replacement {
  const { coefficient, factors, isScale } = product;
  const { dtype } = at.node;
  const items = inRounds(at, factors).map((factor) => itemOf(at, factor, isScale));
  const groups = new Map<string, Item>();
  for (const item of items.sort((a, b) => sizeOf(a.shape) - sizeOf(b.shape))) {
    const key = `${core(item.shape)}`;
    const other = groups.get(key);
    groups.set(key, other === undefined ? item : times(at, other, item, isScale));
  }
  let [first, ...rest] = groups.values();
  if (first === undefined) return between(at, scalarOf(dtype, coefficient), shape ?? []);
  if (coefficient === -1 && !first.isUnder) {
    first = { ...first, part: { op: Neg, parents: [first.part] } };
  } else if (coefficient !== 1) {
    first = times(at, first, { part: scalarOf(dtype, coefficient), shape: [], isUnder: false }, false);
  }
  const later: Item[] = [];
  let so = first;
  const largest = sizeOf(items.reduce<Shape>((s, item) => broadcastShapes("simplify", s, item.shape), []));
  for (const item of rest) {
    // An outer product is put off: it is as large as the whole.
    if (
      sizeOf(broadcastShapes("simplify", so.shape, item.shape)) < largest ||
      sizeOf(item.shape) === largest
    ) {
      so = times(at, item, so, isScale);
    } else {
      later.push(so);
      so = item;
    }
  }
  for (const item of later) so = times(at, so, item, isScale);
  const whole = so.isUnder ? { op: Reciprocal, parents: [so.part] } : so.part;
  return shape === undefined ? whole : between(at, whole, shape);
}

/**
 * Among others of its shape, a power is multiplied one factor at a time, each factor once before any is again: γ r S r r,
 * where r³ might be too small for the format, and γ r is likely to be there.
 */
function inRounds(at: Site, factors: readonly Factor[]): readonly Factor[] {
  const shapes = factors.map(({ part }) => `${core(specOf(at.of, part).shape)}`);
  const isAlone = (k: number): boolean => shapes.indexOf(shapes[k]!) === shapes.lastIndexOf(shapes[k]!);
  const whole = factors.filter((_, k) => isAlone(k));
  const rest = factors.filter((_, k) => !isAlone(k));
  const most = Math.max(0, ...rest.map(({ power }) => Math.abs(power)));
  const rounds = Array.from({ length: most }, (_, round) =>
    rest
      .filter(({ power }) => Math.abs(power) > round)
      .map(({ part, power }) => ({ part, power: Math.sign(power) })),
  );
  return [...whole, ...rounds.flat()];
}

function itemOf(at: Site, { part, power }: Factor, isScale: boolean): Item {
  const { shape } = specOf(at.of, part);
  const isUnder = power < 0 && !isScale;
  const base: Replacement = power < 0 && isScale ? { op: Reciprocal, parents: [part] } : part;
  return { part: raised(at, base, Math.abs(power), isScale), shape, isUnder };
}

function raised(at: Site, x: Replacement, power: number, isScale: boolean): Replacement {
  if (power === 1) return x;
  const half: Replacement = { op: Square, parents: [raised(at, x, power >> 1, isScale)] };
  return power % 2 === 0 ? half : multiplied(at, half, x, isScale);
}

function times(at: Site, a: Item, b: Item, isScale: boolean): Item {
  const shape = broadcastShapes("simplify", a.shape, b.shape);
  if (a.isUnder === b.isUnder) return { ...a, part: multiplied(at, a.part, b.part, isScale), shape };
  const [over, under] = a.isUnder ? [b, a] : [a, b];
  return { part: { op: Div, parents: [over.part, under.part] }, shape, isUnder: false };
}

/** a b, or what is there already and the same. */
function multiplied(at: Site, a: Replacement, b: Replacement, isScale: boolean): Replacement {
  for (const op of isScale ? [Scale] : [Mul, Scale]) {
    const there = at.find({ op, parents: [a, b] }) ?? at.find({ op, parents: [b, a] });
    if (there !== null) return there;
  }
  const op = isScale && !isNumber(a) && !isNumber(b) ? Scale : Mul;
  return { op, parents: [a, b] };
}

function isNumber(part: Replacement): boolean {
  return typeof part === "object" && "data" in part;
}
