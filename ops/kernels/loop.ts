/**
 * Loops for elementwise formulas.
 *
 * A loop that calls a function handed to it is several times slower than the same loop with the function in it,
 * because V8 compiles one loop for all callers. So a loop is generated for each formula, each combination of dtypes
 * and each way in which inputs stretch; where generating code is forbidden (a page's content security policy), the
 * formula is interpreted instead, with the same results.
 */
import type { Data, Numbers } from "../../graph/dtype.ts";
import type { Scalar, ScalarFunction } from "../../graph/lowering.ts";
import { SELECT } from "./scalar.ts";

export type Params = Readonly<Record<string, number>>;

/** y[r, c] = formula of x_k[r * rowStride_k + c * (0 or 1)], for a block of rows that starts at the given offsets. */
export type Loop = (
  y: Data,
  start: number,
  rows: number,
  columns: number,
  params: Params,
  ...inputs: (Numbers | number)[]
) => void;

/** How an input moves along a row: not at all; on its own; or in step with y, whose place is then its own as well. */
export type Move = typeof STRETCHED | typeof MOVING | typeof IN_STEP;

export const STRETCHED = 0;
export const MOVING = 1;
export const IN_STEP = 2;

/**
 * A loop for one formula.
 *
 * @param int32 whether arithmetic is that of int32
 * @param down whether it goes down the columns instead of along the rows: see {@link isNarrow}
 */
export function loopOf(formula: Scalar, moves: readonly Move[], int32: boolean, down: boolean): Loop {
  return canGenerate() ? generated(formula, moves, int32, down) : interpreted(formula, moves, int32);
}

/** Rows narrower than this are walked down their columns: a row has to be long to be worth starting. */
const NARROW = 8;

export function isNarrow(rows: number, columns: number): boolean {
  return columns < NARROW && rows > columns;
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

/**
 * Elements a turn: going round costs V8 a check for interrupts, and finding out anew where the arrays are. Going down
 * columns there are few to a turn.
 */
const UNROLL = { along: 8, down: 4 } as const;

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

function generated(formula: Scalar, moves: readonly Move[], int32: boolean, isDown: boolean): Loop {
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
  // One index for all that are in step: every other costs an addition, checked for overflow.
  const along = (u: string): string =>
    element(`i${u}`, (k) =>
      moves[k] === IN_STEP ? `x${k}[i${u}]` : moves[k] === MOVING ? `x${k}[a${k} + j${u}]` : `v${k}`,
    );
  const down = (u: string): string =>
    element(`column + (i${u}) * columns`, (k) => `x${k}[a${k} + (i${u}) * s${k}]`);
  // Numbered, because V8 shares what it learns between functions of the same text: loops over different functions
  // would look alike, and none of them would get its function inlined.
  // One loop a function: with the other beside it, even if it is never entered, V8 makes either half as fast.
  const source = `"use strict"; // ${++generatedCount}
return function (y, start, rows, columns, p, ${inputs.join(", ")}) {
  ${isDown ? downColumns(moves, down) : alongRows(moves, along)}
}`;
  return new Function(...functions.map((_, k) => `f${k}`), source)(...functions) as Loop;
}

function alongRows(moves: readonly Move[], element: (u: string) => string): string {
  return `for (let r = 0; r < rows; r++) {
    const row = start + r * columns;
    ${moves.map((m, k) => `const a${k} = o${k} + r * s${k};${m === STRETCHED ? ` const v${k} = x${k}[a${k}];` : ""}`).join(" ")}
    let j = 0;
    for (const last = columns - ${UNROLL.along - 1}; j < last; j += ${UNROLL.along}) {
      const i = row + j;
      ${several(UNROLL.along, element)}
    }
    for (; j < columns; j++) { const i = row + j; ${element("")} }
  }`;
}

function downColumns(moves: readonly Move[], element: (u: string) => string): string {
  return `for (let j = 0; j < columns; j++) {
    const column = start + j;
    ${moves.map((m, k) => `const a${k} = o${k}${m === STRETCHED ? "" : " + j"};`).join(" ")}
    let i = 0;
    for (const last = rows - ${UNROLL.down - 1}; i < last; i += ${UNROLL.down}) {
      ${several(UNROLL.down, element)}
    }
    for (; i < rows; i++) ${element("")}
  }`;
}

function several(count: number, element: (u: string) => string): string {
  return Array.from({ length: count }, (_, u) => element(` + ${u}`)).join("\n");
}

function interpreted(formula: Scalar, moves: readonly Move[], int32: boolean): Loop {
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
          v[k] =
            x[(a[3 * k + 1] as number) + i * (a[3 * k + 2] as number) + (moves[k] === STRETCHED ? 0 : j)]!;
        }
        y[start + i * columns + j] = evaluate(v, params);
      }
    }
  };
}
