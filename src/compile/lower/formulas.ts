/** Nodes that are not in memory, as formulas of what is. */
import { isFloat, type Numbers, type Scalar, type Shape } from "../../../graph/index.ts";
import { isPredicate } from "../../../ops/kernels/predicate.ts";
import { SELECT } from "../../../ops/kernels/scalar.ts";
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
    x: readonly Term[],
  ): Term {
    const made = new Map<Scalar, Term>();
    const visit = (e: Scalar): Term => {
      let term = made.get(e);
      if (term === undefined) {
        term = this.#scalar(e, among, parameters, x, visit);
        made.set(e, term);
      }
      return term;
    };
    return asDType(visit(formula), isBool ? "bool" : among);
  }

  #scalar(
    e: Scalar,
    among: FloatType,
    parameters: Readonly<Record<string, number>>,
    x: readonly Term[],
    visit: (e: Scalar) => Term,
  ): Term {
    if (e.kind === "constant") return this.#constant(e.value, among);
    if (e.kind === "parameter") return this.#constant(parameters[e.name]!, among);
    if (e.kind === "input") return x[e.index]!;
    if (e.fn === SELECT) {
      const [c, a, b] = e.args.map(visit) as [Term, Term, Term];
      // A condition is truth, or a number that is not 0.
      const args = [asDType(c, "bool"), asDType(a, among), asDType(b, among)] as const;
      return { kind: "select", args, dtype: among };
    }
    const args = e.args.map((arg) => asDType(visit(arg), among));
    return { kind: "call", fn: e.fn, args, dtype: isPredicate(e.fn) ? "bool" : among, among };
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

function asDType(term: Term, dtype: FloatType | "bool"): Term {
  return term.dtype === dtype ? term : { kind: "convert", of: term, dtype };
}
