/** A sweep as code. */
import type { DType } from "../../../../graph/dtype.ts";
import { DIV } from "../../scalar.ts";
import type { Body } from "../encoder/index.ts";
import { collapsed } from "./collapse.ts";
import { downColumns, ROWS } from "./columns.ts";
import { identityOf, runningAccess } from "./fold.ts";
import type { LaneCount } from "./lanes.ts";
import { Offsets } from "./offsets.ts";
import { alongRow, onePoint } from "./rows.ts";
import {
  type Access,
  accessesOf,
  type Buffer,
  childrenOf,
  type Fold,
  rootsOf,
  type Store,
  type Sweep,
  type Term,
  termsOf,
} from "./sweep.ts";
import type { Point } from "./terms.ts";
import { type Around, repeat } from "./walk.ts";

/** Sweeps that are walked together, a step of their first axis at a time; one alone is walked by itself. */
export type Nest = readonly Sweep[];

/**
 * Where folds keep what they have so far, between rows that are not neighbours, they get memory for it.
 *
 * @param isNested whether the sweep is walked together with others
 */
export function withRunning(sweep: Sweep, isNested: boolean, allocate: (size: number) => Buffer): Sweep {
  const walked = collapsed(sweep, isNested ? 1 : 0);
  const folds = sweep.folds.map((fold, k): Fold => {
    return isInOnePiece(walked, walked.folds[k]!)
      ? fold
      : { ...fold, running: allocate(fold.to.buffer.size) };
  });
  return { ...sweep, folds };
}

/** Whether all that goes into a result is walked without a break. */
function isInOnePiece({ sizes, folds }: Sweep, { to }: Fold): boolean {
  const inner = sizes.length - 1;
  if (isFoldedAlong(folds, inner)) return to.strides.every((stride, axis) => axis === inner || stride !== 0);
  const row = rowAxisOf(sizes, folds);
  return (
    row !== null && sizes[row]! <= ROWS && to.strides.every((stride, axis) => axis === row || stride !== 0)
  );
}

/** Whether rows are folded whole. Then all folds of a sweep do that: see {@link canShare}. */
function isFoldedAlong(folds: readonly Fold[], inner: number): boolean {
  return folds.length === 0 || folds[0]!.to.strides[inner] === 0;
}

/** Whether two folds over one domain can be walked together: both fold the last axis, or neither does. */
export function canShare(a: Access, b: Access): boolean {
  const last = a.strides.length - 1;
  return (a.strides[last] === 0) === (b.strides[last] === 0);
}

/** The axis before the last, where all folds fold it. */
function rowAxisOf(sizes: readonly number[], folds: readonly Fold[]): number | null {
  const row = sizes.length - 2;
  return row >= 0 && folds.every(({ to }) => to.strides[row] === 0) ? row : null;
}

/** Put the code of a nest down. */
export function emitNest(body: Body, nest: Nest): void {
  const isTogether = nest.length > 1;
  const walks = nest.map((sweep) => new Walk(body, widened(collapsed(sweep, isTogether ? 1 : 0))));
  for (const { sweep } of walks) beginRunning(body, sweep);
  if (isTogether) {
    repeat(body, nest[0]!.sizes[0]!, () => {
      for (const walk of walks) {
        walk.from(1);
        walk.offsets.advance(0, 1);
      }
    });
  } else {
    for (const walk of walks) walk.from(0);
  }
  for (const { sweep } of walks) endRunning(body, sweep);
}

class Walk implements Around {
  readonly body: Body;
  readonly sweep: Sweep;
  readonly lanes: LaneCount;
  readonly offsets: Offsets;
  readonly inner: number | null;
  readonly overwritten: readonly Term[];
  readonly #isAlong: boolean;

  constructor(body: Body, sweep: Sweep) {
    this.body = body;
    this.sweep = sweep;
    this.lanes = lanesOf(sweep);
    const written = new Set([...sweep.stores, ...sweep.folds].map(({ to }) => to.buffer.address));
    this.overwritten = termsOf(rootsOf(sweep)).filter(
      (term) => term.kind === "load" && written.has(term.access.buffer.address),
    );
    this.offsets = new Offsets(body);
    this.offsets.follow(accessesOf(sweep));
    this.offsets.follow(sweep.folds.filter(({ running }) => running !== null).map(runningAccess));
    this.inner = sweep.sizes.length === 0 ? null : sweep.sizes.length - 1;
    this.#isAlong = isFoldedAlong(sweep.folds, sweep.sizes.length - 1);
  }

