/** Bytes of the safetensors format, against a file made from its definition by another language. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  ArgumentError,
  allocate,
  DTYPES,
  fromData,
  sizeOf,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.ts";
import { FormatError, readSafetensors, readTree, writeSafetensors, writeTree } from "../../src/io/index.ts";
import { caseOf } from "../support/fixtures.ts";

// A machine that is busy takes its time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

// Python: struct.pack("<Q", len(header)) + header + the arrays' tobytes(), header = json.dumps(..., separators=(",", ":"))
// padded with spaces to a multiple of 8; a = <f8 [0.1, -0.0, nan, inf], b = <f4 [[0.1, 1e-40, -0.0], [max, 16777217, -inf]],
// empty = <f4 of shape (0, 3), c = <i4 -7, "d é" = [True, False, True]; metadata { by: struct }.
const FROM_PYTHON =
  "QAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJieSI6InN0cnVjdCJ9LCJhIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOls0XSwiZGF0YV9vZmZz" +
  "ZXRzIjpbMCwzMl19LCJiIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldHMiOlszMiw1Nl19LCJlbXB0eSI6eyJk" +
  "dHlwZSI6IkYzMiIsInNoYXBlIjpbMCwzXSwiZGF0YV9vZmZzZXRzIjpbNTYsNTZdfSwiYyI6eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpbXSwi" +
  "ZGF0YV9vZmZzZXRzIjpbNTYsNjBdfSwiZCDDqSI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOls2MCw2M119" +
  "fSAgIJqZmZmZmbk/AAAAAAAAAIAAAAAAAAD4fwAAAAAAAPB/zczMPcIWAQAAAACA//9/fwAAgEsAAID/+f///wEAAQ==";
const file = new Uint8Array(Buffer.from(FROM_PYTHON, "base64"));

/** The same in our tensors, in another order. */
const same: Readonly<Record<string, Tensor>> = {
  "d é": tensor([true, false, true]),
  c: tensor(-7, { dtype: "int32" }),
  empty: zeros([0, 3], { dtype: "float32" }),
  b: tensor(
    [
      [0.1, 1e-40, -0],
      [3.4028234663852886e38, 16777217, Number.NEGATIVE_INFINITY],
    ],
    { dtype: "float32" },
  ),
  a: tensor([0.1, -0, Number.NaN, Number.POSITIVE_INFINITY]),
};

const bytesOf = ({ data }: Tensor): number[] => {
  const own = data.slice();
  return [...new Uint8Array(own.buffer, own.byteOffset, own.byteLength)];
};

test("a file of the format's definition is read", () => {
  const { tensors, metadata } = readSafetensors(file);
  expect(metadata).toEqual({ by: "struct" });
  expect(Object.keys(tensors).sort()).toEqual(Object.keys(same).sort());
  for (const [name, { dtype, shape, data }] of Object.entries(same)) {
    expect(tensors[name]).toMatchObject({ dtype, shape });
    expect([...tensors[name]!.data]).toEqual([...data]);
  }
});

test("and written, byte for byte", () => {
  expect(Buffer.from(writeSafetensors(same, { metadata: { by: "struct" } })).toString("base64")).toBe(
    FROM_PYTHON,
  );
});

test("it is read from the middle of a buffer too, wherever that is aligned", () => {
  const longer = new Uint8Array(file.length + 3);
  longer.set(file, 3);
  expect([...readSafetensors(longer.subarray(3)).tensors["a"]!.data]).toEqual([...same["a"]!.data]);
});

test("no tensors at all", () => {
  const bytes = writeSafetensors({});
  expect(Buffer.from(bytes).toString("latin1")).toBe("\b\0\0\0\0\0\0\0{}      ");
  expect(readSafetensors(bytes)).toEqual({ tensors: {}, metadata: {} });
});

/** Any bits at all in the elements: NaNs of any payload, subnormals, both zeros. */
const anyTensor = fc
  .tuple(fc.constantFrom(...DTYPES), fc.array(fc.nat(3), { maxLength: 3 }), fc.infiniteStream(fc.nat(255)))
  .map(([dtype, shape, stream]) => {
    const data = allocate(dtype, sizeOf(shape));
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let i = 0; i < bytes.length; i++) {
      const byte = stream.next().value ?? 0;
      bytes[i] = dtype === "bool" ? byte & 1 : byte;
    }
    return fromData(shape, dtype, data);
  });
