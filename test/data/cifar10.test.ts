import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  CIFAR10_CLASSES,
  findCifar10,
  parseCifar10,
  parseMeanImage,
  readCifar10,
  readMeanImage,
} from "../../src/data/index.ts";
import { ArgumentError, DTypeError, slice } from "../../src/index.ts";
import { folder, refusal, rejection } from "./support.ts";

const temporary = folder();

/** Records whose pixels say where they are: of record r, channel c, row h, column w. */
function records(count: number, from = 0): Uint8Array {
  const bytes = new Uint8Array(3073 * count);
  for (let r = 0; r < count; r++) {
    bytes[3073 * r] = (from + r) % 10;
    for (let i = 0; i < 3072; i++) bytes[3073 * r + 1 + i] = pixel(from + r, i);
  }
  return bytes;
}

function pixel(record: number, i: number): number {
  return (record * 31 + i * 7 + (i >> 5)) % 256;
}

function folderOf(files: Readonly<Record<string, Uint8Array>>): string {
  const path = mkdtempSync(join(temporary.path, "cifar-"));
  for (const [name, bytes] of Object.entries(files)) {
    if (name.includes("/")) mkdirSync(join(path, name, ".."), { recursive: true });
    temporary.file(join(path.slice(temporary.path.length + 1), name), bytes);
  }
  return path;
}

const OFFICIAL = {
  "batches.meta.txt": new Uint8Array(3),
  "data_batch_1.bin": records(3, 0),
  "data_batch_2.bin": records(2, 3),
  "data_batch_3.bin": records(1, 5),
  "data_batch_4.bin": records(1, 6),
  "data_batch_5.bin": records(2, 7),
  "test_batch.bin": records(2, 20),
};