  get here(): Point {
    const { body, lanes, offsets } = this;
    return { body, lanes, count: 1, place: (access) => offsets.place(access, null, []) };
  }

  at(vectors: number, count: number = this.lanes): Point {
    const { body, lanes, offsets, inner } = this;
    const steps = [[inner!, vectors * lanes]] as const;
    return { body, lanes, count, place: (access) => offsets.place(access, inner, steps) };
  }

  invariant(axis: number): readonly Term[] {
    const roots = rootsOf(this.sweep);
    const terms = termsOf(roots);
    const still = new Set<Term>();
    for (const term of terms) {
      const isStill =
        term.kind === "load" ? term.access.strides[axis] === 0 : childrenOf(term).every((t) => still.has(t));
      if (isStill) still.add(term);
    }
    const users = terms.filter((term) => !still.has(term));
    const needed = new Set([...users.flatMap(childrenOf), ...roots]);
    return terms.filter((term) => still.has(term) && needed.has(term) && term.kind !== "constant");
  }

  /** All from this axis on, the ones before it being where they are. */
  from(axis: number): void {
    const { sizes, folds } = this.sweep;
    const rowAxis = this.#isAlong ? null : rowAxisOf(sizes, folds);
    const last = sizes.length - 1;
    if (axis > last) {
      onePoint(this);
    } else if (axis === rowAxis) {
      downColumns(this, rowAxis);
    } else if (axis === last) {
      if (this.#isAlong) alongRow(this);
      else downColumns(this, null);
    } else {
      repeat(this.body, sizes[axis]!, () => {
        this.from(axis + 1);
        this.offsets.advance(axis, 1);
      });
      this.offsets.advance(axis, -sizes[axis]!);
    }
  }
}

/** Two at a time where a float64 is among what is computed, else four. */
function lanesOf(sweep: Sweep): LaneCount {
  const isWide = (dtype: DType): boolean => dtype === "float64";
  const terms = termsOf(rootsOf(sweep));
  return terms.some((term) => isWide(term.dtype) || (term.kind === "call" && isWide(term.among))) ? 2 : 4;
}

/** Where lanes are two, folds are of float64. */
function widened(sweep: Sweep): Sweep {
  if (lanesOf(sweep) === 4) return sweep;
  const folds = sweep.folds.map((fold): Fold => {
    if (fold.term.dtype === "float64") return fold;
    return { ...fold, term: { kind: "convert", of: fold.term, dtype: "float64" } };
  });
  return { ...sweep, folds };
}

/** One store after the other into a whole buffer. */
function overBuffer(body: Body, size: number, term: (at: Omit<Access, "buffer">) => Store): void {
  const isOne = size === 1;
  const store = term({ start: 0, strides: isOne ? [] : [1] });
  new Walk(body, { sizes: isOne ? [] : [size], stores: [store], folds: [] }).from(0);
}

function beginRunning(body: Body, sweep: Sweep): void {
  for (const fold of sweep.folds) {
    const buffer = fold.running;
    if (buffer === null) continue;
    overBuffer(body, buffer.size, (at) => ({
      term: { kind: "constant", value: identityOf(fold), dtype: "float64" },
      to: { buffer, ...at },
    }));
  }
}

function endRunning(body: Body, sweep: Sweep): void {
  for (const { running, divisor, to } of sweep.folds) {
    if (running === null) continue;
    overBuffer(body, running.size, (at) => {
      const total: Term = { kind: "load", access: { buffer: running, ...at }, dtype: "float64" };
      const count: Term = { kind: "constant", value: divisor, dtype: "float64" };
      const mean: Term = { kind: "call", fn: DIV, args: [total, count], dtype: "float64", among: "float64" };
      const result = divisor === 1 ? total : mean;
      const isRounded = to.buffer.dtype === "float32";
      const term: Term = isRounded ? { kind: "convert", of: result, dtype: "float32" } : result;
      return { term, to: { buffer: to.buffer, ...at } };
    });
  }
}
