/**
 * The innermost loops: tiles of y, one below the other, each by one panel of b. A tile's sums stay in registers while
 * the inner axis is gone through; a is read where it lies.
 *
 * The inner loop is written once and not unrolled: V8 does that, if it is short enough, and spills registers in loops
 * that were unrolled by hand (a half of the speed).
 */
import {
  type Body,
  type Func,
  f32x4,
  f64x2,
  func,
  i32,
  type Label,
  type Local,
  type Value,
} from "../encoder/index.ts";
import {
  FLOAT32,
  FLOAT32_TERMS,
  FLOAT64,
  type FloatVector,
  type Format,
  PANEL_BYTES,
  TILE_ROWS,
  TILE_VECTORS,
} from "./format.ts";

/** How a lies: rows of a, or rows of aᵀ. Its stride, in bytes, is that of the rows. */
export type Lie = "rows" | "columns";

const PARAMETERS = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;

/** The places that go along as the inner axis is gone through, and what is summed. */
interface Sums<T extends FloatVector> {
  readonly format: Format<T>;
  /** A tile's sums, row by row. */
  readonly sums: readonly (readonly Local<T>[])[];
  /** Where the next number of each row of a lies, or where all of them lie, side by side. */
  readonly readA: readonly Local<"i32">[];
  readonly readB: Local<"i32">;
}

/**
 * `tiles(a, strideA, b, endB, y, strideY, count, scratch)`: `count` tiles, whose sums are formed in the order of the
 * inner axis from its beginning to its end. Strides and places are in bytes; `endB` is where the panel ends. What a
 * row of a tile writes beyond the columns that there are, overwrites what comes behind it.
 */
export function tiles<T extends FloatVector>(name: string, format: Format<T>, lie: Lie): Func {
  return func(name, PARAMETERS, (body, a, strideA, b, endB, y, strideY, count) => {
    const state = started(body, format, lie);
    body.loop((nextTile) => {
      rewind(body, state, a, strideA, b);
      addUp(body, state, lie, strideA, endB);
      const rows = rowsBelow(body, y, strideY);
      fromLast((row, v) => {
        body.store(rows[row]!, state.sums[row]![v]!, 16 * v);
      });
      next(body, nextTile, format, lie, { a, strideA, y, strideY, count });
    });
  });
}

/** As {@link tiles}, for float32 sums of more than {@link FLOAT32_TERMS}: `scratch` holds a tile of float64. */
export function longTiles(name: string, lie: Lie): Func {
  return func(name, PARAMETERS, (body, a, strideA, b, endB, y, strideY, count, scratch) => {
    const state = started(body, FLOAT32, lie);
    const end = body.local("i32");
    body.loop((nextTile) => {
      rewind(body, state, a, strideA, b);
      fromLast((row, v) => {
        body.store(scratch, FLOAT64.zero, lowHalf(row, v));
        body.store(scratch, FLOAT64.zero, lowHalf(row, v) + 16);
      });
      body.loop((nextRun) => {
        body.set(end, i32.add(state.readB, i32.const(FLOAT32_TERMS * PANEL_BYTES)));
        body.if(i32.gtU(end, endB), () => {
          body.set(end, endB);
        });
        addUp(body, state, lie, strideA, end);
        fromLast((row, v) => {
          const at = lowHalf(row, v);
          const sum = state.sums[row]![v]!;
          const high = f32x4.shuffle(sum, sum, [2, 3, 2, 3]);
          body.store(scratch, f64x2.add(f64x2.load(scratch, at), f64x2.fromF32x4(sum)), at);
          body.store(scratch, f64x2.add(f64x2.load(scratch, at + 16), f64x2.fromF32x4(high)), at + 16);
        });
        body.branchIf(nextRun, i32.ne(state.readB, endB));
      });
      const rows = rowsBelow(body, y, strideY);
      fromLast((row, v) => {
        const low = f32x4.fromF64x2(f64x2.load(scratch, lowHalf(row, v)));
        const high = f32x4.fromF64x2(f64x2.load(scratch, lowHalf(row, v) + 16));
        body.store(rows[row]!, f32x4.shuffle(low, high, [0, 1, 4, 5]), 16 * v);
      });
      next(body, nextTile, FLOAT32, lie, { a, strideA, y, strideY, count });
    });
  });
}

