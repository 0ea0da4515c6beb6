/** Reductions by vectors: blocks of x are copied into the window and combined there, in the order of the loops. */
import { type Data, isStorage, type Numbers } from "../../../../graph/dtype.ts";
import { type Window, windowOf } from "../window.ts";
import { Demand, isEnough } from "../worth.ts";
import { type Combine, type FloatType, type Kernels, kernelsOn, OVERRUN } from "./kernels.ts";

/** Elements that are copied at a time: they stay in a second-level cache. */
const CHUNK = 8192;

/** Sums of up to so many are formed by four chains; of more, by halves: see `pairwise`. */
export const RUN = 256;

const WIDTH = { float32: 4, float64: 8 } as const;

/** How large numbers are combined in JavaScript, where there is one for each block. */
const IN_FLOAT64: Readonly<Record<Combine, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  max: Math.max,
  min: Math.min,
};

const IDENTITY: Readonly<Record<Combine, number>> = {
  add: 0,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
};

const demands = new Map<string, Demand>();

/**
 * Combines x, seen as [outer, n, inner], over n into y, [outer, inner], as the loops in JavaScript do, to the bit; or
 * returns false, and nothing is done.
 */
export function isReducedByVectors(
  combine: Combine,
  x: Numbers,
  outer: number,
  n: number,
  inner: number,
  y: Data,
): boolean {
  const dtype = floatTypeOf(x);
  if (dtype === null || n === 0 || !isStorage(y, "float64")) return false;
  if (inner > 1 && !isEnough(n * inner)) return false;
  if (!demandFor(dtype, combine).grows(outer * n * inner)) return false;
  // Behind what is copied there is room for results, of which there are at most as many.
  const into = CHUNK * WIDTH[dtype] + OVERRUN;
  const window = windowOf(into + CHUNK * 8 + OVERRUN);
  const kernels = window && kernelsOn(window.memory, dtype, combine);
  if (!kernels) return false;
  const reducing = new Reducing(window, kernels, dtype, combine, x, into);
  if (inner > 1) reducing.rows(outer, n, inner, y);
  else if (n > CHUNK) reducing.longRuns(outer, n, y);
  else reducing.runs(outer, n, y);
  return true;
}

function floatTypeOf(x: Numbers): FloatType | null {
  if (isStorage(x, "float64")) return "float64";
  return isStorage(x, "float32") ? "float32" : null;
}

function demandFor(dtype: FloatType, combine: Combine): Demand {
  const key = `${dtype} ${combine}`;
  const demand = demands.get(key) ?? new Demand();
  demands.set(key, demand);
  return demand;
}

class Reducing {
  readonly #kernels: Kernels;
  readonly #combine: Combine;
  readonly #x: Numbers;
  readonly #view: Data;
  readonly #results: Data;
  readonly #width: 4 | 8;
  /** Where results go, in bytes. */
  readonly #into: number;

  constructor(
    window: Window,
    kernels: Kernels,
    dtype: FloatType,
    combine: Combine,
    x: Numbers,
    into: number,
  ) {
    this.#kernels = kernels;
    this.#combine = combine;
    this.#x = x;
    this.#view = window[dtype];
    this.#results = window.float64;
    this.#width = WIDTH[dtype];
    this.#into = into;
  }

  /** Runs of which at least one fits. */
  runs(outer: number, n: number, y: Data): void {
    const { runs } = this.#kernels;
    const atATime = Math.floor(CHUNK / n);
    for (let o = 0; o < outer; o += atATime) {
      const count = Math.min(atATime, outer - o);
      this.#copyIn(o * n, count * n, 0);
      if (n > RUN) {
        for (let k = 0; k < count; k++) {
          const at = k * n * this.#width;
          y[o + k] = this.#combine === "add" ? this.#byHalves(at, n) : this.#byColumns(at, n);
        }
      } else {
        runs(0, n, count, this.#into);
        this.#copyOut(count, y, o);
      }
    }
  }

  longRuns(outer: number, n: number, y: Data): void {
    for (let o = 0; o < outer; o++) {
      y[o] = this.#combine === "add" ? this.#sumByHalves(o * n, n) : this.#ofPieces(o * n, n);
    }
  }

  /** An extremum does not depend on the order: here as of a matrix with as many columns as are taken at a time. */
  #byColumns(at: number, n: number): number {
    const rows = Math.floor(n / ABREAST);
    const done = rows * ABREAST;
    const from = this.#into / 8;
    this.#results.fill(IDENTITY[this.#combine], from, from + ABREAST);
    this.#kernels.rows(at, rows, ABREAST, this.#into);
    let result = this.#kernels.run(at + done * this.#width, n - done);
    for (let k = 0; k < ABREAST; k++) result = IN_FLOAT64[this.#combine](result, this.#results[from + k]!);
    return result;
  }

  #ofPieces(start: number, n: number): number {
    const combined = IN_FLOAT64[this.#combine];
    let result = IDENTITY[this.#combine];
    for (let i = 0; i < n; i += CHUNK) {
      const count = Math.min(CHUNK, n - i);
      this.#copyIn(start + i, count, 0);
      const piece = count < ABREAST ? this.#kernels.run(0, count) : this.#byColumns(0, count);
      result = combined(result, piece);
    }
    return result;
  }

  #sumByHalves(start: number, n: number): number {
    if (n <= CHUNK) {
      this.#copyIn(start, n, 0);
      return this.#byHalves(0, n);
    }
    const half = halfOf(n);
    return this.#sumByHalves(start, half) + this.#sumByHalves(start + half, n - half);
  }

  /** Of what lies in the window. */
  #byHalves(at: number, n: number): number {
    if (n <= RUN) return this.#kernels.run(at, n);
    const half = halfOf(n);
    if (n - half <= RUN) return this.#kernels.pair(at, half, n - half);
    return this.#byHalves(at, half) + this.#byHalves(at + half * this.#width, n - half);
  }

  /** Rows are combined element by element: as many columns and rows at a time as fit. */
  rows(outer: number, n: number, inner: number, y: Data): void {
    const columns = Math.min(inner, CHUNK);
    const atATime = Math.floor(CHUNK / columns);
    const results = this.#into / 8;
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c += columns) {
        const wide = Math.min(columns, inner - c);
        this.#results.fill(IDENTITY[this.#combine], results, results + wide);
        for (let r = 0; r < n; r += atATime) {
          const tall = Math.min(atATime, n - r);
          const from = (o * n + r) * inner + c;
          if (wide === inner) this.#copyIn(from, tall * inner, 0);
          else for (let k = 0; k < tall; k++) this.#copyIn(from + k * inner, wide, k * wide);
          this.#kernels.rows(0, tall, wide, this.#into);
        }
        this.#copyOut(wide, y, o * inner + c);
      }
    }
  }

  #copyIn(from: number, count: number, at: number): void {
    const x = this.#x;
    this.#view.set(from === 0 && count === x.length ? x : x.subarray(from, from + count), at);
  }

  #copyOut(count: number, y: Data, at: number): void {
    const from = this.#into / 8;
    if (count < FEW) for (let k = 0; k < count; k++) y[at + k] = this.#results[from + k]!;
    else y.set(this.#results.subarray(from, from + count), at);
  }
}

/** Columns that the kernel for rows takes at a time. */
const ABREAST = 8;

/** Up to here a loop is faster than a call that moves memory. */
const FEW = 64;

/** Where `pairwise` splits. */
export function halfOf(n: number): number {
  return (n >> 4) << 3;
}
