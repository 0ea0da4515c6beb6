/** The code of one elementwise formula, for arrays of any size in the window. */
import type { DType } from "../../../../graph/dtype.ts";
import type { Scalar } from "../../../../graph/lowering.ts";
import { type Body, type Func, func, i32, type Local } from "../encoder/index.ts";
import { exactnessOf } from "../math/exact.ts";
import { asDType, subformulas, termOf } from "../sweep/formula.ts";
import { type LaneCount, type Place, stored, WIDTH } from "../sweep/lanes.ts";
import { type Access, type Buffer, childrenOf, type Term, termsOf } from "../sweep/sweep.ts";
import { type Point, Terms } from "../sweep/terms.ts";
import { isSameInFloat32 } from "./float32.ts";

/** An array that a kernel reads: the formula's inputs, and then its parameters, each an array of one. */
export interface Source {
  readonly dtype: DType;
  /** Whether it moves along a row; it stays where it is otherwise. */
  readonly isMoving: boolean;
}

export interface MapCode {
  /**
   * It is given the address of a table, that of y, rows and columns. The table has, for each source, its address and
   * how far it moves from row to row, in bytes. The rows of y lie side by side. Up to {@link OVERRUN} bytes behind y
   * are written, and behind each source read.
   */
  readonly func: Func;
  /** The names of the parameters, which follow the inputs as sources. */
  readonly parameters: readonly string[];
}

export const OVERRUN = 64;

/** null where there is no code, or none whose results are those of the loops in JavaScript to the bit. */
export function mapCode(formula: Scalar, inputs: readonly Source[], y: DType): MapCode | null {
  if (y === "int32" || !isExact(formula)) return null;
  const dtypes = inputs.map(({ dtype }) => dtype);
  const among = y !== "float64" && isSameInFloat32(formula, dtypes) ? "float32" : "float64";
  const names = parametersOf(formula);
  const sources = [...inputs, ...names.map((): Source => ({ dtype: "float64", isMoving: false }))];
  const accesses = sources.map(({ dtype, isMoving }): Access => {
    const buffer: Buffer = { dtype, size: 1, address: 0 };
    return { buffer, start: 0, strides: [isMoving ? 1 : 0] };
  });
  const loads = accesses.map((access): Term => ({ kind: "load", access, dtype: access.buffer.dtype }));
  const term = termOf(formula, among, {
    inputs: loads,
    parameter: (name) => loads[inputs.length + names.indexOf(name)]!,
    constant: (value) => ({ kind: "constant", value, dtype: among }),
  });
  // What is stored as truth has to be that: other numbers would be cut off.
  if (y === "bool" && term.dtype !== "bool") return null;
  const result = asDType(term, y);
  return { func: walk(result, y, accesses, among === "float32" ? 4 : 2), parameters: names };
}

function isExact(formula: Scalar): boolean {
  return subformulas(formula).every((e) => e.kind !== "call" || exactnessOf(e.fn) !== null);
}

function parametersOf(formula: Scalar): string[] {
  return [...new Set(subformulas(formula).flatMap((e) => (e.kind === "parameter" ? [e.name] : [])))];
}

/** Row after row. What is written behind a row's end, the next row overwrites. */
function walk(term: Term, y: DType, accesses: readonly Access[], lanes: LaneCount): Func {
  return func("map", ["i32", "i32", "i32", "i32"], (body, table, into, rows, columns) => {
    const starts = accesses.map((_, k) => body.keep(i32.load(table, 8 * k)));
    const steps = accesses.map((_, k) => body.keep(i32.load(table, 8 * k + 4)));
    const places = new Map(accesses.map((access, k) => [access, body.keep(starts[k]!)]));
    const left = body.local("i32");
    const at = body.local("i32");
    const point = (vectors: number): Point => ({
      body,
      lanes,
      count: lanes,
      place: (access): Place => {
        const stride = access.strides[0]!;
        const offset = vectors * lanes * stride * WIDTH[access.buffer.dtype];
        return { address: places.get(access)!, offset, stride };
      },
    });
    const still = stillTerms(term);
    body.loop((again) => {
      const outer = new Terms(point(0));
      for (const t of still) outer.value(t);
      body.set(left, columns);
      body.set(at, into);
      const unroll = unrolled(term);
      const several = (count: number): void => {
        for (let u = 0; u < count; u++) {
          const value = new Terms(point(u), outer).value(term);
          const offset = u * lanes * WIDTH[y];
          stored(body, y, value, { address: at, offset, stride: 1 }, lanes, lanes);
        }
        advance(body, at, count * lanes * WIDTH[y]);
        for (const [{ buffer, strides }, place] of places) {
          if (strides[0] === 1) advance(body, place, count * lanes * WIDTH[buffer.dtype]);
        }
        advance(body, left, -count * lanes);
      };
      if (unroll > 1) whileAtLeast(body, left, unroll * lanes, () => several(unroll));
      // The last vector may be of fewer elements than lanes, whatever the loop before took at a time.
      whileAtLeast(body, left, 1, () => several(1));
      accesses.forEach((access, k) => {
        body.set(starts[k]!, i32.add(starts[k]!, steps[k]!));
        body.set(places.get(access)!, starts[k]!);
      });
      body.set(into, i32.add(into, i32.mul(columns, i32.const(WIDTH[y]))));
      advance(body, rows, -1);
      body.branchIf(again, rows);
    });
  });
}

/** All that does not change along a row. */
function stillTerms(term: Term): Term[] {
  const still = new Set<Term>();
  for (const t of termsOf([term])) {
    const isStill = t.kind === "load" ? t.access.strides[0] === 0 : childrenOf(t).every((c) => still.has(c));
    if (isStill) still.add(t);
  }
  return [...still];
}

function unrolled(term: Term): 1 | 2 | 4 {
  const weight = termsOf([term]).length;
  return weight <= 6 ? 4 : weight <= 16 ? 2 : 1;
}

function advance(body: Body, variable: Local<"i32">, by: number): void {
  body.set(variable, i32.add(variable, i32.const(by)));
}

function whileAtLeast(body: Body, left: Local<"i32">, least: number, statements: () => void): void {
  body.block((leave) => {
    body.loop((again) => {
      body.branchIf(leave, i32.ltS(left, i32.const(least)));
      statements();
      body.branch(again);
    });
  });
}
