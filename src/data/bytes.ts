/** Bytes that a caller gives, and what they are called in errors. */
import { ArgumentError, describe } from "../../graph/index.ts";
import type { Source } from "./error.ts";

/** Anything that holds bytes: what `fetch(...).arrayBuffer()` and `readFile` give. */
export type Bytes = Uint8Array | ArrayBufferLike | DataView;

/** What the bytes are called. */
export interface NameOption {
  /** The file's name, for errors. */
  readonly name?: string;
}

/**
 * A caller's bytes as one view, not copied.
 *
 * @throws ArgumentError for anything else
 */
export function checkedBytes(op: string, bytes: Bytes): Uint8Array {
  if (ArrayBuffer.isView(bytes)) {
    const kind: unknown = Reflect.get(bytes, Symbol.toStringTag);
    // The bytes of a Float64Array are those of this machine, not those of a file.
    if (kind === "Uint8Array" || kind === "DataView")
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } else if (/^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(bytes))) {
    return new Uint8Array(bytes);
  }
  throw new ArgumentError(op, "the bytes of a file: a Uint8Array or an ArrayBuffer", describe(bytes));
}

/** @throws ArgumentError where the name is no string */
export function sourceOf(op: string, { name }: NameOption): Source {
  if (name === undefined) return { op, file: "the bytes given" };
  if (typeof name !== "string" || name === "") {
    throw new ArgumentError(op, "name to be a non-empty string", describe(name));
  }
  return { op, file: name };
}

/** `0x1f 0x8b`, or what there is of them. */
export function shownBytes(bytes: Uint8Array, start: number, count: number): string {
  const shown = Array.from(
    bytes.subarray(start, start + count),
    (b) => `0x${b.toString(16).padStart(2, "0")}`,
  );
  return shown.length === 0 ? "the end" : shown.join(" ");
}
