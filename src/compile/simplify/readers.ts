import type { Node, Program } from "../../../graph/index.ts";

const NOBODY: ReadonlySet<number> = new Set();

/** Who reads what, while a pass changes it. Only those count on whom some output depends. */
export class Readers {
  readonly #of: (id: number) => Node;
  readonly #readers: Map<number, Set<number>> = new Map();
  readonly #returned: Set<number>;
  /** Those that are down as readers of their parents. */
  readonly #alive: Set<number> = new Set();
  /** Who stands for whom, until those who read him have been looked at. */
  readonly #instead: Map<number, number> = new Map();

  constructor({ outputs }: Program, of: (id: number) => Node) {
    this.#of = of;
    this.#returned = new Set(outputs);
    for (const id of outputs) this.attach(id);
  }

  of(id: number): ReadonlySet<number> {
    return this.#readers.get(id) ?? NOBODY;
  }

  isReturned(id: number): boolean {
    return this.#returned.has(id);
  }

  isDead(id: number): boolean {
    return !this.#alive.has(id);
  }

  /** It reads its parents; whoever of them was dead is alive again. */
  attach(root: number): void {
    const stack = [root];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      this.#alive.add(id);
      for (const parent of this.#of(id).parents) {
        const p = this.#current(parent);
        const readers = this.#readers.get(p);
        if (readers === undefined) this.#readers.set(p, new Set([id]));
        else readers.add(id);
        if (!this.#alive.has(p)) stack.push(p);
      }
    }
  }

  /** Let another node be put in its place: `put` does that. */
  change(id: number, put: () => void): void {
    const before = this.#alive.has(id) ? this.#of(id).parents : [];
    for (const p of before) this.#readers.get(this.#current(p))?.delete(id);
    put();
    this.attach(id);
    for (const p of before) this.#release(this.#current(p));
  }

  /** Whoever reads the one reads the other. */
  replace(id: number, other: number): void {
    const readers = this.#readers.get(id) ?? [];
    const others = this.#readers.get(other) ?? new Set();
    for (const reader of readers) others.add(reader);
    this.#readers.set(other, others);
    this.#readers.delete(id);
    if (this.#returned.delete(id)) this.#returned.add(other);
    if (!this.#alive.has(other)) this.attach(other);
    this.#instead.set(id, other);
    this.#release(id);
  }

  #current(id: number): number {
    return this.#instead.get(id) ?? id;
  }

  /** Where nobody reads it any more it reads nobody. */
  #release(root: number): void {
    const stack = [root];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (!this.#alive.has(id) || this.#returned.has(id) || this.of(id).size > 0) continue;
      this.#alive.delete(id);
      for (const parent of this.#of(id).parents) {
        const p = this.#current(parent);
        this.#readers.get(p)?.delete(id);
        stack.push(p);
      }
    }
  }
}
