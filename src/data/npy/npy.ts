import {
  ArgumentError,
  allocate,
  type Data,
  describe,
  fromData,
  type Shape,
  ShapeError,
  sizeOf,
  stridesOf,
  Tensor,
} from "../../../graph/index.ts";
import { checkedOptions, NONE } from "../../../graph/options.ts";
import { type Bytes, checkedBytes, type NameOption, sourceOf } from "../bytes.ts";
import { damaged } from "../error.ts";
import { type FilePath, type Opened, opened, written } from "../file.ts";
import { DESCR, type Elements, kindOf } from "./elements.ts";
import { headerBytes, headerOf } from "./header.ts";

/**
 * The array in the bytes of an .npy file, bit for bit: float64, float32, int32 and bool as they are, float16 as
 * float32, other integers as int32 where they fit. Either byte order, and Fortran's order, are read.
 *
 * @param options.name what the file is called, for errors
 * @throws DataError, naming file and byte, for other bytes, other dtypes (with the reason), integers outside int32, and
 *   fewer or more bytes than the header says
 */
export function parseNpy(bytes: Bytes, options: NameOption = NONE): Tensor {
  checkedOptions("parseNpy", options, ["name"]);
  return arrayIn({ source: sourceOf("parseNpy", options), bytes: checkedBytes("parseNpy", bytes) });
}

/**
 * The array in an .npy file, as {@link parseNpy} gives it.
 *
 * @throws DataError where there is no such file, or it is damaged
 */
export async function readNpy(file: FilePath): Promise<Tensor> {
  return arrayIn(await opened("readNpy", file, { gzip: true }));
}

/**
 * A tensor as an .npy file, to the byte as NumPy writes it.
 *
 * @throws ArgumentError for what is no tensor, ShapeError for more than the 64 axes that NumPy knows
 */
export function toNpy(x: Tensor): Uint8Array<ArrayBuffer> {
  return npyBytes("toNpy", x, "");
}

/**
 * Write a tensor to an .npy file, in place of what is there.
 *
 * @throws DataError where that cannot be
 * @throws ArgumentError for what is no tensor, ShapeError for more than the 64 axes that NumPy knows
 */
export async function writeNpy(file: FilePath, x: Tensor): Promise<void> {
  await written("writeNpy", file, npyBytes("writeNpy", x, ""));
}

/** What {@link toNpy} does, for whoever has another name. */
export function npyBytes(op: string, x: unknown, what: string): Uint8Array<ArrayBuffer> {
  if (!(x instanceof Tensor)) {
    throw new ArgumentError(op, `a tensor${what}`, describe(x), "tensor([...]) makes one of arrays");
  }
  if (x.rank > 64) throw new ShapeError(op, "at most 64 axes, which is what NumPy reads,", `${x.rank}`);
  const header = headerBytes(DESCR[x.dtype], x.shape);
  const numbers = x.data as Data;
  const bytes = new Uint8Array(header.length + numbers.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), header.length);
  return bytes;
}

/** What {@link parseNpy} does, for whoever has another name. */
export function arrayIn(file: Opened): Tensor {
  const { source, bytes } = file;
  const header = headerOf(file);
  const { shape, end: start, isFortran } = header;
  const { kind, isSwapped } = kindOf(source, header);
  const count = sizeOf(shape);
  const end = start + count * kind.width;
  if (bytes.length < end) {
    const expected = `${count} elements of ${kind.width} bytes (shape [${shape}]) up to byte ${end}, so more`;
    throw damaged(source, bytes.length, expected, "the end of the file", "was it cut short?");
  }
  if (bytes.length > end) {
    const expected = `the end of ${count} elements of ${kind.width} bytes (shape [${shape}])`;
    throw damaged(
      source,
      end,
      expected,
      `${bytes.length - end} more bytes`,
      "keep one array a file, or use .npz",
    );
  }
  const stored = bytes.subarray(start);
  const elements: Elements = {
    bytes: isSwapped ? swapped(stored, kind.width) : stored,
    count,
    refused: (i, ...message) => damaged(source, start + i * kind.width, ...message),
  };
  const data = kind.read(elements);
  return fromData(shape, dtypeOf(data), isFortran && shape.length > 1 ? rowMajor(data, shape) : data);
}

function dtypeOf(data: Data): Tensor["dtype"] {
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Float32Array) return "float32";
  return data instanceof Int32Array ? "int32" : "bool";
}

/** Every element's bytes turned round. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const turned = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += width) {
    for (let b = 0; b < width; b++) turned[at + b] = bytes[at + width - 1 - b]!;
  }
  return turned;
}

/** What lies in Fortran's order, first axis fastest, in C's. Bytes are moved, so that NaNs keep their bits. */
function rowMajor(data: Data, shape: Shape): Data {
  const strides = stridesOf(shape.toReversed()).reverse();
  const width = data.BYTES_PER_ELEMENT;
  const from = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const moved = allocate(dtypeOf(data), data.length);
  const to = new Uint8Array(moved.buffer, moved.byteOffset, moved.byteLength);
  const index = new Array<number>(shape.length).fill(0);
  let position = 0;
  for (let i = 0; i < data.length; i++) {
    for (let b = 0; b < width; b++) to[i * width + b] = from[position * width + b]!;
    for (let k = shape.length - 1; k >= 0; k--) {
      position += strides[k]!;
      if (++index[k]! < shape[k]!) break;
      position -= index[k]! * strides[k]!;
      index[k] = 0;
    }
  }
  return moved;
}
