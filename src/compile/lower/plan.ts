/** Which nodes are written to memory, and what each of these needs. */
import { inOrder, type Node, type Program, type Shape, sizeOf } from "../../../graph/index.ts";
import { isSameButOnes, type Part } from "./part.ts";
import { betweenOnes, broadcast, identity, isIdentity, keyOf, type Place, through } from "./place.ts";
import { weightOf } from "./weight.ts";

/** How a node comes into memory. */
export interface Item {
  readonly id: number;
  readonly kind: "store" | "fold" | "product" | "kernel";
  /** What is walked: of a fold, what goes into it. */
  readonly domain: Shape;
  /** Nodes in memory that it reads, and whether only at the point of the domain that it is at. */
  readonly reads: ReadonlyMap<number, boolean>;
}

/** A formula that is larger than this is cut: registers, and the time that an engine takes to compile, are limited. */
const LARGEST = 96;

/** A node that costs more than this is stored rather than computed again in another sweep. */
const DEAR = 8;

export class Plan {
  readonly program: Program;
  readonly parts: ReadonlyMap<number, Part>;
  readonly order: readonly number[];
  /** Nodes that are in memory, beside inputs and constants. */
  readonly stored: Set<number>;
  readonly #users = new Map<number, number[]>();

  constructor(program: Program, parts: ReadonlyMap<number, Part>, alsoStored: Iterable<number>) {
    this.program = program;
    this.parts = parts;
    this.order = inOrder(program);
    for (const id of this.order) {
      for (const p of this.node(id).parents) this.#users.set(p, [...(this.#users.get(p) ?? []), id]);
    }
    this.stored = new Set();
    for (const id of alsoStored) this.#require(id);
    for (const id of program.outputs) this.#require(id);
    this.#decide();
  }

  node(id: number): Node {
    return this.program.nodes[id]!;
  }

  part(id: number): Part {
    return this.parts.get(id)!;
  }

  /** Whether its numbers are in memory, as they are. */
  isInMemory(id: number): boolean {
    const { kind } = this.part(id);
    return kind === "input" || kind === "constant" || this.stored.has(id);
  }

  /** Whose numbers a view shows. */
  rootOf(id: number): number {
    let root = id;
    while (this.part(root).kind === "view" && !this.stored.has(root)) root = this.node(root).parents[0]!;
    return root;
  }

  /** How the operand of a product lies in memory: as it is, or with its axes exchanged. */
  operand(id: number): { readonly id: number; readonly transposed: boolean } {
    const part = this.part(id);
    const isSwap = part.kind === "move" && part.walks.length === 2 && isExchange(part.walks);
    const parent = isSwap ? this.rootOf(this.node(id).parents[0]!) : id;
    const isThere = isSwap && (this.isInMemory(parent) || isAlwaysStored(this.part(parent)));
    return isThere ? { id: this.node(id).parents[0]!, transposed: true } : { id, transposed: false };
  }

  items(): Item[] {
    return this.order.filter((id) => this.stored.has(id)).map((id) => this.#item(id));
  }

  #item(id: number): Item {
    const { kind } = this.part(id);
    const node = this.node(id);
    if (kind === "kernel" || kind === "product") {
      const operands = kind === "product" ? node.parents.map((p) => this.operand(p).id) : node.parents;
      return { id, kind, domain: node.shape, reads: new Map(operands.map((p) => [this.rootOf(p), false])) };
    }
    const isFold = kind === "fold";
    const domain = isFold ? this.node(node.parents[0]!).shape : node.shape;
    const reads = new Map<number, boolean>();
    const seen = new Set<string>();
    const visit = (at: number, place: Place, isTop: boolean): void => {
      const key = `${at}|${keyOf(place)}`;
      if (seen.has(key)) return;
      seen.add(key);
      if (!isTop && (this.isInMemory(at) || this.#isOpaqueView(at))) {
        const root = this.rootOf(at);
        const isHere = root === at && isIdentity(place, this.node(at).shape, domain);
        reads.set(root, (reads.get(root) ?? true) && isHere);
        return;
      }
      for (const [parent, its] of this.placesBelow(at, place)) visit(parent, its, false);
    };
    if (isFold) visit(node.parents[0]!, identity(domain), false);
    else visit(id, identity(domain), true);
    return { id, kind: isFold ? "fold" : "store", domain, reads };
  }

  /** A view that is not the same but for ones cannot be looked through: its place says nothing about its parent's. */
  #isOpaqueView(id: number): boolean {
    return this.part(id).kind === "view" && !this.isTransparent(id);
  }

