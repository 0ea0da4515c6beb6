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

type Run = (...addresses: number[]) => unknown;

/** y, rows and columns come first. */
const SOURCES = 3;

/** One formula, for inputs and an output of certain dtypes that move in a certain way. */
export class VectorLoop {
  readonly #sources: readonly Source[];
  readonly #y: DType;
  readonly #code: MapCode;
  #compiled: { readonly memory: Memory; readonly run: Run | null } | null = null;
  /** What the compiled function is given, used anew from call to call. */
  readonly #given: number[];

  private constructor(sources: readonly Source[], y: DType, code: MapCode) {
    this.#sources = sources;
    this.#y = y;
    this.#code = code;
    this.#given = new Array<number>(SOURCES + 2 * (sources.length + code.parameters.length)).fill(0);
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
    this.#code.parameters.forEach((name, k) => {
      const address = this.#given[SOURCES + 2 * (inputs.length + k)]!;
      window.float64[address / 8] = params[name]!;
    });
    const block = (row: number, column: number, tall: number, broad: number): void => {
      const isFirst = row === 0 || broad < wide;
      this.#copyIn(window, inputs, row, column, tall, broad, columns, isFirst ? group : 0);
      this.#given[1] = tall;
      this.#given[2] = broad;
      run(...this.#given);
      y.set(window[this.#y].subarray(0, tall * broad), start + row * columns + column);
    };
    if (width < wide) {
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c += width) block(r, c, 1, Math.min(width, columns - c));
      }
      return true;
    }
    for (let r = 0; r < whole; r += high) block(r * group, 0, Math.min(high, whole - r), wide);
    const rest = rows - whole * group;
    if (rest > 0) block(whole * group, 0, 1, rest * columns);
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

  /** Decide where all lie, one behind the other, y first; returns where the last ends. */
  #place(rows: number, columns: number, inputs: readonly Rows[]): number {
    const given = this.#given;
    let end = roundedUp(rows * columns * WIDTH[this.#y] + OVERRUN);
    for (let k = 0; SOURCES + 2 * k < given.length; k++) {
      given[SOURCES + 2 * k] = end;
      const isInput = k < inputs.length;
      const width = isInput ? WIDTH[this.#sources[k]!.dtype] : WIDTH.float64;
      const across = isInput && this.#sources[k]!.isMoving ? columns : 1;
      const down = isInput && inputs[k]!.stride !== 0 ? rows : 1;
      given[SOURCES + 2 * k + 1] = down === 1 ? 0 : across * width;
      end = roundedUp(end + across * down * width + OVERRUN);
    }
    return end;
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
      const at = this.#given[SOURCES + 2 * k]! / WIDTH[dtype];
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

/** For any kind of number to begin there. */
function roundedUp(bytes: number): number {
  return (bytes + 15) & -16;
}
