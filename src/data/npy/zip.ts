/**
 * What is in a zip archive (PKWARE's APPNOTE.TXT 4.3), with its checksums, which fflate does not look at: a byte that
 * went wrong in a stored array would else be a number that went wrong.
 */
import { shownBytes } from "../bytes.ts";
import { damaged, type Source } from "../error.ts";
import type { Opened } from "../file.ts";

export interface Entry {
  readonly name: string;
  readonly isDeflated: boolean;
  /** As they lie in the archive. */
  readonly bytes: Uint8Array;
  /** Where that is. */
  readonly offset: number;
  /** How many bytes they unpack to, and the checksum of these. */
  readonly size: number;
  readonly crc: number;
}

const END = { signature: 0x06054b50, size: 22 } as const;
const CENTRAL = { signature: 0x02014b50, size: 46 } as const;
const LOCAL = { signature: 0x04034b50, size: 30 } as const;
const ENCRYPTED = 1;
const ZIP64 = 0xffffffff;
const NOT_READ = "an archive that zip without its 64-bit extension holds, in one part and not encrypted,";

/** @throws DataError where it is no such archive, or damaged */
export function entriesOf({ source, bytes }: Opened): readonly Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(source, view);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (view.getUint32(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count || start === ZIP64) {
    throw damaged(source, end, NOT_READ, shownBytes(bytes, end + 4, 16));
  }
  if (start + size !== end) {
    throw damaged(source, end, `the directory of ${size} bytes from byte ${start} to end`, "another place");
  }
  const entries: Entry[] = [];
  let at = start;
  for (let k = 0; k < count; k++) {
    const entry = entryAt(source, view, at, { start, end });
    entries.push(entry.entry);
    at = entry.next;
  }
  if (at !== end)
    throw damaged(source, at, `the end of a directory of ${count} entries`, `${end - at} more bytes`);
  return entries;
}

/** The record that ends an archive: before it only a comment may make it hard to find. */
function endOf(source: Source, view: DataView): number {
  const last = view.byteLength - END.size;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === END.signature && view.getUint16(at + 20, true) === last - at) return at;
  }
  const remedy = "was it cut short, or is it no .npz?";
  throw damaged(source, Math.max(last, 0), "the record that ends a zip archive", "none", remedy);
}

interface Directory {
  readonly start: number;
  readonly end: number;
}

function entryAt(
  source: Source,
  view: DataView,
  at: number,
  directory: Directory,
): { readonly entry: Entry; readonly next: number } {
  assertRecord(source, view, at, CENTRAL, directory.end);
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const nameLength = view.getUint16(at + 28, true);
  const offset = view.getUint32(at + 42, true);
  const next = at + CENTRAL.size + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > directory.end) throw damaged(source, at, "an entry within the directory", "a longer one");
  if ((flags & ENCRYPTED) !== 0 || [packed, size, offset].includes(ZIP64)) {
    throw damaged(source, at, NOT_READ, (flags & ENCRYPTED) !== 0 ? "an encrypted one" : "a larger one");
  }
  if (method !== 0 && method !== 8) {
    throw damaged(source, at + 10, "an entry that is stored (0) or deflated (8)", `method ${method}`);
  }
  // Deflate makes at most 1032 of one: more is a lie, and would be room asked for in vain.
  if (method === 0 ? size !== packed : size > 1032 * packed + 64) {
    throw damaged(source, at + 24, `a size that ${packed} bytes unpack to`, `${size}`);
  }
  const name = nameAt(source, view, at + CENTRAL.size, nameLength);

  assertRecord(source, view, offset, LOCAL, directory.start);
  const localName = nameAt(source, view, offset + LOCAL.size, view.getUint16(offset + 26, true));
  if (localName !== name) throw damaged(source, offset + LOCAL.size, `the name ${name}`, localName);
  const data = offset + LOCAL.size + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (data + packed > directory.start) {
    throw damaged(source, data, `${packed} bytes of ${name}`, `${Math.max(0, directory.start - data)}`);
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset + data, packed);
  return { entry: { name, isDeflated: method === 8, bytes, offset: data, size, crc }, next };
}

function assertRecord(
  source: Source,
  view: DataView,
  at: number,
  { signature, size }: { readonly signature: number; readonly size: number },
  end: number,
): void {
  if (at + size <= end && view.getUint32(at, true) === signature) return;
  const shown = signature.toString(16).padStart(8, "0");
  throw damaged(source, at, `a zip record of ${size} bytes with signature 0x${shown}`, "something else");
}

/** ASCII and UTF-8 are what NumPy writes. */
function nameAt(source: Source, view: DataView, at: number, length: number): string {
  if (at + length > view.byteLength)
    throw damaged(source, at, `a name of ${length} bytes`, "the end of the file");
  // A copy: TextDecoder takes no shared memory.
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length).slice();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw damaged(source, at, "a name in UTF-8", shownBytes(bytes, 0, 8));
  }
}
