/** `wengert/matchers`, as Jest is given it: nothing of vitest in it, added by `expect.extend`. */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { FusedLayerNorm, mul, square, stopGradient, type Tensor, tensor } from "../../src/index.ts";
import { matchers } from "../../src/matchers/index.ts";

const x = tensor([1, 2, 3]);
const cut = (t: Tensor): Tensor => mul(t, stopGradient(t));

test("any expect can be extended with them", async () => {
  expect(() => expect(square).toAgreeWith(square, x)).toThrow(/Invalid Chai property/);
  expect.extend(matchers);
  expect(square).toAgreeWith((t: Tensor) => mul(t, t), x);
  expect(square).toHaveCorrectGradients(x);
  expect(cut).not.toHaveCorrectGradients(x);
  expect(square(x)).toBeCloseToTensor(tensor([1, 4, 9]));
  await expect(FusedLayerNorm).not.toKillAllMutants(() => undefined);
});

/** Jest calls a matcher with a context of its own, and reads `pass` and `message` from what it gives, or promises. */
test("called as Jest does", async () => {
  const context = { isNot: false, promise: "", equals: Object.is, utils: {} };
  const right = matchers.toHaveCorrectGradients.call(context, square, x);
  expect(right.pass).toBe(true);
  const wrong = matchers.toHaveCorrectGradients.call({ ...context, isNot: true }, cut, x);
  expect(wrong.pass).toBe(false);
  const weak = await matchers.toKillAllMutants.call(context, FusedLayerNorm, () => undefined);
  expect(weak.pass).toBe(false);
  expect(weak.message()).toContain("To notice these, compare the gradient of ");
});

test("nothing that it is made of imports vitest", () => {
  const folder = new URL("../../src/matchers/", import.meta.url);
  const imported = readdirSync(folder).flatMap((file) =>
    ts
      .preProcessFile(readFileSync(new URL(file, folder), "utf8"))
      .importedFiles.map(({ fileName }) => fileName),
  );
  expect(imported.filter((module) => !module.startsWith("."))).toEqual([]);
  expect(imported.filter((module) => module.includes("vitest"))).toEqual([]);
});
