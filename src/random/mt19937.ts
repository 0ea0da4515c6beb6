/**
 * The Mersenne Twister as NumPy's legacy `RandomState` draws from it, so that an experiment written with
 * `np.random.seed(231)` can be repeated number for number.
 *
 * Generator: M. Matsumoto & T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
 * pseudo-random number generator", ACM TOMACS 8 (1998) 3-30; seeding: their 2002 revision (`init_genrand`).
 * Order of draws: NumPy, which froze it for `RandomState` (NEP 19).
 */

import { ArgumentError, describe } from "../../graph/index.ts";

const WORDS = 624;
const SHIFT = 397;
const UINT32_COUNT = 2 ** 32;

/**
 * All that a generator remembers: plain data, fit for JSON. The fields are those of NumPy's `get_state()`:
 * the key, the position in it, and the normal deviate that waits for the next call of `randn`.
 */
export interface MT19937State {
  readonly key: readonly number[];
  readonly position: number;
  readonly cachedNormal: number | null;
}

/** Anything that can be shuffled in place: an array or a typed array. */
export interface Shufflable<T> {
  readonly length: number;
  [index: number]: T;
}

/**
 * NumPy's legacy random numbers. Integers and uniform deviates are bit-identical to NumPy's; normal deviates
 * agree to a relative 1e-15 or so, because `Math.log` may differ from the C library's in the last bit.
 */
export class MT19937 {
  readonly #key: Int32Array = new Int32Array(WORDS);
  #position: number = WORDS;
  #cachedNormal: number | null = null;

