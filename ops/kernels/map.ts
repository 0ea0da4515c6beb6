/**
 * Loops for elementwise formulas, broadcasting included.
 *
 * A loop that calls a function handed to it is several times slower than the same loop with the function in it,
 * because V8 compiles one loop for all callers. So a loop is generated for each formula, each combination of dtypes
 * and each way in which inputs stretch; where generating code is forbidden (a page's content security policy), the
 * formula is interpreted instead, with the same results.
 */
import { type Data, DTYPES, type Numbers } from "../../graph/dtype.ts";
import type { Scalar, ScalarFunction } from "../../graph/lowering.ts";
import { type Shape, sameShape, stridesOf } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";

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
    const rank = y.shape.length;
    const n = x.length;
    let isFlat = true;
    for (let k = 0; k < n && isFlat; k++) isFlat = x[k]!.data.length === 1 || sameShape(x[k]!.shape, y.shape);

    if (isFlat || rank <= 2) {
      const columns = isFlat ? y.data.length : rank === 0 ? 1 : y.shape[rank - 1]!;
      const rows = isFlat || rank < 2 ? 1 : y.shape[0]!;
      let key = DTYPES.indexOf(y.dtype);
      const args = new Array<Numbers | number>(3 * n);
      const moves = new Array<boolean>(n);
      for (let k = 0; k < n; k++) {
        const { shape, data, dtype } = x[k]!;
        const width = isFlat ? data.length : (shape[shape.length - 1] ?? 1);
        moves[k] = width === columns;
        key = key * 8 + DTYPES.indexOf(dtype) * 2 + (moves[k] ? 1 : 0);
        args[3 * k] = data;
        args[3 * k + 1] = 0;
        args[3 * k + 2] = !isFlat && shape.length === 2 && shape[0] === rows ? width : 0;
      }
      run(loopFor(key, x, y, moves), y.data, 0, rows, columns, p, args);
      return;
    }
    const layout = collapse(
      y.shape,
      x.map(({ shape }) => shape),
    );
    const moves = layout.strides.map((s) => s[s.length - 1] === 1);
    let key = DTYPES.indexOf(y.dtype);
    for (let k = 0; k < n; k++) key = key * 8 + DTYPES.indexOf(x[k]!.dtype) * 2 + (moves[k] ? 1 : 0);
    overBlocks(loopFor(key, x, y, moves), x, y, p, layout);
  };
}

function run(
  loop: Loop,
  y: Data,
  start: number,
  rows: number,
  columns: number,
  params: Params,
  a: (Numbers | number)[],
): void {
  // Spelled out: a spread call costs as much as a small op.
  if (a.length === 3) loop(y, start, rows, columns, params, a[0]!, a[1]!, a[2]!);
  else if (a.length === 6) loop(y, start, rows, columns, params, a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!);
  else loop(y, start, rows, columns, params, ...a);
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

function overBlocks(
  loop: Loop,
  x: readonly NdArray[],
  y: Output,
  params: Params,
  { sizes, strides }: Layout,
): void {
  const rank = sizes.length;
  const columns = sizes[rank - 1] ?? 1;
  const rows = sizes[rank - 2] ?? 1;
  const outer = sizes.slice(0, Math.max(rank - 2, 0));
  const at = outer.map(() => 0);
  const args = x.flatMap(({ data }, k): (Numbers | number)[] => [data, 0, strides[k]![rank - 2] ?? 0]);
  for (let start = 0; start < y.data.length; start += rows * columns) {
    run(loop, y.data, start, rows, columns, params, args);
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

let generatedCount = 0;

function generated(formula: Scalar, moves: readonly boolean[], int32: boolean): Loop {
  const functions: ((...x: number[]) => number)[] = [];
  const words = new Map<Scalar, string>();
  const body: string[] = [];
  const word = (e: Scalar): string => {
    const known = words.get(e);
    if (known !== undefined) return known;
    const text = spell(e);
    words.set(e, text);
    return text;
  };
  const spell = (e: Scalar): string => {
    if (e.kind === "constant") return Object.is(e.value, -0) ? "-0" : String(e.value);
    if (e.kind === "parameter") return `p.${e.name}`;
    if (e.kind === "input") return moves[e.index] ? `x${e.index}[a${e.index} + j]` : `v${e.index}`;
    const args = e.args.map(word).join(", ");
    const f = functions.push(implementation(e.fn, int32)) - 1;
    body.push(`const t${f} = f${f}(${args});`);
    return `t${f}`;
  };
  const result = word(formula);
  const inputs = moves.map((_, k) => `x${k}, o${k}, s${k}`);
  const rowStart = moves.map(
    (m, k) => `const a${k} = o${k} + i * s${k};${m ? "" : ` const v${k} = x${k}[a${k}];`}`,
  );
  // Numbered, because V8 shares what it learns between functions of the same text: loops over different functions
  // would look alike, and none of them would get its function inlined.
  const source = `"use strict"; // ${++generatedCount}
return function (y, start, rows, columns, p, ${inputs.join(", ")}) {
  for (let i = 0; i < rows; i++) {
    const row = start + i * columns;
    ${rowStart.join("\n    ")}
    for (let j = 0; j < columns; j++) {
      ${body.join("\n      ")}
      y[row + j] = ${result};
    }
  }
}`;
  return new Function(...functions.map((_, k) => `f${k}`), source)(...functions) as Loop;
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
