import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, describe } from "../../../graph/index.ts";
import { checkedFunction, checkedOptions, NONE } from "../../../graph/options.ts";
import { FormatError } from "../../io/errors.ts";
import { readSafetensors, writeSafetensors } from "../../io/safetensors.ts";
import { type ArraysFile, decoded, encoded, takenApart } from "../checkpoint.ts";
import { CheckpointError } from "../errors.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Checkpoints } from "../train.ts";
import { UNFINISHED, writeDurably } from "./durably.ts";

/**
 * Checkpoints in a folder of their own: the last, and the one before it.
 *
 * A checkpoint is `checkpoint-200.json` after 200 steps, which names the file of its arrays, and says how large that is
 * and what its SHA-256 is: `checkpoint-200-1f3a....safetensors`. The arrays are written first, and both under other
 * names until they are whole: a process that is killed at any moment leaves the last checkpoint, the one before it, or
 * both. What nobody names is removed at the next save.
 *
 * One run a folder, and one process a run.
 *
 * @param options `warn` is told, in one line, of a checkpoint that is damaged when the one before it is used instead;
 *   without it the line goes to standard error
 * @throws ArgumentError for what is no folder's name
 */
export function checkpointFolder(
  folder: string,
  options: { readonly warn?: (line: string) => void } = NONE,
): Checkpoints {
  if (typeof folder !== "string" || folder === "") {
    throw new ArgumentError("checkpointFolder", "the name of a folder", describe(folder));
  }
  const given = checkedOptions("checkpointFolder", options, ["warn"]);
  const { warn = (line) => void process.stderr.write(`${line}\n`) } = given;
  checkedFunction("checkpointFolder", "warn", warn);
  /** Of the last that is known to be good. */
  let last: number | null = null;
  return {
    where: folder,
    async load() {
      const damaged: CheckpointError[] = [];
      const all = iterationsIn(await namesIn(folder));
      for (const iteration of all) {
        try {
          const snapshot = await read(folder, iteration);
          last = iteration;
          for (const { message } of damaged)
            warn(`${message}; going on from step ${iteration}, saved before it`);
          return snapshot;
        } catch (error) {
          if (!(error instanceof CheckpointError) || !error.isDamaged) throw error;
          damaged.push(error);
        }
      }
      const [newest, ...older] = damaged;
      if (newest === undefined) return null;
      if (older.length === 0) throw newest;
      const received = `none of ${damaged.length}: ${damaged.map(({ message }) => message).join("; ")}`;
      throw new CheckpointError("one that is whole", received, { file: folder, isDamaged: true });
    },
    async save(snapshot) {
      await mkdir(folder, { recursive: true });
      await write(folder, snapshot);
      await tidy(folder, new Set([snapshot.iteration, last ?? snapshot.iteration]));
      last = snapshot.iteration;
    },
  };
}

const CHECKPOINT = /^checkpoint-(\d+)\.json$/;
const OURS = /^checkpoint-(\d+)(?:-[0-9a-f]+)?\.(?:json|safetensors)(?:\.\d+\.tmp)?$/;

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Of all that are there, the newest first. */
function iterationsIn(names: readonly string[]): readonly number[] {
  const found = names.map((name) => CHECKPOINT.exec(name)?.[1]).filter((digits) => digits !== undefined);
  return found.map(Number).sort((a, b) => b - a);
}

async function write(folder: string, snapshot: Snapshot): Promise<void> {
  const { tensors, rest } = takenApart(snapshot);
  const bytes = writeSafetensors(tensors);
  const sum = sha256(bytes);
  const file = `checkpoint-${snapshot.iteration}-${sum.slice(0, 16)}.safetensors`;
  await writeDurably(join(folder, file), bytes);
  const arrays: ArraysFile = { file, bytes: bytes.length, sha256: sum };
  // Last: from here on it is the checkpoint.
  await writeDurably(join(folder, `checkpoint-${snapshot.iteration}.json`), encoded(rest, arrays, sha256));
}

async function read(folder: string, iteration: number): Promise<Snapshot> {
  const file = join(folder, `checkpoint-${iteration}.json`);
  const { arrays, snapshot } = decoded(textOf(await readFile(file), file), file, sha256);
  return snapshot(await tensorsOf(join(folder, arrays.file), arrays));
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CheckpointError("text in UTF-8", "bytes that are not", { file, isDamaged: true });
  }
}

async function tensorsOf(
  file: string,
  expected: ArraysFile,
): Promise<ReturnType<typeof readSafetensors>["tensors"]> {
  const about = { file, isDamaged: true } as const;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new CheckpointError("the file of its arrays", "no such file", about);
  }
  if (bytes.length !== expected.bytes) {
    const what = bytes.length < expected.bytes ? "it is cut off" : "there is more";
    const offset = Math.min(bytes.length, expected.bytes);
    throw new CheckpointError(`${expected.bytes} bytes`, `${bytes.length}: ${what}`, { ...about, offset });
  }
  try {
    const { tensors } = readSafetensors(bytes);
    const sum = sha256(bytes);
    if (sum === expected.sha256) return tensors;
    throw new CheckpointError(
      `contents of sha256 ${expected.sha256}`,
      `${sum}: some of them have changed`,
      about,
    );
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const received = error.received.replace(/ at byte \d+$/, "");
    throw new CheckpointError(error.expected, received, { ...about, offset: error.offset });
  }
}

/** Remove all of ours but these, and what is unfinished: of a step that was never saved, or that is before these. */
async function tidy(folder: string, kept: ReadonlySet<number>): Promise<void> {
  const names = await namesIn(folder);
  const isKept = (name: string): boolean =>
    kept.has(Number(OURS.exec(name)![1])) && !name.endsWith(UNFINISHED);
  const spare = names.filter((name) => OURS.test(name) && !isKept(name));
  // What is named goes after what names it.
  const ordered = [
    ...spare.filter((name) => name.endsWith(".json")),
    ...spare.filter((name) => !name.endsWith(".json")),
  ];
  for (const name of ordered) await rm(join(folder, name), { force: true });
}

function sha256(contents: Uint8Array | string): string {
  return createHash("sha256").update(contents).digest("hex");
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
