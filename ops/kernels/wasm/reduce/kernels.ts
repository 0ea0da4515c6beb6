/** The code of reductions, for arrays of any size in the window: whatever the numbers are, they are combined in float64. */
import {
  type Body,
  type Func,
  f32,
  f32x4,
  f64,
  f64x2,
  func,
  i32,
  type Local,
  type Value,
} from "../encoder/index.ts";
import { instantiated, type Memory } from "../engine.ts";

export type FloatType = "float32" | "float64";
export type Combine = "add" | "max" | "min";

export interface Kernels {
  /** Of so many numbers side by side. */
  readonly run: (x: number, count: number) => number;
  /** Of two such runs, the second right behind the first, combined with each other. */
  readonly pair: (x: number, first: number, second: number) => number;
  /** Of several runs of the same length, one behind the other, into y. */
  readonly runs: (x: number, count: number, howMany: number, y: number) => void;
  /**
   * Of rows, element by element, one after the other on top of what y has. Up to {@link OVERRUN} bytes are read behind
   * x, and written behind y.
   */
  readonly rows: (x: number, rows: number, columns: number, y: number) => void;
}

export const OVERRUN = 64;

const made = new WeakMap<Memory, Map<string, Kernels | null>>();

/** The kernels, compiled when first asked for; null where the engine refuses. */
export function kernelsOn(memory: Memory, dtype: FloatType, combine: Combine): Kernels | null {
  const here = made.get(memory) ?? new Map<string, Kernels | null>();
  made.set(memory, here);
  const key = `${dtype} ${combine}`;
  let known = here.get(key);
  if (known === undefined) {
    known = compiled(memory, dtype, combine);
    here.set(key, known);
  }
  return known;
}

function compiled(memory: Memory, dtype: FloatType, combine: Combine): Kernels | null {
  try {
    const { run, pair, runs, rows } = instantiated(reduceFunctions(dtype, combine), memory);
    return { run, pair, runs, rows } as Kernels;
  } catch {
    return null;
  }
}

export function reduceFunctions(dtype: FloatType, combine: Combine): Func[] {
  const one = new Runs(dtype, combine);
  return [
    func("run", ["i32", "i32"], (body, x, count) => {
      const chains = one.begin(body);
      one.fours(body, x, count, chains);
      body.result(one.end(body, x, count, chains));
    }),
    func("pair", ["i32", "i32", "i32"], (body, x, first, second) => {
      const y = body.keep(i32.add(x, i32.mul(first, i32.const(one.width))));
      const [a, b] = [one.begin(body), one.begin(body)];
      // In step, as far as both go: a chain waits for its last addition, and four wait less than two.
      one.foursOfTwo(body, x, first, a, y, second, b);
      one.fours(body, x, first, a);
      one.fours(body, y, second, b);
      const left = body.keep(one.end(body, x, first, a));
      body.result(f64[combine](left, one.end(body, y, second, b)));
    }),
    func("runs", ["i32", "i32", "i32", "i32"], (body, x, count, howMany, y) => {
      const chains = one.begin(body);
      const left = body.local("i32");
      body.loop((again) => {
        for (const chain of chains) body.set(chain, one.identity);
        body.set(left, count);
        one.fours(body, x, left, chains);
        const total = body.keep(one.end(body, x, left, chains));
        body.store(y, total);
        body.set(y, i32.add(y, i32.const(8)));
        body.set(howMany, i32.sub(howMany, i32.const(1)));
        body.branchIf(again, howMany);
      });
    }),
    func("rows", ["i32", "i32", "i32", "i32"], (body, x, rows, columns, y) => {
      const stride = body.keep(i32.mul(columns, i32.const(one.width)));
      for (const [vectors, least] of [
        [4, 8],
        [2, 3],
        [1, 1],
      ] as const) {
        whileAtLeast(body, columns, least, () => {
          one.down(body, x, stride, rows, y, vectors);
          body.set(x, i32.add(x, i32.const(2 * vectors * one.width)));
          body.set(y, i32.add(y, i32.const(16 * vectors)));
          body.set(columns, i32.sub(columns, i32.const(2 * vectors)));
        });
      }
    }),
  ];
}

