import { type AnyPrimitive, type Node, Tensor } from "../../../graph/index.ts";
import { hashOf, sameConstant, sameParams } from "../../../graph/passes/sameness.ts";
import type { Application, Replacement } from "./rule.ts";

/** What is there already, by what it does. Ids stay good: whoever is in here is not rewritten any more in this pass. */
export class Known {
  readonly #of: (id: number) => Node;
  readonly #numbers: Map<AnyPrimitive, number> = new Map();
  readonly #byKey: Map<string, number[]> = new Map();

  constructor(of: (id: number) => Node) {
    this.#of = of;
  }

  add(id: number): void {
    const { op, parents } = this.#of(id);
    if (op !== null) this.#put(this.#key(op, parents), id);
  }

  addConstant(id: number): void {
    this.#put(keyOf(this.#of(id).value), id);
  }

  find(part: Replacement): number | null {
    if (typeof part === "number") return part;
    if (part instanceof Tensor)
      return this.#among(keyOf(part), (id) => sameConstant(this.#of(id).value, part));
    return this.#application(part);
  }

  #application({ op, params, parents }: Application): number | null {
    const ids: number[] = [];
    for (const p of parents) {
      const id = this.find(p);
      if (id === null) return null;
      ids.push(id);
    }
    return this.#among(this.#key(op, ids), (id) => sameParams(this.#of(id).params, params));
  }

  #among(key: string, isIt: (id: number) => boolean): number | null {
    return this.#byKey.get(key)?.find(isIt) ?? null;
  }

  #put(key: string, id: number): void {
    const group = this.#byKey.get(key);
    if (group === undefined) this.#byKey.set(key, [id]);
    else group.push(id);
  }

  #key(op: AnyPrimitive, parents: readonly number[]): string {
    let number = this.#numbers.get(op);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(op, number);
    }
    return `${number}(${parents})`;
  }
}

function keyOf(constant: Tensor): string {
  return `${constant.dtype}[${constant.shape}]${hashOf(constant)}`;
}
