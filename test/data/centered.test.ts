import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  centered,
  findCifar10,
  meanOf,
  readMeanImage,
  splitRows,
  standardized,
  stdOf,
} from "../../src/data/index.ts";
import { ArgumentError, DTypeError, mean, ShapeError, slice, type Tensor, tensor } from "../../src/index.ts";
import { hexOf, REAL } from "./support.ts";

const x = tensor([
  [1, 10, 7],
  [3, 30, 7],
]);
const single = tensor(Float32Array.of(1, 2, 3));

function near(t: Tensor, expected: readonly number[]): void {
  expect(t.size).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(t.data[i]).toBeCloseTo(value, 14);
}

describe("statistics of rows", () => {
  test("by hand", () => {
    expect(meanOf(x).toArray()).toEqual([2, 20, 7]);
    near(stdOf(x), [1, 10, 0]);
    expect(centered(x, meanOf(x)).toArray()).toEqual([
      [-1, -10, 0],
      [1, 10, 0],
    ]);
    const statistics = { mean: meanOf(x), std: stdOf(x) };
    near(standardized(x, statistics), [-1, -1, 0, 1, 1, 0]);
    // Where the training set never varied, another set may.
    near(standardized(tensor([[2, 25, 9]]), statistics), [0, 0.5, 2]);
    expect(meanOf(tensor([1, 2, 6])).item()).toBe(3);
  });

  test("integers have means too", () => {
    const integers = tensor(Int32Array.of(1, 2, 4, 5), { shape: [2, 2] });
    expect(meanOf(integers).toArray()).toEqual([2.5, 3.5]);
    expect(centered(integers, meanOf(integers)).toArray()).toEqual([
      [-1.5, -1.5],
      [1.5, 1.5],
    ]);
  });

  test("refuses what does not fit a row, though it would broadcast", () => {
    expect(() => centered(x, tensor(2))).toThrow(ShapeError);
    expect(() => centered(x, tensor([[1, 2, 3]]))).toThrow(ShapeError);
    expect(() => centered(x, tensor([1]))).toThrow(
      "centered: the mean to have the shape of a row, [3], got [1]; meanOf(train.x) is",
    );
    expect(() => standardized(x, { mean: meanOf(x), std: tensor(1) })).toThrow(ShapeError);
    expect(() => centered(tensor(1), tensor(1))).toThrow(ShapeError);
    expect(() => meanOf(tensor([], { shape: [0, 3] }))).toThrow("meanOf: at least one row, got none, [0,3]");
    expect(() => meanOf(tensor(1))).toThrow(ShapeError);
    expect(() => stdOf(tensor([], { shape: [0] }))).toThrow(ShapeError);
    expect(() => centered(x, single)).toThrow(DTypeError);
    expect(() => centered(x, single)).toThrow(/^centered: /);
    expect(() => standardized(x, { mean: single, std: single })).toThrow(/^standardized: /);
    for (const wrong of [1, null, undefined, [1, 2, 3], "x"]) {
      expect(() => meanOf(wrong as never)).toThrow(ArgumentError);
      expect(() => stdOf(wrong as never)).toThrow(ArgumentError);
      expect(() => centered(wrong as never, single)).toThrow(ArgumentError);
      expect(() => centered(x, wrong as never)).toThrow(ArgumentError);
      expect(() => standardized(x, wrong as never)).toThrow(ArgumentError);
      expect(() => standardized(x, { mean: meanOf(x), std: wrong } as never)).toThrow(ArgumentError);
    }
  });
});

const files = [
  "cifar10_train_first1000.bin",
  "cifar10_test_first1000.bin",
  "mean_image_train0_3999_hwc_f64.bin",
];
const missing = files.filter((name) => !existsSync(join(REAL, name)));
const title =
  missing.length === 0 ? "real images" : `real images: left out, there is no ${missing.join(", ")}`;

/** Digests of what NumPy makes of the same files. */
describe.skipIf(missing.length > 0)(title, () => {
  function digest(hex: string): string {
    return createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex");
  }

  test("are those of CIFAR-10, and so is their mean", async () => {
    const { train, test: held, mean: image } = await findCifar10(REAL);
    expect(train.x.shape).toEqual([1000, 3, 32, 32]);
    expect(Array.from(train.labels.data.slice(0, 10))).toEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    expect(slice(train.x, [0, null, 0, 0]).toArray()).toEqual([59, 62, 63]);
    expect(Array.from(held.labels.data.slice(0, 10))).toEqual([3, 8, 8, 0, 6, 6, 1, 6, 3, 1]);
    expect(slice(held.x, [0, null, 0, 0]).toArray()).toEqual([158, 112, 49]);

    const mu = meanOf(train.x);
    expect(digest(hexOf(mu))).toBe("860cc176532e589b369567a5079b75313733be6bf8c3a6b07278f7b2cea1e52a");
    expect(slice(mu, [1, 16, 16]).item()).toBe(116.098);
    expect(Math.abs(mean(centered(train.x, mu)).item())).toBeLessThan(1e-12);
    expect(slice(stdOf(train.x), [1, 16, 16]).item()).toBeCloseTo(59.05929559349653, 12);

    expect(slice(image!, [null, 0, 0]).toArray()).toEqual([131.47625, 136.2725, 132.60925]);
    expect(digest(hexOf(image!))).toBe("fbc5b88b9314e55b7487b1f128382e7bcff1994d2dd0a2763c45f3290cd36776");
    expect(hexOf(await readMeanImage(join(REAL, files[2]!)))).toBe(hexOf(image!));
  });

  test("as float32 have the same mean, rounded once", async () => {
    const { train } = await findCifar10(REAL, { dtype: "float32" });
    expect(digest(hexOf(meanOf(train.x)))).toBe(
      "6f9c724748db2067efbf3d36c2c93ea2dd5450f6aeb3d2ea444fbc39ef3632e7",
    );
    const [few] = splitRows(train, [10, 990]);
    const { train: first } = await findCifar10(REAL, { dtype: "float32", train: 10, test: 0 });
    expect(hexOf(few!.x)).toBe(hexOf(first.x));
  });
});
