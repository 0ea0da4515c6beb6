/**
 * A sweep: one walk over a domain of indices, in row-major order, that computes formulas of what it reads there, writes
 * some, and combines others along some of the axes. What a compiler fuses is what one sweep does.
 */
import type { DType } from "../../../../graph/dtype.ts";
import type { ScalarFunction } from "../../../../graph/lowering.ts";

/** Numbers side by side in memory. Where is decided when all are known; the code is written after that. */
export interface Buffer {
  readonly dtype: DType;
  readonly size: number;
  /** In bytes. */
  address: number;
}

/** Where on the domain which element of a buffer is: `start` + Σ strides · index, in elements. */
export interface Access {
  readonly buffer: Buffer;
  readonly start: number;
  readonly strides: readonly number[];
}

export type FloatType = "float64" | "float32";

/** A formula of one point of the domain. What is shared is one object, and computed once. */
export type Term =
  | { readonly kind: "load"; readonly access: Access; readonly dtype: DType }
  | { readonly kind: "constant"; readonly value: number; readonly dtype: FloatType }
  /** Arguments have the dtype of the call; of one that gives bool, that of its `among`. */
  | {
      readonly kind: "call";
      readonly fn: ScalarFunction;
      readonly args: readonly Term[];
      readonly dtype: FloatType | "bool";
      readonly among: FloatType;
    }
  /** a where c holds, else b: c is bool. */
  | {
      readonly kind: "select";
      readonly args: readonly [c: Term, a: Term, b: Term];
      readonly dtype: FloatType;
    }
  /** The same number in another dtype: rounded, or 0 and 1 for bool; into bool, whether it is not 0. */
  | { readonly kind: "convert"; readonly of: Term; readonly dtype: FloatType | "bool" };

export interface Store {
  readonly term: Term;
  readonly to: Access;
}

/** Combines a term along the axes on which `to` does not move. */
export interface Fold {
  readonly term: Term;
  readonly to: Access;
  readonly combine: "add" | "max" | "min";
  /** What the result is divided by, before it is rounded: 1, or a mean's count. */
  readonly divisor: number;
  /** float64, as many as `to` has elements: where sums are kept between rows. */
  readonly running: Buffer | null;
}

export interface Sweep {
  /** No size is 1, and none 0; no axes at all is one point. */
  readonly sizes: readonly number[];
  readonly stores: readonly Store[];
  readonly folds: readonly Fold[];
}

/** All terms below these, each once, those that are needed first before the others. */
export function termsOf(roots: readonly Term[]): Term[] {
  const seen = new Set<Term>();
  const order: Term[] = [];
  const visit = (term: Term): void => {
    if (seen.has(term)) return;
    seen.add(term);
    for (const child of childrenOf(term)) visit(child);
    order.push(term);
  };
  roots.forEach(visit);
  return order;
}

export function childrenOf(term: Term): readonly Term[] {
  if (term.kind === "call" || term.kind === "select") return term.args;
  return term.kind === "convert" ? [term.of] : [];
}

/** All formulas of a sweep. */
export function rootsOf({ stores, folds }: Sweep): Term[] {
  return [...stores, ...folds].map(({ term }) => term);
}

/** All places that a sweep reads. */
export function loadsOf(sweep: Sweep): Access[] {
  return termsOf(rootsOf(sweep)).flatMap((term) => (term.kind === "load" ? [term.access] : []));
}

/** All places that a sweep reads or writes. */
export function accessesOf(sweep: Sweep): Access[] {
  return [...loadsOf(sweep), ...sweep.stores.map(({ to }) => to), ...sweep.folds.map(({ to }) => to)];
}
