/** Files cut short, made longer and changed: an error that names file and byte, never half an array. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import {
  DataError,
  parseNpy,
  parseNpz,
  readNpy,
  readNpz,
  toNpz,
  writeNpy,
  writeNpz,
} from "../../src/data/index.ts";
import { ArgumentError, type Tensor, tensor } from "../../src/index.ts";
import { bytesOf, NUMPY } from "./numpy.ts";
import { changed, folder, hexOf, refusal, rejection } from "./support.ts";

const temporary = folder();
const NPY = ["float64", "bool", "int64", "Fortran", "zero-size", "rank 0", "version 2"] as const;

test.each(NPY)("%s, cut at every byte", (name) => {
  const bytes = bytesOf(NUMPY.read[name]!);
  for (let length = 0; length < bytes.length; length++) {
    const error = refusal(() => parseNpy(bytes.subarray(0, length), { name: "cut.npy" }));
    expect(error.file).toBe("cut.npy");
    expect(error.offset).toBe(length);
  }
});

test.each(NPY)("%s, made longer", (name) => {
  const bytes = bytesOf(NUMPY.read[name]!);
  for (const more of [1, 7, 8, 1000]) {
    const longer = new Uint8Array(bytes.length + more);
    longer.set(bytes);
    expect(refusal(() => parseNpy(longer)).offset).toBe(bytes.length);
  }
});

test.each(NPY)("%s, with every byte of its header changed", (name) => {
  const written = NUMPY.read[name]!;
  const bytes = bytesOf(written);
  const size = written.hex.length / 2;
  const end = bytes.length - (name === "int64" ? 2 * size : size);
  let refused = 0;
  for (let at = 0; at < end; at++) {
    for (const byte of [0, 0xff, bytes[at]! ^ 0x01, bytes[at]! ^ 0x10, bytes[at]! ^ 0x80, 0x20]) {
      if (byte === bytes[at]) continue;
      let read: Tensor | null = null;
      try {
        read = parseNpy(changed(bytes, at, byte), { name: "changed.npy" });
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
        expect((error as DataError).file).toBe("changed.npy");
        expect((error as DataError).offset).toBeTypeOf("number");
        refused++;
      }
      // What is still a header says how many numbers there are, and they are all there.
      if (read !== null) expect(read.toTypedArray().length).toBe(read.size);
    }
  }
  expect(refused).toBeGreaterThan(100);
});

test.each(["stored", "compressed"])("an archive, %s, cut at every byte", async (name) => {
  const bytes = bytesOf(NUMPY.archives[name]!);
  for (let length = 0; length < bytes.length; length++) {
    const error = await rejection(parseNpz(bytes.subarray(0, length), { name: "cut.npz" }));
    expect(error.file).toBe("cut.npz");
    expect(error.offset).toBeTypeOf("number");
  }
});

test.each(["stored", "compressed"])(
  "an archive, %s, with any byte changed, holds what it held or nothing",
  async (name) => {
    const { arrays, ...written } = NUMPY.archives[name]!;
    const bytes = bytesOf(written);
    const noticed: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      for (const byte of [bytes[at]! ^ 0x10, 0xff]) {
        if (byte === bytes[at]) continue;
        const read = await parseNpz(changed(bytes, at, byte), { name: "changed.npz" }).catch(
          (error: unknown) => {
            expect(error).toBeInstanceOf(DataError);
            expect((error as DataError).file).toContain("changed.npz");
            return null;
          },
        );
        if (read === null) noticed.push(at);
        else
          expect(Object.fromEntries(Object.entries(read).map(([key, x]) => [key, hexOf(x)]))).toEqual(
            Object.fromEntries(Object.entries(arrays).map(([key, { hex }]) => [key, hex])),
          );
      }
    }
    // All but versions, times and attributes, of which there are few.
    expect(new Set(noticed).size).toBeGreaterThan(0.7 * bytes.length);
  },
);

test("an archive of other things, twice of one, and of what claims to be vast", async () => {
  const { zipSync } = await import("fflate");
  const npy = bytesOf(NUMPY.read["float64"]!);
  const readme = await rejection(parseNpz(zipSync({ "README.md": npy }, { level: 0 }), { name: "a.npz" }));
  expect(readme.message).toContain("README.md");
  const inside = await rejection(parseNpz(zipSync({ "w.npy": npy.subarray(0, 150) }), { name: "a.npz" }));
  expect(inside.file).toBe("w.npy in a.npz");
  expect(inside.offset).toBe(150);
  const twice = zipSync({ "a.npy": npy, "b.npy": npy }, { level: 0 });
  const text = Buffer.from(twice).toString("latin1").replaceAll("b.npy", "a.npy");
  expect((await rejection(parseNpz(Buffer.from(text, "latin1")))).message).toContain("a.npy once more");

  // The size that the directory tells of: 24 bytes from the entry's beginning.
  const packed = zipSync({ "a.npy": npy }, { level: 6 });
  const directory = Buffer.from(packed).indexOf("PK\x01\x02", 0, "latin1");
  const vast = Buffer.from(packed);
  vast.writeUInt32LE(0xf0000000, directory + 24);
  expect((await rejection(parseNpz(vast, { name: "vast.npz" }))).offset).toBe(directory + 24);
});

test("files that are not there, folders, and what is no file", async () => {
  const missing = `${temporary.path}/missing.npy`;
  for (const read of [readNpy, readNpz]) {
    const error = await rejection(read(missing));
    expect(error.file).toBe(missing);
    expect(error.offset).toBe(null);
    expect(error.message).toBe(`${read.name}: a file at ${missing}, got nothing there`);
    expect((await rejection(read(temporary.path))).message).toContain("got a folder");
  }
  if (existsSync("/dev/zero")) {
    expect((await rejection(readNpy("/dev/zero"))).message).toContain("a pipe or a device");
  }
  expect((await rejection(readNpy("a\0.npy"))).message).toContain("no path that can be");
  expect((await rejection(readNpy(new URL("file:///%E0%A4%A")))).message).toContain("does not decode");
  expect((await rejection(readNpy(new URL("https://example.org/a.npy")))).message).toContain("no file's");
  expect((await rejection(writeNpy(`${missing}/a.npy`, tensor(1)))).message).toContain("got nothing there");
  expect((await rejection(writeNpz(temporary.path, { a: tensor(1) }))).message).toContain("got a folder");
  for (const file of [undefined, null, 1, "", {}, ["a"]]) {
    await expect(readNpy(file as never)).rejects.toThrow(ArgumentError);
    await expect(writeNpy(file as never, tensor(1))).rejects.toThrow(ArgumentError);
  }
  for (const bytes of [undefined, null, "bytes", [1, 2], Float64Array.of(1), {}]) {
    expect(() => parseNpy(bytes as never)).toThrow(ArgumentError);
    await expect(parseNpz(bytes as never)).rejects.toThrow(ArgumentError);
  }
});

test("options that are none", async () => {
  const bytes = bytesOf(NUMPY.read["float64"]!);
  expect(() => parseNpy(bytes, { file: "x" } as never)).toThrow(ArgumentError);
  expect(() => parseNpy(bytes, { name: 1 } as never)).toThrow(ArgumentError);
  await expect(toNpz({ a: tensor(1) }, { compressed: true } as never)).rejects.toThrow(ArgumentError);
  await expect(toNpz({ a: tensor(1) }, { compress: 1 } as never)).rejects.toThrow(ArgumentError);
  for (const arrays of [null, undefined, tensor(1), [tensor(1)], new Map(), { a: 1 }, { "": tensor(1) }]) {
    await expect(toNpz(arrays as never)).rejects.toThrow(ArgumentError);
  }
});
