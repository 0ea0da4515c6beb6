import { ArgumentError, describe, type Tensor } from "../../../graph/index.ts";
import { checkedFlag, checkedOptions, NONE } from "../../../graph/options.ts";
import { type Bytes, checkedBytes, type NameOption, sourceOf } from "../bytes.ts";
import { damaged } from "../error.ts";
import { type FilePath, type Opened, opened, written } from "../file.ts";
import { packaged } from "../package.ts";
import { crc32 } from "./crc32.ts";
import { arrayIn, npyBytes } from "./npy.ts";
import { type Entry, entriesOf } from "./zip.ts";

/** NamedArrays by their names, as `np.savez` keeps them. */
export type NamedArrays = Readonly<Record<string, Tensor>>;

export interface NpzOptions {
  /** Deflated, as `np.savez_compressed` does; stored as they are unless asked. */
  readonly compress?: boolean;
}

/**
 * The arrays in the bytes of an .npz file, by name: each is an .npy, and what {@link parseNpy} says holds. Checksums
 * are looked at, so damage does not pass for data.
 *
 * @param options.name what the file is called, for errors
 * @throws DataError, naming file and byte, where it is no archive of .npy files, or damaged; and, where arrays are
 *   compressed, if the package `fflate` is not installed
 */
export async function parseNpz(bytes: Bytes, options: NameOption = NONE): Promise<NamedArrays> {
  checkedOptions("parseNpz", options, ["name"]);
  return arraysIn({ source: sourceOf("parseNpz", options), bytes: checkedBytes("parseNpz", bytes) });
}

/**
 * The arrays in an .npz file, as {@link parseNpz} gives them.
 *
 * @throws DataError where there is no such file, or it is damaged
 */
export async function readNpz(file: FilePath): Promise<NamedArrays> {
  return arraysIn(await opened("readNpz", file, { gzip: false }));
}

/**
 * Tensors as an .npz file. The same tensors give the same bytes: no time of day is kept.
 *
 * @throws DataError where the package `fflate` is not installed
 * @throws ArgumentError for what is no record of tensors
 */
export async function toNpz(
  arrays: NamedArrays,
  options: NpzOptions = NONE,
): Promise<Uint8Array<ArrayBuffer>> {
  return zipped("toNpz", arrays, options);
}

/**
 * Write tensors to an .npz file, in place of what is there.
 *
 * @throws DataError where that cannot be, or the package `fflate` is not installed
 * @throws ArgumentError for what is no record of tensors
 */
export async function writeNpz(
  file: FilePath,
  arrays: NamedArrays,
  options: NpzOptions = NONE,
): Promise<void> {
  await written("writeNpz", file, await zipped("writeNpz", arrays, options));
}

async function zipped(
  op: string,
  arrays: NamedArrays,
  options: NpzOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const compress = checkedFlag(op, "compress", checkedOptions(op, options, ["compress"]).compress, false);
  if (typeof arrays !== "object" || arrays === null || !isPlain(arrays)) {
    throw new ArgumentError(op, "a record of tensors, { name: tensor }", describe(arrays));
  }
  const files = Object.entries(arrays).map(([name, x]) => {
    if (name === "") throw new ArgumentError(op, "names that are not empty", '""');
    return [`${name}.npy`, npyBytes(op, x, ` for ${name}`)] as const;
  });
  const { zipSync } = await packaged(op, "fflate", () => import("fflate"));
  // Local time, as zip has it: the first of its days, everywhere.
  return zipSync(Object.fromEntries(files), { level: compress ? 6 : 0, mtime: new Date(1980, 0, 1) });
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

async function arraysIn(file: Opened): Promise<NamedArrays> {
  const arrays = new Map<string, Tensor>();
  for (const entry of entriesOf(file)) {
    const name = /^(.+)\.npy$/s.exec(entry.name)?.[1];
    if (name === undefined || arrays.has(name)) {
      const received = `${entry.name}${name === undefined ? "" : " once more"}`;
      throw damaged(file.source, entry.offset, "an array's .npy", received);
    }
    const source = { op: file.source.op, file: `${entry.name} in ${file.source.file}` };
    arrays.set(name, arrayIn({ source, bytes: await unpacked(file, entry) }));
  }
  // Not by assignment, to which __proto__ is no name.
  return Object.fromEntries(arrays);
}

/** @throws DataError where they are not what was packed */
async function unpacked({ source }: Opened, entry: Entry): Promise<Uint8Array> {
  const bytes = entry.isDeflated ? await inflated(source.op, entry) : entry.bytes;
  if (bytes !== null && crc32(bytes) === entry.crc) return bytes;
  const expected = `${entry.name} as it was packed (by its checksum)`;
  throw damaged(source, entry.offset, expected, "something else", "the archive is damaged");
}

async function inflated(op: string, { bytes, size }: Entry): Promise<Uint8Array | null> {
  const { inflateSync } = await packaged(op, "fflate", () => import("fflate"));
  try {
    return inflateSync(bytes, { out: new Uint8Array(size) });
  } catch {
    return null;
  }
}
