/** Files, where there are any. Nothing of Node's is imported, so that what parses bytes runs in a page too. */
import { ArgumentError, describe } from "../../graph/index.ts";
import { type Source, unusable } from "./error.ts";
import { gunzipped, isGzip } from "./gzip.ts";
import { builtin } from "./node.ts";

/** A path, or a `file:` URL. */
export type FilePath = string | URL;

/** A file's bytes, and what to call them. */
export interface Opened {
  readonly source: Source;
  readonly bytes: Uint8Array;
}

/**
 * A whole file; unpacked, where it is gzip'ed and may be.
 *
 * @throws DataError where there is none, or it is a folder, a pipe or a device, or cannot be read or unpacked
 * @throws ArgumentError for what is no path
 */
export async function opened(
  op: string,
  file: FilePath,
  { gzip }: { readonly gzip: boolean },
): Promise<Opened> {
  const source = { op, file: pathOf(op, file) };
  const { readFile, stat } = builtin(op, "node:fs/promises");
  let bytes: Uint8Array;
  try {
    const found = await stat(file);
    if (found.isDirectory()) {
      throw unusable(source, `a file at ${source.file}`, "a folder", "name the file in it");
    }
    // A pipe or a device may never come to an end.
    if (!found.isFile()) throw unusable(source, `a file at ${source.file}`, "a pipe or a device");
    // Not the Buffer that it is, whose slice is no copy.
    const { buffer, byteOffset, byteLength } = await readFile(file);
    bytes = new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    throw because(source, `a file at ${source.file}`, error);
  }
  return { source, bytes: gzip && isGzip(bytes) ? await gunzipped(source, bytes) : bytes };
}

/**
 * Put bytes into a file, in place of what is there.
 *
 * @throws DataError where that cannot be
 * @throws ArgumentError for what is no path
 */
export async function written(op: string, file: FilePath, bytes: Uint8Array): Promise<void> {
  const source = { op, file: pathOf(op, file) };
  const { writeFile } = builtin(op, "node:fs/promises");
  try {
    await writeFile(file, bytes);
  } catch (error) {
    throw because(source, `a file that can be written at ${source.file}`, error);
  }
}

/** What is in a folder. */
export interface Folder {
  readonly source: Source;
  readonly names: readonly string[];
  /** The path of something in it. */
  at(name: string): string;
}

/**
 * The names of what is in a folder, in order.
 *
 * @throws DataError where there is none
 * @throws ArgumentError for what is no path
 */
export async function listed(op: string, folder: FilePath): Promise<Folder> {
  const source = { op, file: pathOf(op, folder) };
  const { readdir } = builtin(op, "node:fs/promises");
  const { join } = builtin(op, "node:path");
  const { fileURLToPath } = builtin(op, "node:url");
  try {
    const names = (await readdir(folder)).sort();
    const path = typeof folder === "string" ? folder : fileURLToPath(folder);
    return { source, names, at: (name) => join(path, name) };
  } catch (error) {
    throw because(source, `a folder at ${source.file}`, error);
  }
}

function pathOf(op: string, file: FilePath): string {
  if (typeof file === "string" && file !== "") return file;
  if (file instanceof URL) return file.href;
  throw new ArgumentError(op, "the path of a file, or its URL", describe(file));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "nothing there",
  ENOTDIR: "something that is no folder",
  EISDIR: "a folder",
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "a file system that is read only",
  ENOSPC: "no space left",
  ELOOP: "links that lead in a circle",
  ERR_FS_FILE_TOO_LARGE: "more than can be read at once",
  ERR_INVALID_ARG_VALUE: "no path that can be",
  ERR_INVALID_URL_SCHEME: "a URL that is no file's",
};

/** What the system says, in one line. */
function because(source: Source, expected: string, error: unknown): unknown {
  if (error instanceof URIError) return unusable(source, expected, "a URL that does not decode");
  if (!(error instanceof Error) || !("code" in error)) return error;
  const code = String(error.code);
  return unusable(source, expected, REASONS[code] ?? code);
}
