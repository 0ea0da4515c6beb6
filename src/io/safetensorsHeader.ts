/** The header of a safetensors file, read as strictly as the format is defined. */
import { describe, type Shape } from "../../graph/index.ts";
import { FormatError } from "./errors.ts";

export type Code = "F64" | "F32" | "I32" | "BOOL";

/** Bytes an element. */
export const WIDTHS: Readonly<Record<Code, number>> = Object.freeze({ F64: 8, F32: 4, I32: 4, BOOL: 1 });

/** The bytes before the header: its length. */
export const PREFIX = 8;

/** Longer ones the reference implementation refuses too. */
const LONGEST = 100_000_000;

export interface Entry {
  readonly name: string;
  readonly dtype: Code;
  readonly shape: Shape;
  /** Counted from where the numbers begin. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their places. */
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly dataStart: number;
}

/** @throws FormatError unless header and length of the file are right to the last byte */
export function parsedHeader(bytes: Uint8Array): Header {
  const dataStart = PREFIX + headerLength(bytes);
  const text = decoded(bytes.subarray(PREFIX, dataStart));
  const header = parsed(text);
  const keys = Object.keys(header);
  const twice = repeatedKey(text);
  if (twice !== null) throw bad("every name once", `${JSON.stringify(twice)} twice`);
  const entries = keys
    .filter((key) => key !== "__metadata__")
    .map((key) => entryOf(key, header[key]))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  assertContiguous(entries, dataStart, bytes.length);
  return { entries, metadata: metadataOf(header["__metadata__"]), dataStart };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < PREFIX) {
    throw bad(`${PREFIX} bytes with the header's length`, `a file of ${bytes.length} bytes`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(LONGEST)) throw bad(`a header of at most ${LONGEST} bytes`, `a length of ${length}`, 0);
  if (length > BigInt(bytes.length - PREFIX)) {
    const received = `${bytes.length - PREFIX}: the file ends`;
    throw bad(`a header of ${length} bytes`, received, bytes.length);
  }
  return Number(length);
}

function decoded(bytes: Uint8Array): string {
  if (bytes[0] !== 0x7b) {
    const received = bytes.length === 0 ? "nothing" : `0x${bytes[0]!.toString(16).padStart(2, "0")}`;
    throw bad('a header that starts with "{"', received, PREFIX);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw bad("a header in UTF-8", "bytes that are not");
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    // It starts with a brace, so it is an object if it is anything.
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw bad("a header in JSON", error instanceof Error ? error.message : String(error));
  }
}

/** JSON.parse keeps the last of two with one name; in this format it is an error. */
function repeatedKey(text: string): string | null {
  const seen = new Set<string>();
  let depth = 0;
  for (const [token, key, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*(:?)|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && colon === ":") {
      const name = JSON.parse(key!) as string;
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return null;
}

function entryOf(name: string, value: unknown): Entry {
  const label = JSON.stringify(name);
  const fields = recordOf(`an object for ${label}`, value);
  const { dtype, shape, data_offsets: offsets } = fields as Readonly<Partial<Record<string, unknown>>>;
  const isKnown = Object.keys(fields).every((key) => ["dtype", "shape", "data_offsets"].includes(key));
  if (!isKnown) throw bad(`dtype, shape and data_offsets of ${label} alone`, Object.keys(fields).join(", "));
  if (typeof dtype !== "string" || !Object.hasOwn(WIDTHS, dtype)) {
    throw bad(`a dtype of ${Object.keys(WIDTHS).join(", ")} for ${label}`, describe(dtype));
  }
  if (!isCounts(shape)) throw bad(`a shape of integers >= 0 for ${label}`, JSON.stringify(shape) ?? "none");
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw bad(`two data_offsets for ${label}`, JSON.stringify(offsets) ?? "none");
  }
  const [begin, end] = offsets as [number, number];
  const width = WIDTHS[dtype as Code];
  const size = shape.reduce((a, b) => a * b, width);
  if (end - begin !== size) {
    throw bad(`${size} bytes for ${label}, ${dtype} of shape [${shape}]`, `data_offsets [${begin},${end}]`);
  }
  return { name, dtype: dtype as Code, shape, begin, end };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function metadataOf(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const fields = recordOf("an object for __metadata__", value);
  for (const [key, text] of Object.entries(fields)) {
    if (typeof text !== "string")
      throw bad(`a string for ${JSON.stringify(key)} of __metadata__`, describe(text));
  }
  return fields as Readonly<Record<string, string>>;
}

function recordOf(expected: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw bad(expected, describe(value));
}

/** No gap, no overlap, nothing left over. */
function assertContiguous(entries: readonly Entry[], dataStart: number, length: number): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) {
      const what = begin > at ? "a gap before it" : "an overlap";
      throw bad(`${JSON.stringify(name)} to begin at ${at}`, `${begin}: ${what}`, dataStart + begin);
    }
    at = end;
  }
  const total = dataStart + at;
  if (total === length) return;
  const what = length < total ? "it is cut off" : `${length - total} bytes too many`;
  throw bad(`a file of ${total} bytes`, `${length}: ${what}`, Math.min(length, total));
}

function bad(expected: string, received: string, offset: number | null = null): FormatError {
  return new FormatError("readSafetensors", expected, received, offset);
}