const anyName = fc.string({ unit: "grapheme" }).filter((name) => name !== "__metadata__");

test("what is written is read, to the last bit", () => {
  const anyFile = fc.dictionary(anyName, anyTensor, { maxKeys: 5 });
  fc.assert(
    fc.property(anyFile, fc.dictionary(anyName, fc.string({ unit: "grapheme" })), (tensors, metadata) => {
      const bytes = writeSafetensors(tensors, { metadata });
      const read = readSafetensors(bytes);
      expect({ ...read.metadata }).toEqual({ ...metadata });
      expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort());
      for (const [name, t] of Object.entries(tensors)) {
        expect(read.tensors[name]).toMatchObject({ dtype: t.dtype, shape: t.shape });
        expect(bytesOf(read.tensors[name]!)).toEqual(bytesOf(t));
      }
      expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
    }),
  );
});

test("BR-235: float32 of every kind comes back with the same bits", () => {
  const { input, expected } = caseOf("serialization", "BR-235");
  const values = (input["values"] as readonly number[]).map(Number);
  const x = tensor(values, { dtype: "float32" });
  const data = readTree(writeTree({ x }), { x }).x.data.slice() as Float32Array;
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  expect([...bits].map((word) => `0x${word.toString(16)}`)).toEqual(expected["float32_bits"]);
});

/** A file of this header, and so many bytes of numbers. */
function made(header: unknown, count: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + count);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (dtype: unknown, shape: unknown, ...data_offsets: unknown[]): object => ({
  dtype,
  shape,
  data_offsets,
});

