/**
 * CIFAR-10 in its binary version: records of a label byte and 3072 bytes of pixels, 1024 red ones, then green, then
 * blue, each row by row (A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; format:
 * https://www.cs.toronto.edu/~kriz/cifar.html).
 */
import { allocate, fromData } from "../../graph/index.ts";
import { NONE } from "../../graph/options.ts";
import { type Bytes, checkedBytes, type NameOption, sourceOf } from "./bytes.ts";
import { damaged, type Source } from "./error.ts";
import { type FilePath, type Opened, opened } from "./file.ts";
import {
  copyPixels,
  countOf,
  type ImageOptions,
  imageOptions,
  type Labelled,
  labelAt,
  type Reading,
} from "./pixels.ts";

/** What the labels stand for. */
export const CIFAR10_CLASSES: readonly string[] = Object.freeze([
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
]);

const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

/**
 * The images in the bytes of a CIFAR-10 file, such as `data_batch_1.bin`: x of [N, 3, 32, 32] and labels of [N].
 *
 * @param options.name what the file is called, for errors
 * @throws DataError, naming file and byte, where the bytes are not whole records, or a label is none from 0 to 9
 */
export function parseCifar10(bytes: Bytes, options: ImageOptions & NameOption = NONE): Labelled {
  const reading = imageOptions("parseCifar10", options, ["name"]);
  const source = sourceOf("parseCifar10", options);
  return decoded([{ source, bytes: checkedBytes("parseCifar10", bytes) }], reading);
}

/**
 * The images in a CIFAR-10 file, as {@link parseCifar10} gives them.
 *
 * @throws DataError where there is no such file, or it is damaged
 */
export async function readCifar10(file: FilePath, options: ImageOptions = NONE): Promise<Labelled> {
  const reading = imageOptions("readCifar10", options, []);
  return decoded([await opened("readCifar10", file, { gzip: true })], reading);
}

/** How many records there are. @throws DataError where they are not whole, or none */
export function recordsIn({ source, bytes }: Opened): number {
  const records = Math.floor(bytes.length / RECORD);
  const left = bytes.length - records * RECORD;
  if (left !== 0 || records === 0) {
    const remedy = left === 0 ? "" : "was it cut short, or is it not CIFAR-10's binary version?";
    const expected = `a record of ${RECORD} bytes (a label and ${PIXELS} pixels)`;
    const received = left === 0 ? "an empty file" : `${left} bytes`;
    throw damaged(source, records * RECORD, expected, received, remedy);
  }
  return records;
}

/** The records of several files, one after the other. */
export function decoded(files: readonly Opened[], { dtype, isUnit, first }: Reading): Labelled {
  const available = files.reduce((sum, file) => sum + recordsIn(file), 0);
  const last = files.at(-1)!;
  const count = countOf(last.source, "images", available, first, last.bytes.length);
  const x = allocate(dtype, count * PIXELS);
  const labels = allocate("int32", count);
  let row = 0;
  for (const { source, bytes } of files) {
    for (let at = 0; at < bytes.length && row < count; at += RECORD, row++) {
      labels[row] = labelOf(source, bytes, at);
      copyPixels(bytes.subarray(at + 1, at + RECORD), x, row * PIXELS, isUnit);
    }
  }
  return { x: fromData([count, 3, 32, 32], dtype, x), labels: fromData([count], "int32", labels) };
}

function labelOf(source: Source, bytes: Uint8Array, at: number): number {
  return labelAt(source, bytes, at, `it begins record ${at / RECORD}; is this CIFAR-10's binary version?`);
}
