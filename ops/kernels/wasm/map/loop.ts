/** Elementwise loops by vectors: blocks of rows are copied into the window, and their results out of it. */
import type { Data, DType, Numbers } from "../../../../graph/dtype.ts";
import type { Scalar } from "../../../../graph/lowering.ts";
import type { Params } from "../../loop.ts";
import { instantiated, type Memory } from "../engine.ts";
import { WIDTH } from "../sweep/lanes.ts";
import { type Window, windowOf } from "../window.ts";
import { type MapCode, mapCode, OVERRUN, type Source } from "./kernel.ts";

/** Elements that are computed at a time: with their inputs they stay in a second-level cache. */
const CHUNK = 8192;

/** Rows narrower than this are taken together, several as one, as far as that goes. */
const NARROW = 48;

/** So many elements such a row is to have. */
const WIDE = 192;

/** Where the rows of an array lie. */
export interface Rows {
  readonly data: Numbers;
  readonly start: number;
  /** From row to row: as many as there are columns, or 1 where it does not move along them; or 0. */
  readonly stride: number;
}

type Run = (table: number, y: number, rows: number, columns: number) => unknown;

/** One formula, for inputs and an output of certain dtypes that move in a certain way. */
export class VectorLoop {
  readonly #sources: readonly Source[];
  readonly #y: DType;
  readonly #code: MapCode;
  #compiled: { readonly memory: Memory; readonly run: Run | null } | null = null;
  /** Where y is in the window, behind the table, which is at its beginning. */
  readonly #intoY: number;
  /** The table: for each source its address and its step. */
  readonly #table: number[];
  /** The last result in the window, and what that is a view of: it is often wanted again, and making one is slow. */
  #result: Data = NOTHING;
  #viewed: Data = NOTHING;

  private constructor(sources: readonly Source[], y: DType, code: MapCode) {
    this.#sources = sources;
    this.#y = y;
    this.#code = code;
    this.#table = new Array<number>(2 * (sources.length + code.parameters.length)).fill(0);
    this.#intoY = roundedUp(4 * this.#table.length);
  }

  /** null where loops in JavaScript have to do it: see {@link mapCode}. */
  static of(formula: Scalar, sources: readonly Source[], y: DType): VectorLoop | null {
    const code = mapCode(formula, sources, y);
    return code && new VectorLoop(sources, y, code);
  }

