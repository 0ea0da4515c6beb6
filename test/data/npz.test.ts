import { describe, expect, test } from "vitest";
import { parseNpy, parseNpz, readNpz, toNpz, writeNpz } from "../../src/data/index.ts";
import { packaged } from "../../src/data/package.ts";
import { batchNormInference, mean, tensor, variance } from "../../src/index.ts";
import { caseOf } from "../support/fixtures.ts";
import { bytesOf, NUMPY } from "./numpy.ts";
import { folder, hexOf, rejection } from "./support.ts";

const temporary = folder();

test.each(Object.entries(NUMPY.archives))(
  "what NumPy wrote, %s, is read to the bit",
  async (_, { arrays, ...written }) => {
    const read = await parseNpz(bytesOf(written));
    expect(Object.keys(read)).toEqual(Object.keys(arrays));
    for (const [name, { dtype, shape, hex }] of Object.entries(arrays)) {
      expect(read[name]!.dtype).toBe(dtype);
      expect(read[name]!.shape).toEqual(shape);
      expect(hexOf(read[name]!)).toBe(hex);
    }
  },
);

describe("what we write", () => {
  const arrays = {
    W: tensor([
      [1, Number.NaN, -0],
      [Number.POSITIVE_INFINITY, 5e-324, 0.1],
    ]),
    "layers/0/gamma": tensor(Float32Array.of(0.1, 1e-40)),
    mask: tensor([true, false]),
    count: tensor(Int32Array.of(-(2 ** 31))),
    scalar: tensor(2),
    none: tensor([], { shape: [0, 3] }),
    μ: tensor([0]),
    ["__proto__"]: tensor([3]),
  };

  test.each([false, true])("comes back to the bit (compress: %s)", async (compress) => {
    const file = `${temporary.path}/weights.npz`;
    await writeNpz(file, arrays, { compress });
    const read = await readNpz(file);
    expect(Object.keys(read)).toEqual(Object.keys(arrays));
    for (const [name, x] of Object.entries(arrays)) {
      const again = Object.entries(read).find(([key]) => key === name)![1];
      expect(again.dtype).toBe(x.dtype);
      expect(again.shape).toEqual(x.shape);
      expect(hexOf(again)).toBe(hexOf(x));
    }
  });

  test("BR-233: the same tensors give the same bytes, names and all, whenever they are written", async () => {
    const [first, second] = [await toNpz(arrays), await toNpz(arrays)];
    expect(Buffer.from(first).equals(second)).toBe(true);
    expect(Object.keys(await parseNpz(await toNpz(await parseNpz(first))))).toEqual(Object.keys(arrays));
  });

  test("compresses where there is something to compress", async () => {
    const zeros = { x: tensor(new Float64Array(10_000)) };
    expect((await toNpz(zeros)).length).toBeGreaterThan(80_000);
    expect((await toNpz(zeros, { compress: true })).length).toBeLessThan(1_000);
  });

  test("nothing at all", async () => {
    expect(await parseNpz(await toNpz({}))).toEqual({});
  });
});

test("BR-231: with its statistics a batch norm predicts what it did", async () => {
  const { input, expected } = caseOf("serialization", "BR-231");
  const x = tensor(input["x"] as number[][]);
  const rate = input["momentum"] as number;
  const stored = await toNpz({
    mean: tensor([rate * mean(x).item()]),
    variance: tensor([1 - rate + rate * variance(x, 0, { correction: 1 }).data[0]!]),
    gamma: tensor(input["gamma"] as number[]),
    beta: tensor(input["beta"] as number[]),
  });
  const { mean: mu, variance: sigma2, gamma, beta } = await parseNpz(stored);
  const statistics = { mean: mu!, variance: sigma2! };
  expect(statistics.mean.toArray()).toEqual(expected["running_mean"]);
  const y = batchNormInference(tensor(input["q"] as number[][]), statistics, gamma!, beta!, {
    eps: input["eps"] as number,
  });
  expect(y.item()).toBeCloseTo((expected["value"] as number[][])[0]![0]!, 14);
});

test("without its package the error says which", async () => {
  const missing = Object.assign(new Error("Cannot find package 'fflate'\nat x"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  const error = await rejection(packaged("toNpz", "fflate", () => Promise.reject(missing)));
  expect(error.message).toBe("toNpz: the package fflate, got none installed; npm install fflate");
  const broken = await rejection(packaged("toNpz", "fflate", () => Promise.reject(new Error("boom\nat x"))));
  expect(broken.message).toContain("an error when it was loaded (boom)");
});

test("an .npz is no .npy, and the error says so", async () => {
  const bytes = await toNpz({ a: tensor(1) });
  expect(() => parseNpy(bytes, { name: "a.npz" })).toThrow("it looks like an .npz archive");
});
