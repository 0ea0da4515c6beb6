/** A snapshot as two texts, of bytes and of JSON: what files hold, apart from the files. */
import type { Tensor } from "../../graph/index.ts";
import { type Json, packed, unpacked } from "../io/tree.ts";
import { CheckpointError } from "./errors.ts";
import { checkedSnapshot, type Snapshot } from "./snapshot.ts";

/** The file of numbers that belongs to a checkpoint. */
export interface ArraysFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Decoded {
  readonly arrays: ArraysFile;
  /** Once the numbers have been read. */
  snapshot(tensors: Readonly<Record<string, Tensor>>): Snapshot;
}

const FORMAT = "wengert/checkpoint";
const VERSION = 1;

/** What safetensors is to hold of a snapshot, and the rest. */
export function takenApart(snapshot: Snapshot): ReturnType<typeof packed> {
  return packed("checkpoint", "", snapshot);
}

/**
 * The JSON of a checkpoint. Its first line has the checksum of all that is between it and the last, so that no byte of
 * the file can change unseen.
 */
export function encoded(rest: Json, arrays: ArraysFile, sha256: (text: string) => string): string {
  const body = JSON.stringify({ format: FORMAT, version: VERSION, arrays, snapshot: rest });
  return `{"sha256":"${sha256(body)}","checkpoint":\n${body}\n}\n`;
}

/**
 * @throws CheckpointError with `isDamaged` where it is not what was written, without where it is that, but not for us:
 *   of another format or version
 */
export function decoded(text: string, file: string, sha256: (text: string) => string): Decoded {
  const damaged = (expected: string, received: string, offset: number | null = null): CheckpointError =>
    new CheckpointError(expected, received, { file, offset, isDamaged: true });
  const [first, sum] = /^\{"sha256":"([0-9a-f]{64})","checkpoint":\n/.exec(text) ?? [];
  if (first === undefined) {
    throw damaged('a first line {"sha256":"...","checkpoint":', text === "" ? "an empty file" : "another", 0);
  }
  if (!text.endsWith(END)) throw damaged("a last line }", "none: it is cut off", text.length);
  const body = text.slice(first.length, -END.length);
  const actual = sha256(body);
  if (actual !== sum) throw damaged(`contents of sha256 ${sum}`, `${actual}: some of them have changed`);
  const { format, version, arrays, snapshot } = JSON.parse(body) as Readonly<Record<string, Json>>;
  if (format !== FORMAT)
    throw new CheckpointError(`format ${FORMAT}`, JSON.stringify(format) ?? "none", { file });
  if (version !== VERSION) {
    const remedy = "read it with the version of wengert that wrote it";
    throw new CheckpointError(`version ${VERSION}`, JSON.stringify(version) ?? "none", { file }, remedy);
  }
  if (snapshot === undefined || !isArraysFile(arrays)) {
    throw new CheckpointError("arrays and a snapshot", "something else", { file });
  }
  return {
    arrays,
    snapshot: (tensors) => checkedSnapshot(unpacked("checkpoint", snapshot, tensors), file),
  };
}

const END = "\n}\n";

function isArraysFile(value: unknown): value is ArraysFile {
  if (typeof value !== "object" || value === null) return false;
  const { file, bytes, sha256 } = value as Readonly<Partial<Record<string, unknown>>>;
  // A name and no path: nothing outside the folder is read.
  return (
    typeof file === "string" &&
    /^[\w.-]+$/.test(file) &&
    Number.isSafeInteger(bytes) &&
    typeof sha256 === "string"
  );
}