  /** As the loops in JavaScript, to the bit; false, and nothing done, where the engine or memory does not allow it. */
  run(
    y: Data,
    start: number,
    rows: number,
    columns: number,
    params: Params,
    inputs: readonly Rows[],
  ): boolean {
    const group = this.#groupOf(rows, columns, inputs);
    const wide = group * columns;
    const width = Math.min(wide, CHUNK);
    const whole = Math.floor(rows / group);
    const high = Math.min(whole, Math.max(1, Math.floor(CHUNK / wide)));
    const window = windowOf(this.#place(high, width, inputs));
    const run = window && this.#runOn(window.memory);
    if (!run) return false;
    this.#fillTable(window, params, inputs.length);
    if (width < wide) {
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c += width) {
          const broad = Math.min(width, columns - c);
          this.#copyIn(window, inputs, r, c, 1, broad, broad, 1);
          run(0, this.#intoY, 1, broad);
          this.#copyOut(window, broad, y, start + r * columns + c);
        }
      }
      return true;
    }
    for (let r = 0; r < whole; r += high) {
      const tall = Math.min(high, whole - r);
      this.#copyIn(window, inputs, r * group, 0, tall, wide, columns, r === 0 ? group : 0);
      run(0, this.#intoY, tall, wide);
      this.#copyOut(window, tall * wide, y, start + r * wide);
    }
    const rest = (rows - whole * group) * columns;
    if (rest > 0) {
      this.#copyIn(window, inputs, whole * group, 0, 1, rest, columns, 0);
      run(0, this.#intoY, 1, rest);
      this.#copyOut(window, rest, y, start + whole * wide);
    }
    return true;
  }

  /** How many rows are taken as one: an input that is repeated from row to row is then repeated in the window. */
  #groupOf(rows: number, columns: number, inputs: readonly Rows[]): number {
    if (columns >= NARROW || rows === 1) return 1;
    for (let k = 0; k < inputs.length; k++) {
      if (!this.#sources[k]!.isMoving && inputs[k]!.stride !== 0) return 1;
    }
    return Math.min(rows, Math.ceil(WIDE / columns));
  }

  /** Decide where all lie, one behind the other; returns where the last ends. */
  #place(rows: number, columns: number, inputs: readonly Rows[]): number {
    const table = this.#table;
    let end = roundedUp(this.#intoY + rows * columns * WIDTH[this.#y] + OVERRUN);
    for (let k = 0; 2 * k < table.length; k++) {
      table[2 * k] = end;
      const isInput = k < inputs.length;
      const width = isInput ? WIDTH[this.#sources[k]!.dtype] : WIDTH.float64;
      const across = isInput && this.#sources[k]!.isMoving ? columns : 1;
      const down = isInput && inputs[k]!.stride !== 0 ? rows : 1;
      table[2 * k + 1] = down === 1 ? 0 : across * width;
      end = roundedUp(end + across * down * width + OVERRUN);
    }
    return end;
  }

  #fillTable({ int32, float64 }: Window, params: Params, inputs: number): void {
    const table = this.#table;
    for (let k = 0; k < table.length; k++) int32[k] = table[k]!;
    const { parameters } = this.#code;
    for (let k = 0; k < parameters.length; k++) {
      float64[table[2 * (inputs + k)]! / 8] = params[parameters[k]!]!;
    }
  }

  #copyOut(window: Window, count: number, y: Data, start: number): void {
    const view = window[this.#y];
    if (this.#viewed !== view || this.#result.length !== count) {
      const from = this.#intoY / WIDTH[this.#y];
      this.#viewed = view;
      this.#result = view.subarray(from, from + count);
    }
    y.set(this.#result, start);
  }

  /** @param repeats how often a row that all rows share is written; 0 where it is there already */
  #copyIn(
    window: Window,
    inputs: readonly Rows[],
    row: number,
    column: number,
    rows: number,
    wide: number,
    columns: number,
    repeats: number,
  ): void {
    for (let k = 0; k < inputs.length; k++) {
      const { dtype, isMoving } = this.#sources[k]!;
      const { data, start, stride } = inputs[k]!;
      const view = window[dtype];
      const at = this.#table[2 * k]! / WIDTH[dtype];
      const from = start + row * stride;
      if (!isMoving) {
        for (let r = 0; r < (stride === 0 ? 1 : rows); r++) view[at + r] = data[from + r * stride]!;
      } else if (stride !== 0) {
        copy(data, from + column, rows * wide, view, at);
      } else if (repeats > 0) {
        const once = repeats === 1 ? wide : columns;
        copy(data, from + column, once, view, at);
        for (let r = 1; r < repeats; r++) view.copyWithin(at + r * once, at, at + once);
      }
    }
  }

  #runOn(memory: Memory): Run | null {
    if (this.#compiled?.memory !== memory) this.#compiled = { memory, run: compiled(this.#code, memory) };
    return this.#compiled.run;
  }
}

function compiled({ func }: MapCode, memory: Memory): Run | null {
  try {
    return instantiated([func], memory)[func.name] ?? null;
  } catch {
    return null;
  }
}

function copy(from: Numbers, start: number, count: number, to: Data, at: number): void {
  to.set(start === 0 && count === from.length ? from : from.subarray(start, start + count), at);
}

const NOTHING = new Uint8Array(0);

/** For any kind of number to begin there. */
function roundedUp(bytes: number): number {
  return (bytes + 15) & -16;
}
