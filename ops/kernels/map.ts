/** Kernels of elementwise formulas: inputs of several shapes are laid out as blocks of rows for a loop. */
import { codeOf, type Numbers } from "../../graph/dtype.ts";
import type { Scalar } from "../../graph/lowering.ts";
import { type Shape, sameShape, stridesOf } from "../../graph/shape.ts";
import type { NdArray, Output } from "../../graph/tensor.ts";
import { IN_STEP, isNarrow, type Loop, loopOf, MOVING, type Move, type Params, STRETCHED } from "./loop.ts";
import type { Source } from "./wasm/map/kernel.ts";
import type { Rows } from "./wasm/map/loop.ts";
import { VectorLoops } from "./wasm/map/loops.ts";
import { isEnough } from "./wasm/worth.ts";

export type MapKernel = (x: readonly NdArray[], params: unknown, y: Output) => void;

/**
 * The kernel of a formula. Its loops are made when first needed: in JavaScript and, for large arrays, by vectors, which
 * changes no bit of any result.
 */
export function mapKernel(formula: Scalar): MapKernel {
  // Of one or two inputs there are few kinds, and an array is quicker to look into.
  let few: (Loop | undefined)[] = NONE;
  const many = new Map<number, Loop>();
  const loopFor: LoopFor = (key, x, y, moves) => {
    const known = x.length <= 2 ? few[key] : many.get(key);
    if (known !== undefined) return known;
    const int32 = y.dtype === "int32" && x.every(({ dtype }) => dtype === "int32" || dtype === "bool");
    const loop = loopOf(formula, moves, int32, key % 2 === 1);
    if (few === NONE) few = new Array<Loop | undefined>(FEW).fill(undefined);
    if (x.length <= 2) few[key] = loop;
    else many.set(key, loop);
    return loop;
  };
  const vectors = new VectorLoops(formula);

  return (x, params, y) => {
    const p = params as Params;
    const { shape, data } = y;
    const rank = shape.length;
    let isFlat = true;
    for (let k = 0; k < x.length && isFlat; k++)
      isFlat = x[k]!.data.length === 1 || sameShape(x[k]!.shape, shape);
    if (!isFlat && rank > 2) {
      overBlocks(x, y, p, loopFor, vectors);
      return;
    }
    // Up to two axes need no preparation, and for one or two inputs no arrays: this is what small ops cost.
    const columns = isFlat ? data.length : shape[rank - 1]!;
    const rows = isFlat || rank < 2 ? 1 : shape[0]!;
    if (isEnough(data.length) && isByVectors(vectors, x, y, rows, columns, isFlat, p)) return;
    const down = isNarrow(rows, columns) ? 1 : 0;
    const n = x.length;
    const m0 = n > 0 ? moveOf(x[0]!, rows, columns, isFlat) : STRETCHED;
    const m1 = n > 1 ? moveOf(x[1]!, rows, columns, isFlat) : STRETCHED;
    if (n === 1) {
      const key = keyOf(codeOf(y.dtype), x[0]!, m0) * 2 + down;
      const loop = few[key] ?? loopFor(key, x, y, [m0]);
      loop(data, 0, rows, columns, p, x[0]!.data, 0, rowStride(x[0]!, rows));
    } else if (n === 2) {
      const key = keyOf(keyOf(codeOf(y.dtype), x[0]!, m0), x[1]!, m1) * 2 + down;
      const loop = few[key] ?? loopFor(key, x, y, [m0, m1]);
      const s0 = rowStride(x[0]!, rows);
      loop(data, 0, rows, columns, p, x[0]!.data, 0, s0, x[1]!.data, 0, rowStride(x[1]!, rows));
    } else {
      const moves = x.map((t) => moveOf(t, rows, columns, isFlat));
      const key = x.reduce((k, t, i) => keyOf(k, t, moves[i]!), codeOf(y.dtype)) * 2 + down;
      const args = x.flatMap((t): (Numbers | number)[] => [t.data, 0, rowStride(t, rows)]);
      (many.get(key) ?? loopFor(key, x, y, moves))(data, 0, rows, columns, p, ...args);
    }
  };
}

function isByVectors(
  vectors: VectorLoops,
  x: readonly NdArray[],
  y: Output,
  rows: number,
  columns: number,
  isFlat: boolean,
  params: Params,
): boolean {
  let key = codeOf(y.dtype);
  const sources: Source[] = [];
  const inputs: Rows[] = [];
  for (const t of x) {
    const isMoving = moveOf(t, rows, columns, isFlat) !== STRETCHED;
    key = keyOf(key, t, isMoving ? MOVING : STRETCHED);
    sources.push({ dtype: t.dtype, isMoving });
    inputs.push({ data: t.data, start: 0, stride: rowStride(t, rows) });
  }
  return vectors.run(key, sources, y.dtype, y.data, 0, rows, columns, params, inputs);
}

/** One more than the largest key of two inputs: four dtypes of the result, 16 kinds of each input, two ways to go. */
const FEW = 4 * 16 * 16 * 2;

function keyOf(key: number, { dtype }: NdArray, move: Move): number {
  return key * 16 + codeOf(dtype) * 4 + move;
}

const NONE: (Loop | undefined)[] = [];

/** How an input of one or two axes moves along a row of the output. */
function moveOf({ shape, data }: NdArray, rows: number, columns: number, isFlat: boolean): Move {
  if (isFlat) return data.length === columns ? IN_STEP : STRETCHED;
  if ((shape[shape.length - 1] ?? 1) !== columns) return STRETCHED;
  return rows === 1 || (shape.length === 2 && shape[0] === rows) ? IN_STEP : MOVING;
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

type LoopFor = (key: number, x: readonly NdArray[], y: Output, moves: readonly Move[]) => Loop;

/** Any number of axes: the last two by the loop, those before them counted through. */
function overBlocks(
  x: readonly NdArray[],
  y: Output,
  params: Params,
  loopFor: LoopFor,
  vectors: VectorLoops,
): void {
  const { sizes, strides } = collapse(
    y.shape,
    x.map(({ shape }) => shape),
  );
  const rank = sizes.length;
  const moves = strides.map((s) => (s[rank - 1] === 1 ? MOVING : STRETCHED));
  const columns = sizes[rank - 1] ?? 1;
  const rows = sizes[rank - 2] ?? 1;
  const down = isNarrow(rows, columns) ? 1 : 0;
  const kind = x.reduce((k, t, i) => keyOf(k, t, moves[i]!), codeOf(y.dtype));
  const loop = loopFor(kind * 2 + down, x, y, moves);
  const isLarge = isEnough(rows * columns);
  const sources = isLarge ? x.map(({ dtype }, k): Source => ({ dtype, isMoving: moves[k] === MOVING })) : [];
  const outer = sizes.slice(0, Math.max(rank - 2, 0));
  const at = outer.map(() => 0);
  const args = x.flatMap(({ data }, k): (Numbers | number)[] => [data, 0, strides[k]![rank - 2] ?? 0]);
  for (let start = 0; start < y.data.length; start += rows * columns) {
    if (
      !isLarge ||
      !vectors.run(kind, sources, y.dtype, y.data, start, rows, columns, params, rowsAt(args))
    ) {
      loop(y.data, start, rows, columns, params, ...args);
    }
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

/** Three arguments of a loop in JavaScript for each input. */
function rowsAt(args: readonly (Numbers | number)[]): Rows[] {
  const rows: Rows[] = [];
  for (let k = 0; k < args.length; k += 3) {
    rows.push({ data: args[k] as Numbers, start: args[k + 1] as number, stride: args[k + 2] as number });
  }
  return rows;
}