describe("a file", () => {
  test("gives images, channels first, and labels", () => {
    const { x, labels } = parseCifar10(records(12));
    expect([x.shape, x.dtype]).toEqual([[12, 3, 32, 32], "float64"]);
    expect([labels.shape, labels.dtype]).toEqual([[12], "int32"]);
    expect(labels.toArray()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    for (const [r, c, h, w] of [
      [0, 0, 0, 0],
      [11, 2, 31, 31],
      [5, 1, 30, 2],
    ] as const) {
      expect(slice(x, [r, c, h, w]).item()).toBe(pixel(r, c * 1024 + h * 32 + w));
    }
  });

  test("as float32, in [0, 1], and the first few of it", async () => {
    const file = temporary.file("some.bin", records(5));
    const { x, labels } = await readCifar10(file, { dtype: "float32", unit: true, first: 2 });
    expect([x.shape, x.dtype, labels.shape]).toEqual([[2, 3, 32, 32], "float32", [2]]);
    expect(slice(x, [1, 2, 3, 4]).item()).toBe(Math.fround(pixel(1, 2048 + 96 + 4) / 255));
    expect((await readCifar10(file, { first: 0 })).x.shape).toEqual([0, 3, 32, 32]);
    expect((await readCifar10(pathToFileURL(file))).x.toTypedArray()).toEqual(
      parseCifar10(records(5)).x.toTypedArray(),
    );
    const packed = temporary.file("some.bin.gz", gzipSync(records(5)));
    expect((await readCifar10(packed)).labels.toArray()).toEqual([0, 1, 2, 3, 4]);
  });

  test("names its classes in the labels' order", () => {
    expect(CIFAR10_CLASSES).toHaveLength(10);
    expect([CIFAR10_CLASSES[0], CIFAR10_CLASSES[6], CIFAR10_CLASSES[9]]).toEqual([
      "airplane",
      "frog",
      "truck",
    ]);
  });
});

describe("a damaged file", () => {
  test("of any length but whole records", async () => {
    const bytes = records(2);
    for (const length of [0, 1, 3072, 3074, 4000, 6145]) {
      const error = refusal(() => parseCifar10(bytes.subarray(0, length), { name: "cut.bin" }));
      expect(error.file).toBe("cut.bin");
      expect(error.offset).toBe(3073 * Math.floor(length / 3073));
      expect(error.received).toBe(length === 0 ? "an empty file" : `${length % 3073} bytes`);
      const file = temporary.file("cut.bin", bytes.subarray(0, length));
      expect((await rejection(readCifar10(file))).file).toBe(file);
    }
    expect(refusal(() => parseCifar10(new Uint8Array(2 * 3073 + 1))).offset).toBe(6146);
  });

  test("with a label that is none", () => {
    for (const label of [10, 128, 255]) {
      const bytes = records(4).fill(label, 2 * 3073, 2 * 3073 + 1);
      const error = refusal(() => parseCifar10(bytes, { name: "data_batch_1.bin" }));
      expect(error.message).toBe(
        `parseCifar10: a label from 0 to 9 at byte 6146 of data_batch_1.bin, got ${label}; it begins record 2; is this CIFAR-10's binary version?`,
      );
    }
  });

  test("of fewer images than are asked for", () => {
    const error = refusal(() => parseCifar10(records(2), { first: 3 }));
    expect(error.message).toContain("3 images before the end at byte 6146 of the bytes given, got 2");
  });

  test("gzip'ed, cut at any byte, or with its checksum wrong", async () => {
    const packed = gzipSync(records(1));
    for (const length of [2, 9, 10, 50, packed.length - 9, packed.length - 1]) {
      const error = await rejection(readCifar10(temporary.file("cut.gz", packed.subarray(0, length))));
      expect(error.offset).toBe(length);
    }
    for (const at of [2, 3, 30, packed.length - 8, packed.length - 1]) {
      const changed = Buffer.from(packed);
      changed[at]! ^= 0xff;
      await rejection(readCifar10(temporary.file("changed.gz", changed)));
    }
  });

  test("that is a folder, or not there", async () => {
    expect((await rejection(readCifar10(temporary.path))).message).toBe(
      `readCifar10: a file at ${temporary.path}, got a folder; name the file in it`,
    );
    expect((await rejection(readCifar10(`${temporary.path}/no.bin`))).message).toBe(
      `readCifar10: a file at ${temporary.path}/no.bin, got nothing there`,
    );
  });

  test("options that are none", async () => {
    const bytes = records(1);
    expect(() => parseCifar10(bytes, { dtype: "int32" })).toThrow(DTypeError);
    expect(() => parseCifar10(bytes, { dtype: "double" as never })).toThrow(DTypeError);
    for (const options of [
      { scale: 1 },
      { unit: 1 },
      { first: -1 },
      { first: 1.5 },
      { first: Number.NaN },
      { name: "" },
      null,
    ]) {
      expect(() => parseCifar10(bytes, options as never)).toThrow(ArgumentError);
    }
    await expect(readCifar10("x.bin", { name: "y" } as never)).rejects.toThrow(ArgumentError);
    expect(() => parseCifar10("x.bin" as never)).toThrow(ArgumentError);
  });
});

describe("a folder", () => {
  test("as the official archive has it", async () => {
    const { train, test: held, mean } = await findCifar10(folderOf(OFFICIAL));
    expect(train.labels.toArray()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(train.x.toTypedArray()).toEqual(parseCifar10(records(9)).x.toTypedArray());
    expect(held.labels.toArray()).toEqual([0, 1]);
    expect(held.x.toTypedArray()).toEqual(parseCifar10(records(2, 20)).x.toTypedArray());
    expect(mean).toBe(null);
    const outer = folderOf(
      Object.fromEntries(Object.entries(OFFICIAL).map(([name, b]) => [`cifar-10-batches-bin/${name}`, b])),
    );
    expect((await findCifar10(pathToFileURL(outer))).train.labels.shape).toEqual([9]);
  });

  test("as much of it as is asked for, and no file more", async () => {
    const path = folderOf({ ...OFFICIAL, "data_batch_3.bin": new Uint8Array(7) });
    const { train, test: held } = await findCifar10(path, { train: 5, test: 1, dtype: "float32" });
    expect([train.x.shape, train.x.dtype, held.x.shape]).toEqual([[5, 3, 32, 32], "float32", [1, 3, 32, 32]]);
    expect(train.labels.toArray()).toEqual([0, 1, 2, 3, 4]);
    expect((await rejection(findCifar10(path))).file).toBe(join(path, "data_batch_3.bin"));
    expect((await rejection(findCifar10(folderOf(OFFICIAL), { train: 10 }))).message).toContain("10 images");
    await expect(findCifar10(path, { first: 1 } as never)).rejects.toThrow(ArgumentError);
    await expect(findCifar10(path, { train: 1.5 })).rejects.toThrow(ArgumentError);
  });

  test("of samples, with a mean image beside them", async () => {
    const mean = new Float64Array(3072).map((_, i) => i / 16);
    const files = {
      "cifar10_train_first2.bin": records(2),
      "cifar10_test_first1.bin": records(1, 5),
      "mean_image_train0_1_hwc_f64.bin": new Uint8Array(mean.buffer),
    };
    const found = await findCifar10(folderOf(files), { unit: true });
    expect(found.train.labels.toArray()).toEqual([0, 1]);
    expect(found.test.labels.toArray()).toEqual([5]);
    expect(found.mean!.shape).toEqual([3, 32, 32]);
    // Height, width, channel: of row 2, column 3 the third.
    expect(slice(found.mean!, [2, 2, 3]).item()).toBe((2 * 96 + 3 * 3 + 2) / 16 / 255);
  });

  test("that holds something else, or only some", async () => {
    const nothing = await rejection(findCifar10(folderOf({ "readme.txt": new Uint8Array(1) })));
    expect(nothing.message).toContain("data_batch_1.bin to data_batch_5.bin and test_batch.bin");
    const { "data_batch_4.bin": _, "test_batch.bin": __, ...some } = OFFICIAL;
    expect((await rejection(findCifar10(folderOf(some)))).received).toBe(
      "no data_batch_4.bin, test_batch.bin",
    );
    const python = await rejection(findCifar10(folderOf({ data_batch_1: new Uint8Array(1) })));
    expect(python.remedy).toContain("version for Python");
    const alone = await rejection(findCifar10(folderOf({ "cifar10_train.bin": records(1) })));
    expect(alone.received).toBe("cifar10_train.bin alone");
    const two = {
      "cifar10_train_a.bin": records(1),
      "cifar10_train_b.bin": records(1),
      "cifar10_test.bin": records(1),
    };
    expect((await rejection(findCifar10(folderOf(two)))).received).toBe(
      "cifar10_train_a.bin, cifar10_train_b.bin",
    );
    expect((await rejection(findCifar10(join(temporary.path, "nowhere")))).message).toContain(
      "got nothing there",
    );
    const file = temporary.file("a file", new Uint8Array(1));
    expect((await rejection(findCifar10(file))).message).toContain("got something that is no folder");
  });
});

describe("a mean image", () => {
  const bytes = new Uint8Array(new Float64Array(3072).fill(1).buffer);

  test("of another length, or of other numbers", async () => {
    for (const length of [0, 1, 24575]) {
      expect(refusal(() => parseMeanImage(bytes.subarray(0, length), { name: "mean.bin" })).offset).toBe(
        length,
      );
    }
    expect(refusal(() => parseMeanImage(new Uint8Array(24577))).offset).toBe(24576);
    for (const wrong of [-1, 255.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const numbers = new Float64Array(3072);
      numbers[100] = wrong;
      expect(refusal(() => parseMeanImage(numbers.buffer)).offset).toBe(800);
    }
    await expect(readMeanImage("x", { unit: true } as never)).rejects.toThrow(ArgumentError);
    await rejection(readMeanImage(join(temporary.path, "nowhere")));
  });

  test("is read in either precision", async () => {
    const file = temporary.file("mean.bin", bytes);
    expect((await readMeanImage(file)).dtype).toBe("float64");
    expect((await readMeanImage(file, { dtype: "float32" })).toTypedArray()).toEqual(
      new Float32Array(3072).fill(1),
    );
  });
});
