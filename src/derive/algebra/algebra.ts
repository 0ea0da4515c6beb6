import {
  type AnyPrimitive,
  isFloat,
  type Node,
  type Program,
  type Shape,
  type Tensor,
} from "../../../graph/index.ts";
import { BroadcastTo, Reshape, Sum } from "../../../ops/index.ts";
import type { Law, Reading } from "../rules/law.ts";
import { DraftNodes } from "./draftNodes.ts";
import { alignedTo, isAlignment, isAlike, sizeFromEnd, stripped } from "./shapes.ts";
import {
  factorTerm,
  gathered,
  numberTerm,
  raised,
  type Term,
  type Terms,
  timesNumber,
  timesTerm,
} from "./term.ts";
import { VIEWS } from "./views.ts";
import { shapeOf, type Written, written } from "./writing.ts";

/** What an algebra has to know of a program, beside its nodes. */
export interface Setting {
  /** What the function was given. */
  readonly inputs: ReadonlySet<number>;
  /** Nodes that are known by name: elsewhere they stand for themselves. */
  readonly named: ReadonlySet<number>;
  /** Those of them that the function itself computes, in order. */
  readonly forward: readonly number[];
  /** How many elements lie along which axes, where that number has a node: by {@link countKey}. */
  readonly counts: ReadonlyMap<string, number>;
  readonly laws: readonly Law[];
}

/** `-2:4`: four along the last axis but one. */
export function countKey(shape: Shape, axesFromEnd: readonly number[]): string {
  return axesFromEnd
    .toSorted((a, b) => b - a)
    .map((axis) => `-${axis}:${sizeFromEnd(shape, axis)}`)
    .join(" ");
}

/**
 * Elementwise formulas of a program, read as sums of products of what they are not taken apart into: inputs, named nodes,
 * sums over axes, other ops' results. By which laws is the caller's choice.
 */
export class Algebra {
  readonly nodes: DraftNodes;
  /** The laws that were needed. */
  readonly used: Set<Law> = new Set();
  readonly setting: Setting;
  readonly #readings: Map<AnyPrimitive, Reading[]> = new Map();
  readonly #known: Map<number, Terms> = new Map();
  readonly #instead: Map<number, Terms> = new Map();
  readonly #opaque: Map<number, number> = new Map();
  #names: Law | null = null;
  readonly #definitions: { readonly id: number; readonly term: Term }[] = [];

  constructor(program: Program, setting: Setting) {
    this.nodes = new DraftNodes(program);
    this.setting = setting;
    for (const law of setting.laws) {
      for (const [op, rule] of law.readings) {
        const reading: Reading = (algebra, node) => {
          const terms = rule(algebra, node);
          if (terms !== null) this.use(law);
          return terms;
        };
        const others = this.#readings.get(op);
        if (others === undefined) this.#readings.set(op, [reading]);
        else others.unshift(reading); // a later law goes first
      }
    }
  }

  /** Whether a law is in force. */
  has(law: Law): boolean {
    return this.setting.laws.includes(law);
  }

  /** Note that a law was needed. */
  use(law: Law): void {
    this.used.add(law);
  }

  /** What a node is, where it is used: itself, if it is known by name. */
  read(id: number): Terms {
    const other = this.#instead.get(id);
    if (other !== undefined) return other;
    return this.setting.named.has(id) ? [factorTerm(id)] : this.define(id);
  }

  /** From now on a node is read as something else. */
  readInstead(id: number, terms: Terms): void {
    this.#instead.set(id, terms);
  }

