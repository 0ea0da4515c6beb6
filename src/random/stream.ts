/**
 * Random streams that are told apart by name: `stream(seed, "directions", 3)` has nothing to do with
 * `stream(seed, "data")`, so a check that draws more numbers, or fewer, never shifts anybody else's.
 *
 * Generator: xoshiro128**, D. Blackman & S. Vigna, "Scrambled linear pseudorandom number generators",
 * ACM Trans. Math. Softw. 47 (2021) 36; period 2^128 - 1, on 32-bit words, which are what JavaScript has.
 * Seeding: M. E. O'Neill, "Developing a seed_seq alternative" (2015), in the form of NumPy's `SeedSequence`:
 * every bit of the seed and of the labels moves every bit of the 128-bit state, so that two streams start at
 * places of the one long cycle that are as good as random.
 */

import { ArgumentError, describe, listed } from "../../graph/errors.ts";

/** A part of a stream's name: any string, or an integer within ±(2^53 - 1). `3` and `"3"` are different names. */
export type StreamLabel = string | number;

type Words = readonly [number, number, number, number];

/** All that a stream remembers: plain data, fit for JSON. */
export interface StreamState {
  readonly words: Words;
  readonly cachedGaussian: number | null;
}

/**
 * The stream of that seed and that name.
 *
 * @param seed an integer within ±(2^53 - 1).
 * @param labels any number of strings and integers; their order and borders count: `("ab", "c")` is not
 *   `("a", "bc")`, and no label is not the label 0.
 * @throws ArgumentError if the seed is not such an integer, or a label neither a string nor one.
 */
export function stream(seed: number, ...labels: StreamLabel[]): Stream {
  checkInteger("a seed that is", seed);
  const entropy: number[] = [];
  pushInteger(entropy, seed);
  // Tags and lengths make the code prefix-free, and no tag is 0: different names stay different words even though
  // the mixer takes a short sequence for one that ends in zeros.
  for (const label of labels) {
    if (typeof label === "string") {
      entropy.push(STRING, label.length);
      for (let i = 0; i < label.length; i++) entropy.push(label.charCodeAt(i));
    } else {
      checkInteger("labels that are strings, or", label);
      entropy.push(INTEGER);
      pushInteger(entropy, label);
    }
  }
  return Stream.from({ words: mixed(entropy), cachedGaussian: null });
}

/** A stream of random numbers. Made by `stream(seed, ...labels)`, or by `Stream.from(state)` to resume one. */
export class Stream {
  #s0: number;
  #s1: number;
  #s2: number;
  #s3: number;
  #cachedGaussian: number | null;

  private constructor([s0, s1, s2, s3]: Words, cachedGaussian: number | null) {
    this.#s0 = s0 | 0;
    this.#s1 = s1 | 0;
    this.#s2 = s2 | 0;
    this.#s3 = s3 | 0;
    this.#cachedGaussian = cachedGaussian;
  }

  /**
   * A stream that goes on, bit for bit, where `state` was taken.
   *
   * @param op whose argument it is, for the error
   * @throws ArgumentError unless the state holds four unsigned 32-bit integers, not all of them zero, and a cached
   *   Gaussian that is finite or null.
   */
  static from(state: StreamState, op = "Stream.from"): Stream {
    if (typeof state !== "object" || state === null) {
      throw new ArgumentError(op, "a state { words, cachedGaussian }", describe(state));
    }
    const { words, cachedGaussian } = state;
    const given: unknown = words;
    if (!Array.isArray(given) || !isState([...words])) {
      const expected = "state.words to be four integers from 0 to 2^32 - 1, not all 0";
      throw new ArgumentError(op, expected, Array.isArray(given) ? listed(given) : describe(given));
    }
    if (cachedGaussian !== null && !Number.isFinite(cachedGaussian)) {
      const expected = "state.cachedGaussian to be a finite number, or null";
      throw new ArgumentError(op, expected, describe(cachedGaussian));
    }
    return new Stream(words, cachedGaussian);
  }

