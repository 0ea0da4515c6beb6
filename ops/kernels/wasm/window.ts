/**
 * The scratch memory of the kernels in WebAssembly: tensors live on JavaScript's heap, so operands are copied in and
 * results out. There is one, it grows as needed and never shrinks, and nobody is handed a view of it: what is in it
 * holds until the next kernel, and a view until it grows.
 */
import { type Memory, newMemory } from "./engine.ts";

const PAGE = 65536;

/** More than this is not asked for: the kernels split their work so as to need much less. */
const LIMIT = 2 ** 29;

let limit = LIMIT;

/** For tests: what memory may grow to at most, in bytes; null for what it is. */
export function setWindowLimit(bytes: number | null): void {
  limit = bytes ?? LIMIT;
}

export interface Window {
  readonly memory: Memory;
  readonly float64: Float64Array;
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly bool: Uint8Array;
}

let current: Window | null = null;

/**
 * The window with room for so many bytes, or null where memory does not have them. A view of before may be detached
 * after.
 */
export function windowOf(bytes: number): Window | null {
  if (bytes > limit) return null;
  try {
    current ??= viewed(newMemory(1));
    const missing = bytes - current.memory.buffer.byteLength;
    if (missing > 0) {
      current.memory.grow(Math.ceil(missing / PAGE));
      current = viewed(current.memory);
    }
    return current;
  } catch {
    return null;
  }
}

function viewed(memory: Memory): Window {
  const { buffer } = memory;
  return {
    memory,
    float64: new Float64Array(buffer),
    float32: new Float32Array(buffer),
    int32: new Int32Array(buffer),
    bool: new Uint8Array(buffer),
  };
}
