/** The code of formulas: every part is computed once, where its numbers are first needed. */
import type { ScalarFunction } from "../../../../graph/lowering.ts";
import { EQ } from "../../scalar.ts";
import { type Body, i32x4, type Local, type Value, type Vector, v128 } from "../encoder/index.ts";
import {
  F32,
  F64,
  type FloatVector,
  type MaskOf,
  maskOf,
  numbersOf,
  vectorFunctionOf,
  type Width,
} from "../math/index.ts";
import { constantOf, converted, type LaneCount, loaded, narrowed, type Place, widened } from "./lanes.ts";
import { type Access, childrenOf, type Term } from "./sweep.ts";

/** One place of the domain, and the points beside it, as code sees it. */
export interface Point {
  readonly body: Body;
  readonly lanes: LaneCount;
  /** How many of the points there are: at the end of a row, fewer than lanes. */
  readonly count: number;
  place(access: Access): Place;
}

/** What has been computed at a point. */
export class Terms {
  readonly #at: Point;
  readonly #own = new Map<Term, Local<Vector>>();
  readonly #outer: Terms | null;

  /** @param outer what has been computed for all these points already */
  constructor(at: Point, outer: Terms | null = null) {
    this.#at = at;
    this.#outer = outer;
  }

  #known(term: Term): Local<Vector> | undefined {
    const own = this.#own.get(term);
    return own !== undefined || this.#outer === null ? own : this.#outer.#known(term);
  }

  /** The variable that holds a term's lanes: numbers of its dtype, or a mask. */
  value(term: Term): Local<Vector> {
    // Deep formulas would overflow the stack: what is below comes first, with a stack of our own.
    const waiting = [term];
    while (waiting.length > 0) {
      const next = waiting[waiting.length - 1]!;
      const below = next.kind === "select" && isUnlessNaN(next) ? [next.args[1]] : childrenOf(next);
      const missing =
        this.#known(next) !== undefined ? [] : below.filter((t) => this.#known(t) === undefined);
      if (missing.length > 0) {
        waiting.push(...missing);
        continue;
      }
      waiting.pop();
      if (this.#known(next) === undefined) this.#own.set(next, this.#at.body.keep(this.#code(next)));
    }
    return this.#known(term)!;
  }

  /** x, and only where a lane of it is NaN, what is to be there instead: hardly ever, so it is worth a branch. */
  #unlessNaN({ args: [, x, other] }: Select): Value<Vector> {
    const { body } = this.#at;
    const value = this.value(x);
    const result = body.keep<Vector>(value);
    const isFloat64 = x.dtype === "float64";
    const odd = body.keep<Vector>(isFloat64 ? notItself(F64, value) : notItself(F32, value));
    body.if(v128.anyTrue(odd), () => {
      // What is computed here is not known outside.
      const inside = new Terms(this.#at, this);
      body.set(result, v128.select(inside.value(other), value, odd));
    });
    return result;
  }

  #code(term: Term): Value<Vector> {
    const { body, lanes, count } = this.#at;
    if (term.kind === "load") return loaded(term.dtype, this.#at.place(term.access), lanes, count);
    if (term.kind === "constant") return constantOf(term.dtype, term.value);
    if (term.kind === "convert") {
      return converted(this.value(term.of), term.of.dtype, term.dtype, lanes);
    }
    if (term.kind === "select" && isUnlessNaN(term)) return this.#unlessNaN(term);
    const args = term.args.map((arg) => this.value(arg));
    if (term.kind === "select") {
      const [mask, a, b] = args as [Local<Vector>, Local<Vector>, Local<Vector>];
      return v128.select(a, b, term.dtype === "float64" ? mask : narrowed(mask, lanes));
    }
    if (term.among === "float64") return applied(F64, body, term, args);
    const result = applied(F32, body, term, args);
    return term.dtype === "bool" ? widened(i32x4.ofBits(result), lanes) : result;
  }
}

function notItself<T extends FloatVector>({ float }: Width<T>, x: Value<Vector>): Value<MaskOf<T>> {
  return float.ne(float.ofBits(x), float.ofBits(x));
}

type Select = Extract<Term, { kind: "select" }>;

/** `x == x ? x : other`, as products of differentials have it. */
function isUnlessNaN({ args: [c, a] }: Select): boolean {
  return c.kind === "call" && c.fn === EQ && c.args[0] === a && c.args[1] === a;
}

/** A call's numbers, or its mask, as the term has it. */
function applied<T extends FloatVector>(
  width: Width<T>,
  body: Body,
  { fn, dtype }: Extract<Term, { kind: "call" }>,
  args: readonly Local<Vector>[],
): Value<T> | Value<MaskOf<T>> {
  const operands = args.map((arg) => ({ ...width.float.ofBits(arg), index: arg.index }));
  const result = vectorFunctionOf(fn)!.emit(width, body, operands);
  return dtype === "bool" ? maskOf(width, result) : numbersOf(width, result);
}

/** Whether there is code for a function. */
export function isVectorized(fn: ScalarFunction): boolean {
  return vectorFunctionOf(fn) !== null;
}
