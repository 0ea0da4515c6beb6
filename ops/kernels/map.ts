/**
 * Loops for elementwise formulas, broadcasting included.
 *
 * A loop that calls a function handed to it is several times slower than the same loop with the function in it,
 * because V8 compiles one loop for all callers. So a loop is generated for each formula, each combination of dtypes
 * and each way in which inputs stretch; where generating code is forbidden (a page's content security policy), the
 * formula is interpreted instead, with the same results.
 */
import { codeOf, type Data, type Numbers } from "../../graph/dtype.ts";
import type { Scalar, ScalarFunction } from "../../graph/lowering.ts";
import { type Shape, sameShape, stridesOf } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";
import { SELECT } from "./scalar.ts";

type Params = Readonly<Record<string, number>>;

/** y[r, c] = formula of x_k[r * rowStride_k + c * (0 or 1)], for a block of rows that starts at the given offsets. */
type Loop = (
  y: Data,
  start: number,
  rows: number,
  columns: number,
  params: Params,
  ...inputs: (Numbers | number)[]
) => void;

export type MapKernel = (x: readonly NdArray[], params: unknown, y: Output) => void;

/** The kernel of a formula. Its loops are made when first needed. */
export function mapKernel(formula: Scalar): MapKernel {
  const loops = new Map<number, Loop>();
  const loopFor = (key: number, x: readonly NdArray[], y: Output, moves: readonly boolean[]): Loop => {
    let loop = loops.get(key);
    if (loop === undefined) {
      const int32 = y.dtype === "int32" && x.every(({ dtype }) => dtype === "int32" || dtype === "bool");
      loop = canGenerate() ? generated(formula, moves, int32) : interpreted(formula, moves, int32);
      loops.set(key, loop);
    }
    return loop;
  };

  return (x, params, y) => {
    const p = params as Params;
    const { shape, data } = y;
    const rank = shape.length;
    let isFlat = true;
    for (let k = 0; k < x.length && isFlat; k++)
      isFlat = x[k]!.data.length === 1 || sameShape(x[k]!.shape, shape);
    if (!isFlat && rank > 2) {
      overBlocks(x, y, p, loopFor);
      return;
    }
    // Up to two axes need no preparation, and for one or two inputs no arrays: this is what small ops cost.
    const columns = isFlat ? data.length : shape[rank - 1]!;
    const rows = isFlat || rank < 2 ? 1 : shape[0]!;
    const n = x.length;
    const m0 = n > 0 && isMoving(x[0]!, columns, isFlat);
    const m1 = n > 1 && isMoving(x[1]!, columns, isFlat);
    if (n === 1) {
      const key = keyOf(codeOf(y.dtype), x[0]!, m0);
      const loop = loops.get(key) ?? loopFor(key, x, y, [m0]);
      loop(data, 0, rows, columns, p, x[0]!.data, 0, rowStride(x[0]!, rows));
    } else if (n === 2) {
      const key = keyOf(keyOf(codeOf(y.dtype), x[0]!, m0), x[1]!, m1);
      const loop = loops.get(key) ?? loopFor(key, x, y, [m0, m1]);
      const s0 = rowStride(x[0]!, rows);
      loop(data, 0, rows, columns, p, x[0]!.data, 0, s0, x[1]!.data, 0, rowStride(x[1]!, rows));
    } else {
      const moves = x.map((t) => isMoving(t, columns, isFlat));
      const key = x.reduce((k, t, i) => keyOf(k, t, moves[i]!), codeOf(y.dtype));
      const args = x.flatMap((t): (Numbers | number)[] => [t.data, 0, rowStride(t, rows)]);
      (loops.get(key) ?? loopFor(key, x, y, moves))(data, 0, rows, columns, p, ...args);
    }
  };
}

function keyOf(key: number, { dtype }: NdArray, moves: boolean): number {
  return key * 8 + codeOf(dtype) * 2 + (moves ? 1 : 0);
}

/** Whether an input of one or two axes moves along a row of the output, or is stretched along it. */
function isMoving({ shape, data }: NdArray, columns: number, isFlat: boolean): boolean {
  return (isFlat ? data.length : (shape[shape.length - 1] ?? 1)) === columns;
}

