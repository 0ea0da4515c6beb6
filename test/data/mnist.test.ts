import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findMnist, parseMnistImages, parseMnistLabels, readMnist } from "../../src/data/index.ts";
import { ArgumentError, ShapeError, slice } from "../../src/index.ts";
import { changed, folder, refusal, rejection } from "./support.ts";

const temporary = folder();

/** As the format's description has it: magic, sizes, bytes. */
function idx(sizes: readonly number[], byte: (i: number) => number): Uint8Array {
  const count = sizes.reduce((a, b) => a * b, 1);
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, 8, sizes.length]);
  for (const [k, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * k);
  return Uint8Array.from([...head, ...Array.from({ length: count }, (_, i) => byte(i) % 256)]);
}

const images = idx([3, 28, 28], (i) => i * 3);
const labels = idx([3], (i) => [5, 0, 9][i]!);

describe("files", () => {
  test("give images and labels", () => {
    const x = parseMnistImages(images);
    expect([x.shape, x.dtype]).toEqual([[3, 28, 28], "float64"]);
    expect(slice(x, [2, 3, 4]).item()).toBe(((2 * 784 + 3 * 28 + 4) * 3) % 256);
    expect(parseMnistLabels(labels).toArray()).toEqual([5, 0, 9]);
    expect(parseMnistLabels(labels).dtype).toBe("int32");
    expect(parseMnistImages(idx([2, 3, 5], () => 1)).shape).toEqual([2, 3, 5]);
    expect(parseMnistImages(idx([0, 28, 28], () => 1)).shape).toEqual([0, 28, 28]);
  });

  test("as float32, in [0, 1], and the first few of them", () => {
    const x = parseMnistImages(images, { dtype: "float32", unit: true, first: 2 });
    expect([x.shape, x.dtype]).toEqual([[2, 28, 28], "float32"]);
    expect(slice(x, [0, 3, 1]).item()).toBe(Math.fround(255 / 255));
    expect(parseMnistLabels(labels, { first: 2 }).toArray()).toEqual([5, 0]);
    expect(refusal(() => parseMnistImages(images, { first: 4 })).offset).toBe(images.length);
    expect(refusal(() => parseMnistLabels(labels, { first: 4 })).offset).toBe(labels.length);
  });

  test("packed and not, from a folder", async () => {
    const path = mkdtempSync(join(temporary.path, "mnist-"));
    const inside = path.slice(temporary.path.length + 1);
    temporary.file(`${inside}/train-images-idx3-ubyte.gz`, gzipSync(images));
    temporary.file(`${inside}/train-labels-idx1-ubyte.gz`, gzipSync(labels));
    temporary.file(
      `${inside}/t10k-images.idx3-ubyte`,
      idx([2, 28, 28], (i) => i),
    );
    expect((await rejection(findMnist(path))).expected).toContain("t10k-labels-idx1-ubyte");
    temporary.file(
      `${inside}/t10k-labels.idx1-ubyte`,
      idx([2], (i) => i),
    );
    const { train, test: held } = await findMnist(path, { test: 1, dtype: "float32" });
    expect(train.labels.toArray()).toEqual([5, 0, 9]);
    expect(Array.from(train.x.data)).toEqual(Array.from(parseMnistImages(images).data));
    expect([held.x.shape, held.x.dtype, held.labels.toArray()]).toEqual([[1, 28, 28], "float32", [0]]);
    await expect(findMnist(path, { first: 1 } as never)).rejects.toThrow(ArgumentError);
  });
});

describe("damaged files", () => {
  test("cut at any byte", () => {
    for (let length = 0; length < labels.length; length++) {
      expect(refusal(() => parseMnistLabels(labels.subarray(0, length), { name: "l" })).offset).toBe(length);
    }
    for (const length of [0, 3, 4, 15, 16, 17, 800, images.length - 1]) {
      expect(refusal(() => parseMnistImages(images.subarray(0, length), { name: "i" })).offset).toBe(length);
    }
  });

  test("made longer", () => {
    expect(refusal(() => parseMnistLabels(Uint8Array.of(...labels, 0))).offset).toBe(labels.length);
    expect(refusal(() => parseMnistImages(Uint8Array.of(...images, 0))).offset).toBe(images.length);
  });

  test("with any bit of the header changed", () => {
    for (let at = 0; at < 16; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const error = refusal(() =>
          parseMnistImages(changed(images, at, images[at]! ^ (1 << bit)), { name: "i" }),
        );
        expect(error.file).toBe("i");
        if (at < 4) expect(error.offset).toBe(at);
      }
    }
  });

  test("with a label that is none", () => {
    const error = refusal(() => parseMnistLabels(changed(labels, 9, 10), { name: "l" }));
    expect(error.message).toBe("parseMnistLabels: a label from 0 to 9 at byte 9 of l, got 10; it is label 1");
  });

  test("one for the other, or packed", () => {
    expect(refusal(() => parseMnistImages(labels)).remedy).toBe("these are labels");
    expect(refusal(() => parseMnistLabels(images)).remedy).toBe("these are images");
    expect(refusal(() => parseMnistLabels(gzipSync(labels))).remedy).toContain("unpack it first");
  });

  test("of different lengths, both named", async () => {
    const [i, l] = [
      temporary.file("images", images),
      temporary.file(
        "labels",
        idx([4], () => 1),
      ),
    ];
    await expect(readMnist(i, l)).rejects.toThrow(ShapeError);
    await expect(readMnist(i, l)).rejects.toThrow(`3 in ${i} and 4 in ${l}`);
    await rejection(readMnist(l, l));
    await rejection(readMnist(i, temporary.path));
    await expect(readMnist(i, l, { first: -1 })).rejects.toThrow(ArgumentError);
  });
});
