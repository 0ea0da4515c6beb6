/** The kinds of number that .npy files hold, and what becomes of them here. */
import { allocate, type Data, type DType } from "../../../graph/index.ts";
import { type DataError, damaged, type Source } from "../error.ts";
import type { Header } from "./header.ts";

/** What is read of them: their bytes in this machine's order, wherever they begin. */
export interface Elements {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** The error at one of them. */
  readonly refused: (index: number, expected: string, received: string, remedy?: string) => DataError;
}

export interface Kind {
  /** Bytes an element. */
  readonly width: number;
  readonly read: (elements: Elements) => Data;
}

/** The order of bytes in this machine's numbers: NumPy's sign for it. */
export const HOST_ORDER: "<" | ">" = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? "<" : ">";

/** How tensors are written. */
export const DESCR: Readonly<Record<DType, string>> = {
  float64: `${HOST_ORDER}f8`,
  float32: `${HOST_ORDER}f4`,
  int32: `${HOST_ORDER}i4`,
  bool: "|b1",
};

const KINDS: Readonly<Record<string, Kind>> = {
  f8: { width: 8, read: same("float64") },
  f4: { width: 4, read: same("float32") },
  f2: { width: 2, read: halves },
  i1: { width: 1, read: (elements) => widened(new Int8Array(aligned(elements))) },
  u1: { width: 1, read: ({ bytes }) => widened(bytes) },
  i2: { width: 2, read: (elements) => widened(new Int16Array(aligned(elements))) },
  u2: { width: 2, read: (elements) => widened(new Uint16Array(aligned(elements))) },
  i4: { width: 4, read: same("int32") },
  u4: { width: 4, read: (elements) => narrowed(elements, new Uint32Array(aligned(elements)), "uint32") },
  i8: { width: 8, read: (elements) => narrowed(elements, new BigInt64Array(aligned(elements)), "int64") },
  u8: { width: 8, read: (elements) => narrowed(elements, new BigUint64Array(aligned(elements)), "uint64") },
  b1: { width: 1, read: booleans },
};

/** Why the others are not read. */
const REFUSED: Readonly<Record<string, string>> = {
  c: "complex numbers; save real and imaginary parts by themselves",
  S: "text, which no tensor holds",
  U: "text, which no tensor holds",
  a: "text, which no tensor holds",
  O: "Python objects, whose reading would run code",
  M: "dates; save them as numbers",
  m: "times; save them as numbers",
  V: "raw bytes (or a dtype that NumPy does not know, such as bfloat16); save them as float32",
  f: "floats wider than float64; save them as float64",
};

/**
 * What a descr stands for, and whether its bytes have to be turned round.
 *
 * @throws DataError, with the reason, for what no tensor holds
 */
export function kindOf(
  source: Source,
  { descr, descrAt }: Header,
): { readonly kind: Kind; readonly isSwapped: boolean } {
  const [, order = "", name = ""] = /^([<>|=]?)(.*)$/s.exec(descr) ?? [];
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind !== undefined)
    return { kind, isSwapped: kind.width > 1 && (order === "<" || order === ">") && order !== HOST_ORDER };
  const letter = /^[a-zA-Z]\d*(\[.*\])?$/.test(name) ? name[0]! : "";
  const reason = Object.hasOwn(REFUSED, letter) ? REFUSED[letter]! : "a dtype that is unknown here";
  const [received = "", remedy] = reason.split("; ");
  const expected = "a dtype of float64, float32, float16, bool or integers";
  throw damaged(source, descrAt, expected, `'${descr.slice(0, 32)}', ${received}`, remedy);
}

/** A typed array begins at a multiple of its width only, and a file's numbers need not. */
function aligned({ bytes }: Elements): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** Bit for bit, so that every NaN stays the one it was. */
function same(dtype: "float64" | "float32" | "int32"): Kind["read"] {
  return ({ bytes, count }) => {
    const data = allocate(dtype, count);
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength).set(bytes);
    return data;
  };
}

function widened(numbers: ArrayLike<number>): Data {
  const data = allocate("int32", numbers.length);
  data.set(numbers);
  return data;
}

function narrowed({ refused }: Elements, numbers: ArrayLike<number | bigint>, name: string): Data {
  const data = allocate("int32", numbers.length);
  for (let i = 0; i < data.length; i++) {
    const value = numbers[i]!;
    if (value < -(2 ** 31) || value >= 2 ** 31) {
      const remedy = "int32 is what integers are read as: save it as float64, as a.astype('f8')";
      throw refused(i, `${name} that fits int32`, `${value}`, remedy);
    }
    data[i] = Number(value);
  }
  return data;
}

function booleans({ bytes, refused }: Elements): Data {
  const data = allocate("bool", bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte > 1) throw refused(i, "a bool, 0 or 1", `${byte}`);
    data[i] = byte;
  }
  return data;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. float32 holds them all. */
function halves(elements: Elements): Data {
  const halfs = new Uint16Array(aligned(elements));
  const data = allocate("float32", halfs.length);
  for (let i = 0; i < data.length; i++) {
    const half = halfs[i]!;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    const magnitude =
      exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : exponent === 0
          ? fraction * 2 ** -24
          : (1024 + fraction) * 2 ** (exponent - 25);
    data[i] = half >> 15 === 0 ? magnitude : -magnitude;
  }
  return data;
}