/** How far such an input moves from row to row. */
function rowStride({ shape }: NdArray, rows: number): number {
  return rows > 1 && shape.length === 2 && shape[0] === rows ? shape[1]! : 0;
}

interface Layout {
  readonly sizes: readonly number[];
  /** For each input, how far it moves along each of the sizes; 0 where it is stretched. */
  readonly strides: readonly (readonly number[])[];
}

/** Neighbouring axes that every input walks through alike are one axis; axes of size one are none. */
function collapse(shape: Shape, inputs: readonly Shape[]): Layout {
  const own = inputs.map((s) => {
    const lead = shape.length - s.length;
    const strides = stridesOf(s);
    return shape.map((_, k) => (k < lead || s[k - lead] === 1 ? 0 : strides[k - lead]!));
  });
  const sizes: number[] = [];
  const strides: number[][] = inputs.map(() => []);
  for (let k = 0; k < shape.length; k++) {
    const d = shape[k]!;
    if (d === 1) continue;
    const last = sizes.length - 1;
    if (last >= 0 && own.every((s, i) => strides[i]![last] === s[k]! * d)) {
      sizes[last] = sizes[last]! * d;
      own.forEach((s, i) => {
        strides[i]![last] = s[k]!;
      });
    } else {
      sizes.push(d);
      own.forEach((s, i) => {
        strides[i]!.push(s[k]!);
      });
    }
  }
  return { sizes, strides };
}

type LoopFor = (key: number, x: readonly NdArray[], y: Output, moves: readonly boolean[]) => Loop;

/** Any number of axes: the last two by the loop, those before them counted through. */
function overBlocks(x: readonly NdArray[], y: Output, params: Params, loopFor: LoopFor): void {
  const { sizes, strides } = collapse(
    y.shape,
    x.map(({ shape }) => shape),
  );
  const rank = sizes.length;
  const moves = strides.map((s) => s[rank - 1] === 1);
  const loop = loopFor(
    x.reduce((k, t, i) => keyOf(k, t, moves[i]!), codeOf(y.dtype)),
    x,
    y,
    moves,
  );
  const columns = sizes[rank - 1] ?? 1;
  const rows = sizes[rank - 2] ?? 1;
  const outer = sizes.slice(0, Math.max(rank - 2, 0));
  const at = outer.map(() => 0);
  const args = x.flatMap(({ data }, k): (Numbers | number)[] => [data, 0, strides[k]![rank - 2] ?? 0]);
  for (let start = 0; start < y.data.length; start += rows * columns) {
    loop(y.data, start, rows, columns, params, ...args);
    for (let k = outer.length - 1; k >= 0; k--) {
      at[k] = at[k]! + 1;
      const wraps = at[k] === outer[k];
      for (let i = 0; i < x.length; i++) {
        const stride = strides[i]![k]!;
        args[3 * i + 1] = (args[3 * i + 1] as number) + (wraps ? stride * (1 - outer[k]!) : stride);
      }
      if (!wraps) break;
      at[k] = 0;
    }
  }
}

let generates: boolean | null = null;

function canGenerate(): boolean {
  if (generates === null) {
    try {
      new Function("return 0");
      generates = true;
    } catch {
      generates = false;
    }
  }
  return generates;
}

/** For tests: pretend that the page forbids generated code (false), or find out again (null). */
export function setCanGenerate(value: false | null): void {
  generates = value;
}

function implementation(fn: ScalarFunction, int32: boolean): (...x: number[]) => number {
  return int32 ? (fn.int32 ?? fn.f) : fn.f;
}

/** Elements a turn: going round costs V8 (a check for interrupts) as much as a multiplication. */
const UNROLL = 4;

let generatedCount = 0;

/** How often each subexpression is asked for: what is shared is computed once, what is not stays where it is. */
function countUses(formula: Scalar): Map<Scalar, number> {
  const uses = new Map<Scalar, number>();
  const visit = (e: Scalar): void => {
    uses.set(e, (uses.get(e) ?? 0) + 1);
    if (e.kind === "call" && uses.get(e) === 1) e.args.forEach(visit);
  };
  visit(formula);
  return uses;
}

/** Rows narrower than this are walked down their columns: a row has to be long to be worth starting. */
const NARROW = 8;

