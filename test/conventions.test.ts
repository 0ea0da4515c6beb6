/** The page of conventions is that of the ops as they are, and each op does what it says there. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "../src/cli/run.ts";
import { declaredConventions } from "../src/conventions/conventions.ts";
import { conventionsPage } from "../src/conventions/page.ts";
import * as wengert from "../src/index.ts";
import { conventionsLaw } from "./laws/declared.ts";

const { abs, fromData, grad, greater, matmul, max, norm, prod, relu, sqrt, square, sum, tensor, where } =
  wengert;

async function printed(...argv: string[]): Promise<string> {
  let out = "";
  const into = (text: string): void => {
    out += `${text}\n`;
  };
  await run(argv, { out: into, error: into, style: (_, text) => text });
  return out;
}

describe("docs/conventions.md", () => {
  const page = readFileSync(new URL("../docs/conventions.md", import.meta.url), "utf8");

  it("is what `wengert ops --conventions` prints", async () => {
    expect(await printed("ops", "--conventions")).toBe(page);
    expect(`${conventionsPage()}\n`).toBe(page);
  });

  it("has a row for each convention of each op, which the op keeps", () => {
    let count = 0;
    for (const op of Object.values<unknown>(wengert)) {
      if (typeof op !== "object" || op === null || !("conventions" in op)) continue;
      const record = op as wengert.AnyPrimitive;
      count += record.conventions().length;
      expect(conventionsLaw(record), record.name).toBeNull();
    }
    expect(page.match(/^\| `/gm)).toHaveLength(count);
    expect(count).toBeGreaterThan(20);
    expect(declaredConventions()).toHaveLength(count);
  });

  it("says of all ops what is so", () => {
    const at = (f: (x: wengert.Tensor) => wengert.Tensor, x: readonly number[]): number[] => [
      ...grad((t: wengert.Tensor) => sum(f(t)))(tensor([...x]))[0].data,
    ];
    expect(at(abs, [0])).toEqual([0]);
    expect(at(relu, [0])).toEqual([0]);
    expect(at(max, [1, 1, 0])).toEqual([0.5, 0.5, 0]);
    expect(at((x) => where(greater(x, 0), sqrt(x), x), [-1])).toEqual([1]);
    expect(at(sqrt, [0])).toEqual([Number.POSITIVE_INFINITY]);
    expect(at(square, [0])).toEqual([0]);
    expect(at(prod, [2, 0, 3])).toEqual([0, 6, 0]);
    expect(at(norm, [0, 0])).toEqual([0, 0]);
    // 0 · ∞ in a matrix product is IEEE's.
    const W = fromData([1, 1], "float64", Float64Array.of(Number.POSITIVE_INFINITY));
    const [slope] = grad((x: wengert.Tensor) => sum(where(greater(x, 9), matmul(x, W), 0)))(tensor([[1]]));
    expect(slope.item()).toBeNaN();
  });
});