describe("what is no such file is refused, with the reason and the place", () => {
  const withLength = (length: bigint): Uint8Array => {
    const bytes = file.slice();
    new DataView(bytes.buffer).setBigUint64(0, length, true);
    return bytes;
  };
  const f = entry("F32", [2], 0, 8);

  test.each<[string, Uint8Array, string, number | null]>([
    ["nothing", new Uint8Array(0), "8 bytes with the header's length, got a file of 0 bytes", 0],
    ["half a length", file.slice(0, 5), "a file of 5 bytes", 5],
    ["half a header", file.slice(0, 100), "a header of 320 bytes, got 92: the file ends at byte 100", 100],
    ["half the numbers", file.slice(0, -10), "a file of 391 bytes, got 381: it is cut off at byte 381", 381],
    [
      "bytes after the end",
      Uint8Array.of(...file, 0, 0),
      "a file of 391 bytes, got 393: 2 bytes too many",
      391,
    ],
    ["a length beyond all bounds", withLength(2n ** 63n), "a header of at most 100000000 bytes", 0],
    ["a length that is too long", withLength(400n), "a header of 400 bytes, got 383", file.length],
    ["a length that is too short", withLength(300n), "a header in JSON, got", null],
    ["no header", made("", 0), 'a header that starts with "{", got nothing at byte 8', 8],
    ["a list", made([], 0), 'a header that starts with "{", got 0x5b at byte 8', 8],
    ["broken JSON", made('{"a":', 0), "a header in JSON, got", null],
    [
      "bytes that are no text",
      made(`{"${"?".repeat(4)}"}`, 0).map((b) => (b === 0x3f ? 0xff : b)),
      "a header in UTF-8",
      null,
    ],
    [
      "a name twice",
      made(
        '{"a":{"dtype":"BOOL","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"BOOL","shape":[0],"data_offsets":[0,0]}}',
        0,
      ),
      'every name once, got "a" twice',
      null,
    ],
    ["a number for an entry", made({ a: 3 }, 0), 'an object for "a", got 3', null],
    [
      "another dtype",
      made({ a: entry("BF16", [2], 0, 4) }, 4),
      'a dtype of F64, F32, I32, BOOL for "a", got the string "BF16"',
      null,
    ],
    [
      "a dtype of every object",
      made({ a: entry("toString", [2], 0, 4) }, 4),
      'got the string "toString"',
      null,
    ],
    [
      "a negative shape",
      made({ a: entry("F32", [-2], 0, 8) }, 8),
      'a shape of integers >= 0 for "a", got [-2]',
      null,
    ],
    ["a fractional shape", made({ a: entry("F32", [0.5], 0, 2) }, 2), "got [0.5]", null],
    ["no shape", made({ a: { dtype: "F32", data_offsets: [0, 8] } }, 8), "got none", null],
    ["one offset", made({ a: entry("F32", [2], 8) }, 8), 'two data_offsets for "a", got [8]', null],
    [
      "more fields",
      made({ a: { ...f, more: 1 } }, 8),
      'data_offsets of "a" alone, got dtype, shape, data_offsets, more',
      null,
    ],
    [
      "a size that is not the shape's",
      made({ a: entry("F64", [2], 0, 8) }, 8),
      '16 bytes for "a", F64 of shape [2], got data_offsets [0,8]',
      null,
    ],
    [
      "a shape beyond all bounds",
      made({ a: entry("F64", [2 ** 40, 2 ** 40], 0, 8) }, 8),
      "got data_offsets [0,8]",
      null,
    ],
    ["offsets the wrong way round", made({ a: entry("F32", [2], 8, 0) }, 8), "8 bytes for", null],
    [
      "a gap",
      made({ a: f, b: entry("F32", [1], 12, 16) }, 16),
      '"b" to begin at 8, got 12: a gap before it',
      117 + 12,
    ],
    ["a gap at the start", made({ a: entry("F32", [1], 4, 8) }, 8), '"a" to begin at 0, got 4', 62 + 4],
    [
      "an overlap",
      made({ a: f, b: entry("F32", [2], 4, 12) }, 12),
      '"b" to begin at 8, got 4: an overlap',
      116 + 4,
    ],
    [
      "metadata that are no strings",
      made({ __metadata__: { a: 1 } }, 0),
      'a string for "a" of __metadata__, got 1',
      null,
    ],
    [
      "a list of metadata",
      made({ __metadata__: [] }, 0),
      "an object for __metadata__, got an array of length 0",
      null,
    ],
    [
      "a bool of 2",
      Uint8Array.of(...file.slice(0, -1), 2),
      'bytes 0 and 1 for the BOOL tensor "d é", got 2',
      file.length - 1,
    ],
  ])("%s", (_, bytes, message, offset) => {
    const error = caught(() => readSafetensors(bytes));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toContain(message);
    expect((error as FormatError).offset).toBe(offset);
  });

  test("whatever byte of the header is changed, what is read is right or refused", () => {
    // A name or a word of the metadata may read otherwise; no number, no shape and no dtype may.
    for (let i = 0; i < 8 + 320; i++) {
      const bytes = file.slice();
      bytes[i]! ^= 1;
      const error = caught(() => {
        const { tensors } = readSafetensors(bytes);
        const all = Object.values(tensors).flatMap((t) => [t.dtype, ...t.shape, ...bytesOf(t)]);
        expect(all.length).toBeGreaterThan(60);
      });
      if (error !== null) expect(error).toBeInstanceOf(FormatError);
    }
  });

  test.each<[string, () => unknown, string]>([
    ["an array for bytes", () => readSafetensors([1] as never), "a Uint8Array, got an array of length 1"],
    ["a tensor for tensors", () => writeSafetensors(tensor(1) as never), "tensors by name"],
    ["a number for a tensor", () => writeSafetensors({ a: 1 } as never), "a to be a tensor, got 1"],
    [
      "the format's own name",
      () => writeSafetensors({ __metadata__: tensor(1) }),
      "a tensor of another name",
    ],
    ["half a character", () => writeSafetensors({ "\ud800": tensor(1) }), "names in whole characters"],
    [
      "metadata of numbers",
      () => writeSafetensors({}, { metadata: { a: 1 } as never }),
      "metadata a to be a string, got 1",
    ],
    ["a misspelt option", () => writeSafetensors({}, { meta: {} } as never), 'an option "meta"'],
  ])("%s", (_, f, message) => {
    expect(f).toThrow(ArgumentError);
    expect(f).toThrow(message);
  });
});

