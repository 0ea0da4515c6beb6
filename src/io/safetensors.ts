/**
 * Named tensors as bytes, in the safetensors format, which other frameworks read and write:
 * eight bytes with the length of the header, the header in JSON, then all numbers, little-endian, without a gap.
 */
import {
  ArgumentError,
  allocate,
  type Data,
  type DType,
  describe,
  fromData,
  sizeOf,
  Tensor,
} from "../../graph/index.ts";
import { checkedOptions, NONE } from "../../graph/options.ts";
import { FormatError } from "./errors.ts";
import { type Code, type Entry, type Header, PREFIX, parsedHeader, WIDTHS } from "./safetensorsHeader.ts";

/** What a file holds. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Whatever the writer had to say: strings by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The name in the file of each dtype, the widest first: so they are laid out, and none is misaligned. */
const CODES: readonly (readonly [DType, Code])[] = [
  ["float64", "F64"],
  ["float32", "F32"],
  ["int32", "I32"],
  ["bool", "BOOL"],
];

/**
 * The bytes of a safetensors file: bit for bit the tensors' numbers, NaN's payloads and -0 included. The same tensors
 * give the same bytes, in whatever order they come.
 *
 * @throws ArgumentError where a value is no tensor, metadata are no strings, or a tensor is called `__metadata__`
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  options: { readonly metadata?: Readonly<Record<string, string>> } = NONE,
): Uint8Array<ArrayBuffer> {
  const { metadata = {} } = checkedOptions("writeSafetensors", options, ["metadata"]);
  const parts = inFileOrder(tensors);
  const fields: string[] = [];
  const told = Object.entries(metadata);
  if (told.length > 0) {
    for (const [key, value] of told) {
      if (typeof value === "string") continue;
      throw new ArgumentError("writeSafetensors", `metadata ${key} to be a string`, describe(value));
    }
    fields.push(`"__metadata__":{${told.map((pair) => pair.map(quoted).join(":")).join(",")}}`);
  }
  let end = 0;
  for (const { name, tensor, code } of parts) {
    const begin = end;
    end += tensor.size * WIDTHS[code];
    const entry = { dtype: code, shape: tensor.shape, data_offsets: [begin, end] };
    fields.push(`${quoted(name)}:${JSON.stringify(entry)}`);
  }
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  // Spaces up to a multiple of eight: whoever maps the file into memory finds the numbers aligned.
  const length = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(PREFIX + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, PREFIX, PREFIX + length);
  bytes.set(header, PREFIX);
  let at = PREFIX + length;
  for (const { tensor, code } of parts) {
    // Copied as bytes: a float32 that is NaN may lose its payload where it becomes a JavaScript number.
    const { buffer, byteOffset, byteLength } = tensor.data.subarray() as Data;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    swapForHost(bytes, at, byteLength, WIDTHS[code]);
    at += byteLength;
  }
  return bytes;
}

/**
 * What the bytes of a safetensors file hold: tensors of F64, F32, I32 and BOOL.
 *
 * Everything is checked: lengths, the header's JSON, names that come twice, that the tensors' places follow one
 * another without gap or overlap to the very end, and have the size that shape and dtype make.
 *
 * @throws FormatError saying what is wrong, and at which byte, where that can be told
 * @throws ArgumentError for what is no Uint8Array
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  if (Object.prototype.toString.call(bytes) !== "[object Uint8Array]") {
    throw new ArgumentError("readSafetensors", "a Uint8Array", describe(bytes));
  }
  const { entries, metadata, dataStart }: Header = parsedHeader(bytes);
  // Without a prototype, so that a tensor may be called anything.
  const tensors: Record<string, Tensor> = Object.create(null);
  for (const entry of entries) tensors[entry.name] = tensorAt(bytes, dataStart + entry.begin, entry);
  return { tensors, metadata };
}

function tensorAt(bytes: Uint8Array, start: number, { name, dtype: code, shape }: Entry): Tensor {
  const dtype = CODES.find(([, c]) => c === code)![0];
  const data = allocate(dtype, sizeOf(shape));
  const into = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  into.set(bytes.subarray(start, start + into.length));
  const odd = dtype === "bool" ? into.findIndex((byte) => byte > 1) : -1;
  if (odd >= 0) {
    const expected = `bytes 0 and 1 for the BOOL tensor ${JSON.stringify(name)}`;
    throw new FormatError("readSafetensors", expected, `${into[odd]}`, start + odd);
  }
  swapForHost(into, 0, into.length, WIDTHS[code]);
  return fromData(shape, dtype, data);
}

interface Part {
  readonly name: string;
  readonly tensor: Tensor;
  readonly code: Code;
}

/** By dtype, the widest first, then by name: the order of the reference implementation. */
function inFileOrder(tensors: Readonly<Record<string, Tensor>>): readonly Part[] {
  if (typeof tensors !== "object" || tensors === null || tensors instanceof Tensor) {
    throw new ArgumentError("writeSafetensors", "tensors by name: { W1: ... }", describe(tensors));
  }
  const named = Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, tensor] of named) {
    if (!(tensor instanceof Tensor)) {
      throw new ArgumentError("writeSafetensors", `${name} to be a tensor`, describe(tensor));
    }
    if (name === "__metadata__") {
      throw new ArgumentError("writeSafetensors", "a tensor of another name", name, "the format keeps it");
    }
    if (/\p{Surrogate}/u.test(name)) {
      throw new ArgumentError("writeSafetensors", "names in whole characters", quoted(name));
    }
  }
  return CODES.flatMap(([dtype, code]) =>
    named.filter(([, tensor]) => tensor.dtype === dtype).map(([name, tensor]) => ({ name, tensor, code })),
  );
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Files are little-endian; what is not, turns each number round, in place. */
function swapForHost(bytes: Uint8Array, start: number, count: number, width: number): void {
  if (IS_LITTLE_ENDIAN || width === 1) return;
  for (let i = start; i < start + count; i += width) bytes.subarray(i, i + width).reverse();
}
