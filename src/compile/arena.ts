/**
 * The memory in which compiled functions work. There is one for all of them, so that what one leaves there another can
 * take. Each has a region of its own, for as long as it lives.
 */
import { type DType, MemoryError } from "../../graph/index.ts";
import { type Memory, newMemory } from "../../ops/kernels/wasm/engine.ts";

/** Bytes from an address on. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
}

export interface Views {
  readonly float64: Float64Array;
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly bool: Uint8Array;
}

const PAGE = 65536;

/** Places are 32-bit integers with a sign in some instructions. */
const LIMIT = 2 ** 31 - PAGE;

/** Where regions begin: a cache line, and some more so that neighbours do not fall on the same lines. */
const ALIGNMENT = 64;

export class Arena {
  readonly memory: Memory;
  readonly #limit: number;
  #views: Views;
  /** Free regions, by address; neighbours are joined. */
  #free: Region[] = [];
  /** From here on nothing has been given away yet. */
  #end = ALIGNMENT;

  /** @param limit what it may grow to at most, in bytes */
  constructor(limit: number = LIMIT) {
    this.memory = newMemory(1);
    this.#limit = limit;
    this.#views = viewed(this.memory);
  }

  /** All of it, as numbers of each kind: other views after it has grown, and those of before are empty. */
  get views(): Views {
    return this.#views;
  }

  /**
   * Memory that nobody else has.
   *
   * @throws MemoryError where there is no more; whatever is in other regions stays
   */
  reserve(op: string, bytes: number): Region {
    const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const fitting = this.#free.filter((region) => region.bytes >= size);
    const best = fitting.reduce<Region | null>((a, b) => (a === null || b.bytes < a.bytes ? b : a), null);
    if (best !== null) {
      this.#free = this.#free.filter((region) => region !== best);
      if (best.bytes > size) this.#insert({ address: best.address + size, bytes: best.bytes - size });
      return { address: best.address, bytes: size };
    }
    const address = this.#end;
    this.#grow(op, address + size, size);
    this.#end = address + size;
    return { address, bytes: size };
  }

  release(region: Region): void {
    this.#insert(region);
    const last = this.#free[this.#free.length - 1];
    if (last !== undefined && last.address + last.bytes === this.#end) {
      this.#free.pop();
      this.#end = last.address;
    }
  }

  /** Bytes that regions have. */
  get used(): number {
    return this.#end - ALIGNMENT - this.#free.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #insert(region: Region): void {
    const all = [...this.#free, region].sort((a, b) => a.address - b.address);
    const joined: Region[] = [];
    for (const next of all) {
      const before = joined[joined.length - 1];
      if (before !== undefined && before.address + before.bytes === next.address) {
        joined[joined.length - 1] = { address: before.address, bytes: before.bytes + next.bytes };
      } else joined.push(next);
    }
    this.#free = joined;
  }

  #grow(op: string, end: number, asked: number): void {
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    if (missing <= 0) return;
    const error = (): MemoryError =>
      new MemoryError(
        op,
        "memory for what is computed between inputs and results",
        `${(asked / 2 ** 20).toFixed(1)} MiB, beside ${(this.used / 2 ** 20).toFixed(1)} MiB in use`,
        "use smaller batches, or run it without compile",
      );
    if (end > this.#limit) throw error();
    try {
      this.memory.grow(missing);
    } catch {
      throw error();
    }
    this.#views = viewed(this.memory);
  }
}

function viewed({ buffer }: Memory): Views {
  return {
    float64: new Float64Array(buffer),
    float32: new Float32Array(buffer),
    int32: new Int32Array(buffer),
    bool: new Uint8Array(buffer),
  };
}

/** Log 2 of a number's bytes. */
export const SHIFT: Readonly<Record<DType, 0 | 2 | 3>> = { float64: 3, float32: 2, int32: 2, bool: 0 };

let shared: Arena | null = null;

/** The one that compiled functions share, made when first needed. */
export function sharedArena(): Arena {
  shared ??= new Arena();
  return shared;
}

/** For tests: another one, with this limit; null for one as it is. */
export function setArenaLimit(bytes: number | null): void {
  shared = bytes === null ? null : new Arena(bytes);
}