  /** A copy of the state; later draws do not change it. `Stream.from` takes it back. */
  state(): StreamState {
    return {
      words: [this.#s0 >>> 0, this.#s1 >>> 0, this.#s2 >>> 0, this.#s3 >>> 0],
      cachedGaussian: this.#cachedGaussian,
    };
  }

  /** The next 32 bits: an integer from 0 to 2^32 - 1. */
  uint32(): number {
    const result = Math.imul(rotatedLeft(Math.imul(this.#s1, 5), 7), 9) >>> 0;
    const shifted = this.#s1 << 9;
    this.#s2 ^= this.#s0;
    this.#s3 ^= this.#s1;
    this.#s1 ^= this.#s2;
    this.#s0 ^= this.#s3;
    this.#s2 ^= shifted;
    this.#s3 = rotatedLeft(this.#s3, 11);
    return result;
  }

  /** Uniform on [0, 1): a multiple of 2^-53, all equally likely. Two draws. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  /**
   * A standard normal deviate (G. E. P. Box & M. E. Muller, Ann. Math. Statist. 29 (1958) 610-611). Two at a time
   * from exactly two uniforms: without rejection, how far a stream has moved does not depend on what it gave.
   * Always finite: |value| <= sqrt(106 ln 2) = 8.57.
   */
  gaussian(): number {
    const cached = this.#cachedGaussian;
    if (cached !== null) {
      this.#cachedGaussian = null;
      return cached;
    }
    // 1 - uniform lies in (0, 1] and is exact: no logarithm of zero.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#cachedGaussian = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /**
   * An integer from 0 to n - 1, all exactly equally likely (words cut to the bits that are needed, and drawn again
   * while too large); `n = 1` draws nothing.
   *
   * @param n an integer from 1 to 2^32
   * @throws ArgumentError for anything else
   */
  integer(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32)) {
      throw new ArgumentError("Stream.integer", "n to be an integer from 1 to 2^32", describe(n));
    }
    if (n === 1) return 0;
    const mask = 0xffffffff >>> Math.clz32(n - 1);
    let value: number;
    do value = (this.uint32() & mask) >>> 0;
    while (value >= n);
    return value;
  }
}

const INTEGER = 1;
const STRING = 2;

function pushInteger(entropy: number[], value: number): void {
  entropy.push(value >>> 0, Math.floor(value / 2 ** 32) >>> 0);
}

function checkInteger(what: string, value: number): void {
  if (!Number.isSafeInteger(value)) {
    throw new ArgumentError("stream", `${what} an integer within ±(2^53 - 1)`, describe(value));
  }
}

function isState(words: readonly number[]): boolean {
  return words.length === 4 && words.every(isUint32) && words.some((word) => word !== 0);
}

function isUint32(word: number): boolean {
  return word >>> 0 === word;
}

function rotatedLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/**
 * `np.random.SeedSequence(entropy).generate_state(4)`. Each word is hashed with a multiplier that changes at every
 * use, then mixed into all four words of the pool; the pool is hashed once more on the way out.
 */
function mixed(entropy: readonly number[]): Words {
  let multiplier = 0x43b0d7e5;
  const hashed = (word: number): number => {
    const flipped = word ^ multiplier;
    multiplier = Math.imul(multiplier, 0x931e8875);
    return folded(Math.imul(flipped, multiplier));
  };
  const mix = (into: number, word: number): number =>
    folded(Math.imul(0xca01f9dd, into) - Math.imul(0x4973f715, word));

  const pool = [0, 1, 2, 3].map((i) => hashed(entropy[i] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) {
      if (from !== to) pool[to] = mix(pool[to]!, hashed(pool[from]!));
    }
  }
  for (const word of entropy.slice(4)) {
    for (let to = 0; to < 4; to++) pool[to] = mix(pool[to]!, hashed(word));
  }

  multiplier = 0x8b51f9dd;
  const out = (word: number): number => {
    const flipped = word ^ multiplier;
    multiplier = Math.imul(multiplier, 0x58f38ded);
    return folded(Math.imul(flipped, multiplier)) >>> 0;
  };
  const words: Words = [out(pool[0]!), out(pool[1]!), out(pool[2]!), out(pool[3]!)];
  // The one state that xoshiro cannot leave; as likely as any other, 2^-128.
  return words.every((word) => word === 0) ? [1, 0, 0, 0] : words;
}

/** The upper half of a word folded onto the lower one. */
function folded(word: number): number {
  return word ^ (word >>> 16);
}