function generated(formula: Scalar, moves: readonly boolean[], int32: boolean): Loop {
  const functions: ((...x: number[]) => number)[] = [];
  const shared = new Map<Scalar, string>();
  const body: string[] = [];
  const uses = countUses(formula);
  const word = (e: Scalar): string => {
    const known = shared.get(e);
    if (known !== undefined) return known;
    const text = spell(e);
    if (e.kind !== "call" || uses.get(e) === 1) return text;
    const name = `t${body.length}`;
    body.push(`const ${name} = ${text};`);
    shared.set(e, name);
    return name;
  };
  const spell = (e: Scalar): string => {
    if (e.kind === "constant") return Object.is(e.value, -0) ? "-0" : String(e.value);
    if (e.kind === "parameter") return `p.${e.name}`;
    if (e.kind === "input") return `@${e.index}`;
    const args = e.args.map(word);
    if (e.fn === SELECT) return `(${args[0]} !== 0 ? ${args[1]} : ${args[2]})`;
    return `f${functions.push(implementation(e.fn, int32)) - 1}(${args.join(", ")})`;
  };
  const result = word(formula);
  const inputs = moves.map((_, k) => `x${k}, o${k}, s${k}`);
  /** The body for one element, given how to write where y and each input are read. */
  const element = (y: string, x: (k: number) => string): string =>
    `{ ${body.join(" ")} y[${y}] = ${result}; }`.replaceAll(/@(\d+)/g, (_, k: string) => x(Number(k)));
  const along = (u: string): string =>
    element(`row + j${u}`, (k) => (moves[k] ? `x${k}[a${k} + j${u}]` : `v${k}`));
  const down = (u: string): string =>
    element(`column + (i${u}) * columns`, (k) => `x${k}[a${k} + (i${u}) * s${k}]`);
  // Numbered, because V8 shares what it learns between functions of the same text: loops over different functions
  // would look alike, and none of them would get its function inlined.
  const source = `"use strict"; // ${++generatedCount}
return function (y, start, rows, columns, p, ${inputs.join(", ")}) {
  if (columns < ${NARROW} && rows > columns) {
    for (let j = 0; j < columns; j++) {
      const column = start + j;
      ${moves.map((m, k) => `const a${k} = o${k}${m ? " + j" : ""};`).join(" ")}
      ${unrolled("i", "rows", down)}
    }
    return;
  }
  for (let i = 0; i < rows; i++) {
    const row = start + i * columns;
    ${moves.map((m, k) => `const a${k} = o${k} + i * s${k};${m ? "" : ` const v${k} = x${k}[a${k}];`}`).join(" ")}
    ${unrolled("j", "columns", along)}
  }
}`;
  return new Function(...functions.map((_, k) => `f${k}`), source)(...functions) as Loop;
}

/** A loop over `i` to below `end`, several elements a turn. */
function unrolled(i: string, end: string, element: (u: string) => string): string {
  const several = Array.from({ length: UNROLL }, (_, u) => element(` + ${u}`)).join("\n");
  return `let ${i} = 0;
    for (const last = ${end} - ${UNROLL - 1}; ${i} < last; ${i} += ${UNROLL}) {
      ${several}
    }
    for (; ${i} < ${end}; ${i}++) ${element("")}`;
}

function interpreted(formula: Scalar, moves: readonly boolean[], int32: boolean): Loop {
  type Evaluate = (v: readonly number[], p: Params) => number;
  const compile = (e: Scalar): Evaluate => {
    if (e.kind === "constant") return () => e.value;
    if (e.kind === "parameter") return (_, p) => p[e.name]!;
    if (e.kind === "input") return (v) => v[e.index]!;
    const f = implementation(e.fn, int32);
    const args = e.args.map(compile);
    return (v, p) => f(...args.map((a) => a(v, p)));
  };
  const evaluate = compile(formula);
  return (y, start, rows, columns, params, ...a) => {
    const v = moves.map(() => 0);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        for (let k = 0; k < v.length; k++) {
          const x = a[3 * k] as Numbers;
          v[k] = x[(a[3 * k + 1] as number) + i * (a[3 * k + 2] as number) + (moves[k] ? j : 0)]!;
        }
        y[start + i * columns + j] = evaluate(v, params);
      }
    }
  };
}