  isTransparent(id: number): boolean {
    const node = this.node(id);
    return isSameButOnes(node.shape, this.node(node.parents[0]!).shape);
  }

  /** The parents of a node that is computed in place, and where they are looked up. */
  placesBelow(id: number, place: Place): readonly (readonly [number, Place])[] {
    const node = this.node(id);
    const part = this.part(id);
    return node.parents.map((p) => {
      const { shape } = this.node(p);
      if (part.kind === "move") return [p, through(place, part.walks)] as const;
      // A sum of one number loses axes of size one, as a view does.
      const isNarrowed = part.kind === "map" && shape.length > node.shape.length;
      if (part.kind === "view" || isNarrowed) return [p, betweenOnes(place, shape, node.shape)] as const;
      return [p, broadcast(place, shape, node.shape)] as const;
    });
  }

  /** See to it that a node's numbers are somewhere in memory, side by side. */
  #require(id: number): void {
    const { kind } = this.part(id);
    if (kind === "input" || kind === "constant") return;
    if (kind === "view") this.#require(this.node(id).parents[0]!);
    else this.stored.add(id);
  }

  #decide(): void {
    const inlined = new Map<number, number>();
    for (const id of [...this.order].reverse()) {
      const { kind } = this.part(id);
      const { parents } = this.node(id);
      if (isAlwaysStored(this.part(id)) && this.#isUsed(id)) this.stored.add(id);
      if (kind === "kernel") for (const p of parents) this.#require(p);
      if (kind === "view" && !this.isTransparent(id)) this.#require(parents[0]!);
    }
    for (const id of this.order) {
      if (this.part(id).kind !== "product") continue;
      for (const p of this.node(id).parents) this.#require(this.operand(p).id);
    }
    for (const id of this.order) {
      const part = this.part(id);
      if (this.isInMemory(id)) {
        inlined.set(id, 1);
        continue;
      }
      const { parents, shape } = this.node(id);
      const below = new Set(parents);
      let size = part.kind === "map" ? weightOf(part.formula) : 1;
      for (const p of below) size += inlined.get(p)!;
      const isStretched = (this.#users.get(id) ?? []).some((u) => this.#stretches(u, shape));
      if (size > LARGEST || (isStretched && this.#computes(id))) {
        this.#require(id);
        inlined.set(id, 1);
      } else inlined.set(id, size);
    }
  }

  #isUsed(id: number): boolean {
    return this.#users.has(id) || this.program.outputs.includes(id);
  }

  /** Whether a user looks every element up many times over. */
  #stretches(user: number, shape: Shape): boolean {
    const { kind } = this.part(user);
    if (kind === "view" || kind === "move" || kind === "map") {
      if (sizeOf(this.node(user).shape) > sizeOf(shape)) return true;
      // A view or a window between: what comes after may stretch it.
      if (kind !== "map") return (this.#users.get(user) ?? []).some((u) => this.#stretches(u, shape));
    }
    return false;
  }

  /** Whether there is something to be computed before it is looked up. */
  #computes(id: number): boolean {
    const part = this.part(id);
    if (this.isInMemory(id)) return false;
    return part.kind === "map" && part.formula.kind !== "input"
      ? true
      : this.node(id).parents.some((p) => this.#computes(p));
  }

  /** How much is computed again for a node wherever it is not in memory. */
  costOf(id: number): number {
    let cost = 0;
    const seen = new Set<number>();
    const visit = (at: number): void => {
      if (seen.has(at) || (at !== id && this.isInMemory(at))) return;
      seen.add(at);
      const part = this.part(at);
      if (part.kind === "map") cost += weightOf(part.formula);
      this.node(at).parents.forEach(visit);
    };
    visit(id);
    return cost;
  }

  /** Of nodes that several sweeps compute for themselves, those that had better be stored. */
  dear(shared: Iterable<number>): number[] {
    return [...shared].filter((id) => this.part(id).kind === "map" && this.costOf(id) > DEAR);
  }
}

function isAlwaysStored({ kind }: Part): boolean {
  return kind === "fold" || kind === "product" || kind === "kernel";
}

function isExchange(walks: readonly { axis: number | null; start: number; step: number }[]): boolean {
  return walks.every(({ axis, start, step }, k) => axis === 1 - k && start === 0 && step === 1);
}