type Chains = readonly [Local<"f64x2">, Local<"f64x2">];

/** Statements that combine numbers of one kind in one way. */
class Runs {
  readonly #combine: Combine;
  readonly #isFloat32: boolean;
  readonly width: 4 | 8;

  constructor(dtype: FloatType, combine: Combine) {
    this.#combine = combine;
    this.#isFloat32 = dtype === "float32";
    this.width = this.#isFloat32 ? 4 : 8;
  }

  get identity(): Value<"f64x2"> {
    const [max, min] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const x = this.#combine === "add" ? 0 : this.#combine === "max" ? max : min;
    return f64x2.const(x, x);
  }

  /** Four chains: the elements are dealt out to them in turn. */
  begin(body: Body): Chains {
    return [body.keep(this.identity), body.keep(this.identity)];
  }

  /** Four at a time, while there are; x and count move on. */
  fours(body: Body, x: Local<"i32">, count: Local<"i32">, chains: Chains): void {
    whileAtLeast(body, count, 4, () => this.#four(body, x, count, chains));
  }

  foursOfTwo(
    body: Body,
    x: Local<"i32">,
    countX: Local<"i32">,
    a: Chains,
    y: Local<"i32">,
    countY: Local<"i32">,
    b: Chains,
  ): void {
    body.block((leave) => {
      body.loop((again) => {
        body.branchIf(leave, i32.ltS(countX, i32.const(4)));
        body.branchIf(leave, i32.ltS(countY, i32.const(4)));
        this.#four(body, x, countX, a);
        this.#four(body, y, countY, b);
        body.branch(again);
      });
    });
  }

  #four(body: Body, x: Local<"i32">, count: Local<"i32">, [ab, cd]: Chains): void {
    body.set(ab, f64x2[this.#combine](ab, this.#two(x, 0)));
    body.set(cd, f64x2[this.#combine](cd, this.#two(x, 2)));
    body.set(x, i32.add(x, i32.const(4 * this.width)));
    body.set(count, i32.sub(count, i32.const(4)));
  }

  /** What is left goes to the first chain; then the chains are combined. */
  end(body: Body, x: Local<"i32">, count: Local<"i32">, [ab, cd]: Chains): Value<"f64"> {
    const combine = f64[this.#combine];
    const a = body.keep(f64x2.lane(ab, 0));
    whileAtLeast(body, count, 1, () => {
      body.set(a, combine(a, this.#isFloat32 ? f64.fromF32(f32.load(x)) : f64.load(x)));
      body.set(x, i32.add(x, i32.const(this.width)));
      body.set(count, i32.sub(count, i32.const(1)));
    });
    return combine(combine(a, f64x2.lane(ab, 1)), combine(f64x2.lane(cd, 0), f64x2.lane(cd, 1)));
  }

  /** Columns side by side, twice as many as vectors, down the rows. */
  down(
    body: Body,
    x: Local<"i32">,
    stride: Local<"i32">,
    rows: Local<"i32">,
    y: Local<"i32">,
    vectors: number,
  ): void {
    const sums = Array.from({ length: vectors }, (_, k) => body.keep(f64x2.load(y, 16 * k)));
    const at = body.keep(x);
    const left = body.keep(rows);
    body.loop((again) => {
      sums.forEach((sum, k) => {
        body.set(sum, f64x2[this.#combine](sum, this.#two(at, 2 * k)));
      });
      body.set(at, i32.add(at, stride));
      body.set(left, i32.sub(left, i32.const(1)));
      body.branchIf(again, left);
    });
    sums.forEach((sum, k) => {
      body.store(y, sum, 16 * k);
    });
  }

  #two(x: Local<"i32">, element: number): Value<"f64x2"> {
    const offset = element * this.width;
    return this.#isFloat32 ? f64x2.fromF32x4(f32x4.loadLow[8](x, offset)) : f64x2.load(x, offset);
  }
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