  /**
   * As `np.random.RandomState(seed)`.
   *
   * @param seed an integer from 0 to 2^32 - 1
   * @throws ArgumentError for anything else
   */
  constructor(seed: number) {
    if (!isIntegerWithin(seed, 0, UINT32_COUNT - 1)) {
      throw new ArgumentError("MT19937", "a seed that is an integer from 0 to 2^32 - 1", describe(seed));
    }
    const key = this.#key;
    key[0] = seed;
    for (let i = 1; i < WORDS; i++) {
      const previous = key[i - 1]!;
      key[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /**
   * A generator that goes on, bit for bit, where `state` was taken.
   *
   * @param state what `state()` returned, or NumPy's `get_state()` in this form
   * @param op whose argument it is, for the error
   * @throws ArgumentError unless it is 624 unsigned 32-bit integers, not all of them zero, and a position from 0 to
   *   624
   */
  static from(state: MT19937State, op = "MT19937.from"): MT19937 {
    if (typeof state !== "object" || state === null) {
      throw new ArgumentError(op, "a state { key, position, cachedNormal }", describe(state));
    }
    const { key, position, cachedNormal } = state;
    if (!Array.isArray(key) || key.length !== WORDS) {
      throw new ArgumentError(op, `state.key to be an array of ${WORDS} integers`, describe(key));
    }
    const wrong = key.findIndex((word) => !isIntegerWithin(word, 0, UINT32_COUNT - 1));
    if (wrong >= 0) {
      const received = `${describe(key[wrong])} at ${wrong}`;
      throw new ArgumentError(op, "state.key to hold integers from 0 to 2^32 - 1", received);
    }
    if (key.every((word) => word === 0)) {
      throw new ArgumentError(op, "a state.key that is not all zeros", "zeros", "only zeros come of them");
    }
    if (!isIntegerWithin(position, 0, WORDS)) {
      const expected = `state.position to be an integer from 0 to ${WORDS}`;
      throw new ArgumentError(op, expected, describe(position));
    }
    if (cachedNormal !== null && !Number.isFinite(cachedNormal)) {
      const expected = "state.cachedNormal to be a finite number, or null";
      throw new ArgumentError(op, expected, describe(cachedNormal));
    }
    const generator = new MT19937(0);
    generator.#key.set(key);
    generator.#position = position;
    generator.#cachedNormal = cachedNormal;
    return generator;
  }

  /** A copy of the state; later draws do not change it. `MT19937.from` takes it back. */
  state(): MT19937State {
    return {
      key: Array.from(this.#key, (word) => word >>> 0),
      position: this.#position,
      cachedNormal: this.#cachedNormal,
    };
  }

  /** The next 32 bits: an integer from 0 to 2^32 - 1. */
  uint32(): number {
    if (this.#position === WORDS) this.#twist();
    let y = this.#key[this.#position++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** Uniform on [0, 1), a multiple of 2^-53: two words, of which 27 and 26 bits are used. As `np.random.rand()`. */
  rand(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /**
   * A standard normal deviate. As `np.random.randn()`: Marsaglia's polar method (SIAM Review 6 (1964) 260-264)
   * makes two at a time, and NumPy hands out the *second* first and keeps the other for the next call. Draws of
   * any other kind in between leave the kept one alone.
   */
  randn(): number {
    const cached = this.#cachedNormal;
    if (cached !== null) {
      this.#cachedNormal = null;
      return cached;
    }
    let x1: number;
    let x2: number;
    let r2: number;
    do {
      x1 = 2 * this.rand() - 1;
      x2 = 2 * this.rand() - 1;
      r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1 || r2 === 0);
    const f = Math.sqrt((-2 * Math.log(r2)) / r2);
    this.#cachedNormal = f * x1;
    return f * x2;
  }

  /**
   * An integer from 0 to n - 1, all equally likely. As `np.random.randint(n)`: words are cut to the bits that
   * n - 1 needs and drawn again while too large; `n = 1` draws nothing.
   *
   * @param n an integer from 1 to 2^32
   * @throws ArgumentError for anything else
   */
  randint(n: number): number {
    checkCount("randint", n, UINT32_COUNT);
    return this.#atMost(n - 1);
  }

  /** One of 0 .. n - 1, with replacement. As `np.random.choice(n)`, which is `randint(n)`; the same limits. */
  choice(n: number): number {
    checkCount("choice", n, UINT32_COUNT);
    return this.#atMost(n - 1);
  }

  /** Fills `out` with what as many calls of `rand` would give, and returns it. */
  fillRand(out: Float64Array): Float64Array {
    for (let i = 0; i < out.length; i++) out[i] = this.rand();
    return out;
  }

  /** Fills `out` with what as many calls of `randn` would give, and returns it. */
  fillRandn(out: Float64Array): Float64Array {
    for (let i = 0; i < out.length; i++) out[i] = this.randn();
    return out;
  }

  /**
   * Fills `out` with what as many calls of `randint(n)` (or `choice(n)`) would give, and returns it.
   *
   * @param n an integer from 1 to 2^31 (that `out` can hold)
   * @throws ArgumentError for anything else
   */
  fillRandint(out: Int32Array, n: number): Int32Array {
    checkCount("fillRandint", n, 2 ** 31);
    for (let i = 0; i < out.length; i++) out[i] = this.#atMost(n - 1);
    return out;
  }

  /** Shuffles `items` in place, from the end (Fisher & Yates). As `np.random.shuffle` of a one-dimensional array. */
  shuffle<T>(items: Shufflable<T>): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.#atMost(i);
      const kept = items[i]!;
      items[i] = items[j]!;
      items[j] = kept;
    }
  }

  /**
   * The integers 0 .. n - 1 in random order. As `np.random.permutation(n)`; its first k are
   * `np.random.choice(n, k, replace=False)`.
   *
   * @param n an integer from 0 to 2^31
   * @throws ArgumentError for anything else
   */
  permutation(n: number): Int32Array {
    if (!isIntegerWithin(n, 0, 2 ** 31)) {
      throw new ArgumentError("MT19937.permutation", "n to be an integer from 0 to 2^31", describe(n));
    }
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    this.shuffle(order);
    return order;
  }

  /** An integer from 0 to `max` (below 2^32): NumPy's `random_interval`. */
  #atMost(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    let value: number;
    do value = (this.uint32() & mask) >>> 0;
    while (value > max);
    return value;
  }

  /** Makes the next 624 words of the recurrence. Split where an index would wrap, so that no loop needs a modulus. */
  #twist(): void {
    const key = this.#key;
    let i = 0;
    for (; i < WORDS - SHIFT; i++) key[i] = key[i + SHIFT]! ^ twisted(key[i]!, key[i + 1]!);
    for (; i < WORDS - 1; i++) key[i] = key[i + SHIFT - WORDS]! ^ twisted(key[i]!, key[i + 1]!);
    key[i] = key[SHIFT - 1]! ^ twisted(key[i]!, key[0]!);
    this.#position = 0;
  }
}

/** The top bit of one word and the rest of the next, times the recurrence's matrix A. */
function twisted(upper: number, lower: number): number {
  const y = (upper & 0x80000000) | (lower & 0x7fffffff);
  return (y >>> 1) ^ (-(lower & 1) & 0x9908b0df);
}

function isIntegerWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function checkCount(method: string, n: number, largest: number): void {
  if (!isIntegerWithin(n, 1, largest)) {
    throw new ArgumentError(`MT19937.${method}`, `n to be an integer from 1 to ${largest}`, describe(n));
  }
}
