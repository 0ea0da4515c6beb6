import {
  type AnyPrimitive,
  bind,
  type DType,
  filled,
  type Node,
  type Program,
  scalar,
  type Tensor,
} from "../../../graph/index.ts";
import { sameParams } from "../../../graph/passes/sameness.ts";

/** A program's nodes while new ones are made. What is made twice is made once. */
export class DraftNodes {
  readonly made: Map<number, Node> = new Map();
  readonly #program: Program;
  readonly #alike: Map<string, number[]> = new Map();
  readonly #numbers: Map<string, number> = new Map();
  readonly #ofOp: Map<AnyPrimitive, number> = new Map();
  #next: number;

  constructor(program: Program) {
    this.#program = program;
    const ids = Object.keys(program.nodes).map(Number);
    this.#next = Math.max(-1, ...ids) + 1;
    for (const id of ids) {
      const { op, parents, name } = program.nodes[id]!;
      if (op !== null && name === null) this.#listed(this.#key(op, parents)).push(id);
    }
  }

  of(id: number): Node {
    return this.made.get(id) ?? this.#program.nodes[id]!;
  }

  /** The op on these nodes: one that is there already, or a new one. */
  apply(op: AnyPrimitive, parents: readonly number[], params: unknown = undefined): number {
    const alike = this.#listed(this.#key(op, parents));
    const known = alike.find((id) => sameParams(this.of(id).params, params));
    if (known !== undefined) return known;
    const value = bind(
      op,
      parents.map((p) => this.of(p).value),
      params,
    );
    const isActive = parents.some((p) => this.of(p).isActive);
    const id = this.#add(value, { op, params, parents: [...parents], isActive });
    alike.push(id);
    return id;
  }

  /** A plain number. */
  number(value: number, dtype: DType): number {
    const key = `${dtype} ${value}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const id = this.constant(scalar(value, dtype));
    this.#numbers.set(key, id);
    return id;
  }

  zeros({ shape, dtype }: Pick<Node, "shape" | "dtype">): number {
    return this.constant(filled(shape, dtype, 0));
  }

  constant(value: Tensor): number {
    return this.#add(value, { op: null, params: undefined, parents: [], isActive: false });
  }

  #add(value: Tensor, node: Pick<Node, "op" | "params" | "parents" | "isActive">): number {
    const id = this.#next++;
    const { shape, dtype } = value;
    this.made.set(id, { ...node, shape, dtype, value, name: null, origin: null });
    return id;
  }

  #key(op: AnyPrimitive, parents: readonly number[]): string {
    let number = this.#ofOp.get(op);
    if (number === undefined) {
      number = this.#ofOp.size;
      this.#ofOp.set(op, number);
    }
    return `${number}(${parents})`;
  }

  #listed(key: string): number[] {
    let ids = this.#alike.get(key);
    if (ids === undefined) {
      ids = [];
      this.#alike.set(key, ids);
    }
    return ids;
  }
}