  /** What a node is, whatever its name. */
  define(id: number): Terms {
    let terms = this.#known.get(id);
    if (terms === undefined) {
      terms = gathered(this.#read(id).map((term) => this.renamed(term)));
      this.#known.set(id, terms);
    }
    return terms;
  }

  /** What a named node was made of, by names that came before it. */
  expanded(id: number): Terms {
    return gathered(this.#read(id));
  }

  #read(id: number): Terms {
    const node = this.nodes.of(id);
    const { op, parents, dtype } = node;
    if (op === null) return this.#number(id) ?? [factorTerm(id)];
    for (const reading of this.#readings.get(op) ?? []) {
      const isOfOneKind = parents.every(
        (p) => this.nodes.of(p).dtype === dtype || !isFloat(this.nodes.of(p).dtype),
      );
      const terms = isOfOneKind && isFloat(dtype) ? reading(this, node) : null;
      if (terms !== null) return terms;
    }
    return [factorTerm(this.#rebuilt(id))];
  }

  /** A nameless constant that is one number throughout. */
  #number(id: number): Terms | null {
    const { value, dtype } = this.nodes.of(id);
    if (this.setting.named.has(id) || value.place !== null || !isFloat(dtype) || value.size === 0)
      return null;
    const first = value.data[0]!;
    if (!Number.isFinite(first) || !isConstantOf(value, first) || !this.isConstant(id)) return null;
    return first === 0 ? [] : [numberTerm(first)];
  }

  /** Whether it is numbers that came from outside, and no input. */
  isConstant(id: number): boolean {
    return this.nodes.of(id).op === null && !this.setting.inputs.has(id);
  }

  /** An op that is not taken apart, on arguments that are rewritten. */
  #rebuilt(id: number): number {
    const known = this.#opaque.get(id);
    if (known !== undefined) return known;
    const { op, params, parents } = this.nodes.of(id);
    const rewritten = parents.map((p) => this.rewritten(p));
    const made = rewritten.every((p, k) => p === parents[k]) ? id : this.nodes.apply(op!, rewritten, params);
    this.#opaque.set(id, made);
    return made;
  }

  /** A node like it, in what this algebra makes of it. */
  rewritten(id: number): number {
    const node = this.nodes.of(id);
    if (this.#instead.has(id)) return this.write(this.read(id), node);
    if (this.setting.named.has(id) || node.op === null) return id;
    return isFloat(node.dtype) ? this.write(this.read(id), node) : this.#rebuilt(id);
  }

  /** Sums of products, as a node of that shape and dtype. */
  write(terms: Terms, like: Pick<Node, "shape" | "dtype">): number {
    const { id, isZero }: Written = written(this, terms, like.dtype);
    if (isZero) return this.nodes.zeros(like);
    return this.fit(id, like.shape);
  }

  /** The node in that shape, to which it stretches. */
  fit(id: number, shape: Shape): number {
    const own = this.nodes.of(id).shape;
    if (own.length === shape.length && isAlike(own, shape)) return id;
    if (isAlike(own, shape)) return this.nodes.apply(Reshape, [id], { shape });
    // More axes of size one than it may have.
    const fewer = own.length > shape.length ? this.nodes.apply(Reshape, [id], { shape: stripped(own) }) : id;
    return this.nodes.apply(BroadcastTo, [fewer], { shape });
  }

  /**
   * a · b, where neither is a sum, or the other is made of numbers and counts; else null. Sums are not multiplied out: 1 - y² is best
   * left alone, in print and in rounding.
   */
  product(a: Terms, b: Terms): Terms | null {
    const [one, many] = a.length <= 1 ? [a[0], b] : [b[0], a];
    if (one === undefined || many.length === 0) return [];
    const isSum = many.length > 1;
    if (isSum && (Math.min(a.length, b.length) > 1 || !this.#isNumber(one))) return null;
    return many.map((term) => timesTerm(one, term));
  }

  /** Numbers and counts. */
  #isNumber({ powers }: Term): boolean {
    const counts = [...this.setting.counts.values()];
    return [...powers.keys()].every((id) => counts.includes(id));
  }

  /** As one term: a sum becomes a factor. */
  asTerm(terms: Terms, like: Pick<Node, "shape" | "dtype">): Term {
    if (terms.length === 1) return terms[0]!;
    return factorTerm(this.write(terms, like));
  }

  quotient(
    a: Terms,
    b: Terms,
    likeA: Pick<Node, "shape" | "dtype">,
    likeB: Pick<Node, "shape" | "dtype">,
  ): Terms | null {
    if (b.length === 0) return null;
    const inverse = [raised(this.asTerm(b, likeB), -1)];
    return this.product(a, inverse) ?? this.product([this.asTerm(a, likeA)], inverse);
  }

  /** In another shape that is the same but for axes of size one; null where it is not. */
  viewed(terms: Terms, from: Shape, to: Shape): Terms | null {
    if (isAlike(from, to)) return terms;
    if (!isAlignment(from, to)) return null;
    return terms.map(({ coefficient, powers }) => ({
      coefficient,
      powers: new Map([...powers].map(([id, power]) => [this.#view(id, from, to), power])),
    }));
  }

  #view(id: number, from: Shape, to: Shape): number {
    const { shape } = this.nodes.of(id);
    const wanted = alignedTo(shape, from, to);
    let base = id;
    while (!this.setting.named.has(base) && VIEWS.includes(this.nodes.of(base).op)) {
      const [parent] = this.nodes.of(base).parents;
      if (!isAlignment(this.nodes.of(parent!).shape, wanted)) break;
      base = parent!;
    }
    return isAlike(this.nodes.of(base).shape, wanted)
      ? base
      : this.nodes.apply(Reshape, [base], { shape: stripped(wanted) });
  }

  /** Whether any factor of it differs along that axis, counted from the end. */
  variesAlong({ powers }: Term, axis: number): boolean {
    return [...powers.keys()].some((id) => sizeFromEnd(this.nodes.of(id).shape, axis) !== 1);
  }

  /** Σ over axes, counted from the end, as a factor: axes are kept, with size one. */
  sumOf(terms: Terms, axes: readonly number[], like: Pick<Node, "shape" | "dtype">): Term {
    const id = this.write(terms, like);
    const rank = like.shape.length;
    const params = { axes: axes.map((axis) => rank - axis).toSorted((a, b) => a - b), keepDims: true };
    return factorTerm(this.nodes.apply(Sum, [id], params));
  }

  /** How many elements lie along these axes, counted from the end. */
  count(shape: Shape, axes: readonly number[]): Term {
    const long = axes.filter((axis) => sizeFromEnd(shape, axis) !== 1);
    const id = this.setting.counts.get(countKey(shape, long));
    if (long.length > 0 && id !== undefined) return factorTerm(id);
    return numberTerm(long.reduce((n, axis) => n * sizeFromEnd(shape, axis), 1));
  }

  /** Let a named node stand for factors that are what it is: centred / sigma is xHat. */
  renamed(term: Term): Term {
    let result = term;
    for (const { id, term: definition } of this.#definitions) {
      const parts = [...definition.powers];
      const times = Math.min(...parts.map(([part, power]) => (result.powers.get(part) ?? 0) / power));
      const whole = Math.floor(times);
      if (whole < 1) continue;
      if (this.#names !== null) this.use(this.#names);
      result = timesTerm(timesTerm(result, raised(definition, -whole)), factorTerm(id, whole));
    }
    return result;
  }

  /** From now on named products are found again, wherever they stand. */
  knowDefinitions(law: Law): void {
    this.#names = law;
    for (const id of this.setting.forward) {
      const terms = this.define(id);
      const [term] = terms;
      if (terms.length !== 1 || term === undefined || term.coefficient !== 1 || term.powers.size < 2)
        continue;
      // One that was stretched besides is not the product itself.
      if (!isAlike(shapeOf(this, term), this.nodes.of(id).shape)) continue;
      this.#definitions.push({ id, term });
      this.#known.clear();
    }
  }

  timesNumber(terms: Terms, by: number): Terms {
    return terms.map((term) => timesNumber(term, by));
  }
}

function isConstantOf({ data }: Tensor, number: number): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== number) return false;
  return true;
}
