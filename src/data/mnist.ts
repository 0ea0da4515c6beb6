/**
 * MNIST, and what is kept in its way (Fashion-MNIST, say): the IDX format, two bytes of 0, one for the kind of number
 * (8: unsigned bytes), one for how many axes, their sizes as big-endian 32-bit integers, and the numbers (Y. LeCun,
 * C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits").
 */
import { allocate, fromData, ShapeError, type Tensor } from "../../graph/index.ts";
import { checkedInteger, checkedOptions, NONE } from "../../graph/options.ts";
import { type Bytes, checkedBytes, type NameOption, shownBytes, sourceOf } from "./bytes.ts";
import { damaged, type Source } from "./error.ts";
import { type FilePath, type Opened, opened } from "./file.ts";
import { isGzip } from "./gzip.ts";
import {
  copyPixels,
  countOf,
  type ImageOptions,
  imageOptions,
  type Labelled,
  labelAt,
  type Reading,
} from "./pixels.ts";

/**
 * The images in the bytes of an `images-idx3-ubyte` file: [N, 28, 28], or whatever size they are of.
 *
 * @param options.name what the file is called, for errors
 * @throws DataError, naming file and byte, for other bytes, or fewer or more than the header says
 */
export function parseMnistImages(bytes: Bytes, options: ImageOptions & NameOption = NONE): Tensor {
  const reading = imageOptions("parseMnistImages", options, ["name"]);
  const source = sourceOf("parseMnistImages", options);
  return imagesIn({ source, bytes: checkedBytes("parseMnistImages", bytes) }, reading);
}

/**
 * The labels in the bytes of a `labels-idx1-ubyte` file: int32 of [N].
 *
 * @throws DataError, naming file and byte, for other bytes, fewer or more than the header says, or a label over 9
 */
export function parseMnistLabels(
  bytes: Bytes,
  options: Pick<ImageOptions, "first"> & NameOption = NONE,
): Tensor {
  const { first } = checkedOptions("parseMnistLabels", options, ["first", "name"]);
  const count = first === undefined ? null : checkedInteger("parseMnistLabels", "first", first, 0);
  const source = sourceOf("parseMnistLabels", options);
  return labelsIn({ source, bytes: checkedBytes("parseMnistLabels", bytes) }, count);
}

/**
 * Images and labels from their two files, gzip'ed (as they are handed out) or not.
 *
 * @throws DataError where a file is not there, or is damaged
 * @throws ShapeError where there is not one label an image
 */
export async function readMnist(
  images: FilePath,
  labels: FilePath,
  options: ImageOptions = NONE,
): Promise<Labelled> {
  const reading = imageOptions("readMnist", options, []);
  return pairFrom("readMnist", images, labels, reading);
}

/** What {@link readMnist} does, for whoever has another name. */
export async function pairFrom(
  op: string,
  images: FilePath,
  labels: FilePath,
  reading: Reading,
): Promise<Labelled> {
  const pair = [await opened(op, images, { gzip: true }), await opened(op, labels, { gzip: true })] as const;
  const [pictured, named] = [headerOf(pair[0], 3).sizes[0]!, headerOf(pair[1], 1).sizes[0]!];
  if (pictured !== named) {
    const [{ source }, other] = pair;
    const received = `${pictured} in ${source.file} and ${named} in ${other.source.file}`;
    throw new ShapeError(op, "as many labels as images", received);
  }
  return { x: imagesIn(pair[0], reading), labels: labelsIn(pair[1], reading.first) };
}

function imagesIn(file: Opened, { dtype, isUnit, first }: Reading): Tensor {
  const { sizes, start } = headerOf(file, 3);
  const [available, height, width] = sizes as [number, number, number];
  const count = countOf(file.source, "images", available, first, file.bytes.length);
  const pixels = allocate(dtype, count * height * width);
  copyPixels(file.bytes.subarray(start, start + pixels.length), pixels, 0, isUnit);
  return fromData([count, height, width], dtype, pixels);
}

function labelsIn(file: Opened, first: number | null): Tensor {
  const { source, bytes } = file;
  const { sizes, start } = headerOf(file, 1);
  const count = countOf(source, "labels", sizes[0]!, first, bytes.length);
  const labels = allocate("int32", count);
  for (let i = 0; i < count; i++) labels[i] = labelAt(source, bytes, start + i, `it is label ${i}`);
  return fromData([count], "int32", labels);
}

/** The sizes of the axes, and where the numbers begin. */
interface Header {
  readonly sizes: readonly number[];
  readonly start: number;
}

/** @throws DataError where it is no header of so many axes of bytes, or not as many bytes follow as it says */
function headerOf({ source, bytes }: Opened, rank: 1 | 3): Header {
  const magic = [0, 0, 8, rank];
  const wrong = magic.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong >= 0) throw noIdx(source, bytes, wrong, rank);
  const start = 4 + 4 * rank;
  if (bytes.length < start) {
    throw damaged(source, bytes.length, `a header of ${start} bytes`, "the end of the file");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = Array.from({ length: rank }, (_, k) => view.getUint32(4 + 4 * k));
  const end = sizes.reduce((product, size) => product * size, 1) + start;
  if (bytes.length === end) return { sizes, start };
  const shape = `[${sizes}], as the header says`;
  if (bytes.length < end) {
    throw damaged(
      source,
      bytes.length,
      `${end - bytes.length} more bytes for ${shape},`,
      "the end of the file",
    );
  }
  throw damaged(source, end, `the end of ${shape},`, `${bytes.length - end} more bytes`);
}

function noIdx(source: Source, bytes: Uint8Array, at: number, rank: 1 | 3): Error {
  const what = rank === 3 ? "images (idx3-ubyte)" : "labels (idx1-ubyte)";
  const expected = `0x00 0x00 0x08 0x0${rank}, which ${what} begin with, and so 0x0${at === 2 ? 8 : at === 3 ? rank : 0}`;
  const other = bytes[3] === 1 ? "these are labels" : bytes[3] === 3 ? "these are images" : "";
  const remedy = isGzip(bytes) ? "it is gzip'ed: unpack it first, as readMnist does" : at === 3 ? other : "";
  return damaged(source, at, expected, shownBytes(bytes, at, 1), remedy);
}