describe("trees", () => {
  const tree = {
    params: {
      "W.1": tensor([[1, 2]]),
      layers: [tensor(3), { b: tensor([true]) }],
      "": tensor([4]),
      $tensor: tensor(5),
    },
    state: {
      words: [1, 2],
      cached: null,
      rate: -0,
      odd: Number.NaN,
      name: "x",
      is: false,
      none: undefined,
      $number: "NaN",
      $$a: 1,
    },
  };

  test("come back as they were, plain data included", () => {
    const read = readTree(writeTree(tree), tree);
    expect(read).toEqual(tree);
    expect(Object.is(read.state.rate, -0)).toBe(true);
    expect(Object.keys(read.state)).toEqual(Object.keys(tree.state));
    expect(readTree(writeTree(tensor([1, 2])), tensor([0, 0])).data).toEqual(Float64Array.of(1, 2));
  });

  test("have names that other tools can read", () => {
    const { tensors } = readSafetensors(writeTree(tree));
    expect(Object.keys(tensors).sort()).toEqual(
      ["params.$tensor", "params.W\\.1", "params.\\", "params.layers.0", "params.layers.1.b"].sort(),
    );
  });

  test("BR-233: names do not depend on how many models there are; others are refused with both lists", () => {
    const model = (): { readonly W: Tensor; readonly b: Tensor } => ({
      W: tensor([Math.PI]),
      b: tensor([1]),
    });
    const [first, second] = [model(), { W: zeros([1]), b: zeros([1]) }];
    expect(bytesOf(readTree(writeTree(first), second).W)).toEqual(bytesOf(first.W));
    const other = { W: zeros([2]), c: zeros([1]), d: zeros([1]) };
    const message = "missing: c, d; unknown: b; W: float64[1] for float64[2]";
    expect(() => readTree(writeTree(first), other)).toThrow(message);
    expect(() => readTree(writeTree({ W: zeros([1], { dtype: "float32" }) }), { W: zeros([1]) })).toThrow(
      "W: float32[1] for float64[1]",
    );
  });

  test("are read from a file without our metadata, with the plain data that are there", () => {
    const like = { W: zeros([2]), steps: 3 };
    expect(readTree(writeSafetensors({ W: tensor([1, 2]) }), like)).toEqual({ W: tensor([1, 2]), steps: 3 });
  });

  test("whose metadata were tampered with are refused", () => {
    const bytes = (text: string): Uint8Array =>
      writeSafetensors({ W: tensor(1), b: tensor(2) }, { metadata: { "wengert.tree": text } });
    const like = { W: tensor(0), b: tensor(0) };
    expect(() => readTree(bytes("{"), like)).toThrow("JSON in the metadata's wengert.tree");
    expect(() => readTree(bytes('{"W":{"$tensor":"c"},"b":null}'), like)).toThrow(
      'a tensor of the file, got $tensor "c"',
    );
    expect(() => readTree(bytes('{"W":{"$tensor":"W"}}'), like)).toThrow(
      "the tree as it was written, got missing: b",
    );
    expect(() => readTree(bytes('{"W":{"$number":"7"}}'), like)).toThrow('got $number "7"');
  });

  test.each<[unknown, string]>([
    [{ a: new Map() }, "a to be a tensor or plain data, got an object (Map)"],
    [{ a: [() => 1] }, "a.0 to be a tensor or plain data, got a function"],
    [{ a: 1n }, "a to be a tensor or plain data, got 1n"],
    [new Date(0), "it to be a tensor or plain data, got an object (Date)"],
  ])("%o is none", (value, message) => {
    expect(() => writeTree(value as object)).toThrow(ArgumentError);
    expect(() => writeTree(value as object)).toThrow(message);
    const circle: Record<string, unknown> = {};
    circle["a"] = { circle };
    expect(() => writeTree(circle)).toThrow("a.circle to be a tree, got a cycle");
  });
});

function caught(f: () => unknown): unknown {
  try {
    f();
    return null;
  } catch (error) {
    return error;
  }
}
