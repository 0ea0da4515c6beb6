/** Nodes that are not in memory, as formulas of what is. */
import { isFloat, type Numbers, type Shape } from "../../../graph/index.ts";
import { asDType, termOf } from "../../../ops/kernels/wasm/sweep/formula.ts";
import type { Buffer, FloatType, Term } from "../../../ops/kernels/wasm/sweep/sweep.ts";
import type { Part } from "./part.ts";
import { accessOf, isIdentity, keyOf, onDomain, type Place } from "./place.ts";
import type { Plan } from "./plan.ts";

export class Formulas {
  readonly #plan: Plan;
  readonly #bufferOf: (id: number) => Buffer;
  readonly #domain: Shape;
  /** Nodes that the same sweep stores: they are at hand before they are in memory. */
  readonly #here: ReadonlySet<number>;
  readonly #known = new Map<string, Term>();
  readonly #constants = new Map<string, Term>();
  /** What was computed, for whoever asks what a sweep is made of. */
  readonly computed: Set<number> = new Set();

  constructor(plan: Plan, bufferOf: (id: number) => Buffer, domain: Shape, here: ReadonlySet<number>) {
    this.#plan = plan;
    this.#bufferOf = bufferOf;
    this.#domain = domain;
    this.#here = here;
  }

  /** The formula of a node that the sweep stores. */
  ofStored(id: number): Term {
    return this.#inPlace(id, onDomain(this.#plan.node(id).shape, this.#domain));
  }

  /** A node's elements at a place. */
  at(id: number, place: Place): Term {
    const plan = this.#plan;
    const { shape } = plan.node(id);
    if (this.#here.has(id) && isIdentity(place, shape, this.#domain)) {
      return this.#inPlace(id, onDomain(shape, this.#domain));
    }
    const isHidden = plan.part(id).kind === "view" && !plan.isTransparent(id);
    if (plan.isInMemory(id) || isHidden) return this.#load(id, place);
    return this.#inPlace(id, place);
  }

  #load(id: number, place: Place): Term {
    const part = this.#plan.part(id);
    const { shape, dtype } = this.#plan.node(id);
    if (part.kind === "constant" && isFloat(dtype) && isUniform(part.value.data)) {
      return this.#constant(part.value.data[0]!, dtype as FloatType);
    }
    const key = `${this.#plan.rootOf(id)}|${shape}|${keyOf(place)}`;
    return this.#remembered(key, () => ({
      kind: "load",
      access: accessOf(this.#bufferOf(this.#plan.rootOf(id)), place, shape, this.#domain),
      dtype,
    }));
  }

  #inPlace(id: number, place: Place): Term {
    const plan = this.#plan;
    const part = plan.part(id);
    return this.#remembered(`${id}|${keyOf(place)}`, () => {
      this.computed.add(id);
      const x = plan.placesBelow(id, place).map(([p, its]) => this.at(p, its));
      return part.kind === "map" ? this.#formula(part, plan.node(id).dtype === "bool", x) : x[0]!;
    });
  }

  #remembered(key: string, make: () => Term): Term {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }

  #formula(
    { formula, parameters, among }: Extract<Part, { kind: "map" }>,
    isBool: boolean,
    inputs: readonly Term[],
  ): Term {
    const term = termOf(formula, among, {
      inputs,
      parameter: (name) => this.#constant(parameters[name]!, among),
      constant: (value) => this.#constant(value, among),
    });
    return asDType(term, isBool ? "bool" : among);
  }

  #constant(value: number, dtype: FloatType): Term {
    const key = `${dtype}${Object.is(value, -0) ? "-0" : value}`;
    let term = this.#constants.get(key);
    if (term === undefined) {
      term = { kind: "constant", value, dtype };
      this.#constants.set(key, term);
    }
    return term;
  }
}

/** Whether all numbers are the same: then one will do. */
function isUniform(data: Numbers): boolean {
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], data[0])) return false;
  return data.length > 0;
}
