/** Files that were packed with gzip, as MNIST's are. */
import { damaged, type Source, unusable } from "./error.ts";
import { builtin } from "./node.ts";

/** Whether bytes begin as gzip's do (RFC 1952). Nothing else that is read here begins so. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * What was packed.
 *
 * @throws DataError where it is cut short, or damaged: gzip keeps a checksum
 */
export function gunzipped(source: Source, bytes: Uint8Array): Promise<Uint8Array> {
  const { gunzip } = builtin(source.op, "node:zlib");
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength: 2 ** 31 - 1 }, (error, unpacked) => {
      if (error !== null) reject(because(source, bytes, error));
      else resolve(new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength));
    });
  });
}

function because(source: Source, bytes: Uint8Array, error: Error): unknown {
  const code = "code" in error ? String(error.code) : "";
  const expected = "the rest of what was gzip'ed";
  if (code === "Z_BUF_ERROR") return damaged(source, bytes.length, expected, "the end of the file");
  if (code === "ERR_BUFFER_TOO_LARGE") {
    return unusable(source, `${source.file} to unpack to less than 2 GiB`, "more");
  }
  return unusable(source, `${source.file} to be whole`, `damage in what was gzip'ed (${error.message})`);
}