/**
 * For every vector of a tile, from the last to the first. V8 schedules the inner loop by the order in which its
 * results are used after it: the other way round, it keeps some of them on the stack and is a quarter slower.
 */
function fromLast(act: (row: number, v: number) => void): void {
  for (let row = TILE_ROWS - 1; row >= 0; row--) {
    for (let v = TILE_VECTORS - 1; v >= 0; v--) act(row, v);
  }
}

/** Where the scratch holds the low half of a vector of sums, twice as wide; the high half lies behind it. */
function lowHalf(row: number, v: number): number {
  return 32 * (row * TILE_VECTORS + v);
}

function rowsBelow(body: Body, first: Local<"i32">, stride: Value<"i32">): Local<"i32">[] {
  const rows = [first];
  for (let r = 1; r < TILE_ROWS; r++) rows.push(body.keep(i32.add(rows[r - 1]!, stride)));
  return rows;
}

function started<T extends FloatVector>(body: Body, format: Format<T>, lie: Lie): Sums<T> {
  const sums = Array.from({ length: TILE_ROWS }, () =>
    Array.from({ length: TILE_VECTORS }, () => body.local(format.vector)),
  );
  const places = lie === "rows" ? TILE_ROWS : 1;
  const readA = Array.from({ length: places }, () => body.local("i32"));
  return { format, sums, readA, readB: body.local("i32") };
}

/** To the beginning of the inner axis. */
function rewind<T extends FloatVector>(
  body: Body,
  { readA, readB }: Sums<T>,
  a: Value<"i32">,
  strideA: Value<"i32">,
  b: Value<"i32">,
): void {
  readA.forEach((place, row) => {
    body.set(place, row === 0 ? a : i32.add(readA[row - 1]!, strideA));
  });
  body.set(readB, b);
}

/** Sums from zero, from where the places are until `end` of b. */
function addUp<T extends FloatVector>(
  body: Body,
  { format, sums, readA, readB }: Sums<T>,
  lie: Lie,
  strideA: Value<"i32">,
  end: Value<"i32">,
): void {
  for (const row of sums) for (const sum of row) body.set(sum, format.zero);
  const columns = Array.from({ length: TILE_VECTORS }, () => body.local(format.vector));
  const factor = body.local(format.vector);
  body.loop((next) => {
    columns.forEach((column, v) => {
      body.set(column, format.load(readB, 16 * v));
    });
    sums.forEach((row, r) => {
      body.set(
        factor,
        lie === "rows" ? format.loadSplat(readA[r]!) : format.loadSplat(readA[0]!, r * format.size),
      );
      row.forEach((sum, v) => {
        body.set(sum, format.add(sum, format.mul(factor, columns[v]!)));
      });
    });
    const step = lie === "rows" ? i32.const(format.size) : strideA;
    for (const place of readA) body.set(place, i32.add(place, step));
    body.set(readB, i32.add(readB, i32.const(PANEL_BYTES)));
    body.branchIf(next, i32.ne(readB, end));
  });
}

/** To the tile below, while there is one. */
function next<T extends FloatVector>(
  body: Body,
  again: Label,
  { size }: Format<T>,
  lie: Lie,
  {
    a,
    strideA,
    y,
    strideY,
    count,
  }: Readonly<Record<"a" | "strideA" | "y" | "strideY" | "count", Local<"i32">>>,
): void {
  const rows = i32.const(TILE_ROWS);
  body.set(a, i32.add(a, lie === "rows" ? i32.mul(strideA, rows) : i32.const(TILE_ROWS * size)));
  body.set(y, i32.add(y, i32.mul(strideY, rows)));
  body.set(count, i32.sub(count, i32.const(1)));
  body.branchIf(again, count);
}
