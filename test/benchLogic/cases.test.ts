import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { expectedOf, inputsOf, sizesOf } from "../bench/cases.ts";
import { agreement } from "../bench/logic/agreement.ts";
import { hiddenLayers, NETWORKS, parameterShapes } from "../bench/networks.ts";
import { system as wengert } from "../bench/own/eager.ts";
import { system as loops } from "../bench/own/loops.ts";
import { arrayNamed, readInputs, readResults, writeInputs, writeResults } from "../bench/running/inputs.ts";

const folder = mkdtempSync(join(tmpdir(), "wengert-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a case", () => {
  it.each(["float32", "float64"] as const)("reaches another process unchanged in %s", (dtype) => {
    const inputs = inputsOf("W1", "7x3", dtype);
    const task = writeInputs(inputs, join(folder, "inputs"), join(folder, "results"));
    expect(readInputs(JSON.parse(JSON.stringify(task)))).toEqual(inputs);
  });

  it("is the same point in either dtype", () => {
    const [single, double] = [inputsOf("W1", "7x3", "float32"), inputsOf("W1", "7x3", "float64")];
    expect([...arrayNamed(single, "x").values]).toEqual([...arrayNamed(double, "x").values]);
  });

  it("comes back as results in order", () => {
    const results = [
      { name: "dx", values: Float64Array.of(1, 2, 3) },
      { name: "losses", values: [0.1] },
    ];
    const found = readResults(writeResults(results, join(folder, "r")), join(folder, "r"));
    expect(found.map(({ name, values }) => [name, ...Array.from(values)])).toEqual([
      ["dx", 1, 2, 3],
      ["losses", 0.1],
    ]);
  });

  it("has the networks' shapes: 360,810 parameters in W3, counted by layers", () => {
    const count = (which: "W3" | "W4"): number =>
      parameterShapes(NETWORKS[which]).reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b), 0);
    // 3072 · 100 + 4 · 100², 5 · 3 · 100 (b, gamma, beta), 100 · 10 + 10
    expect(count("W3")).toBe(307_200 + 40_000 + 1500 + 1010);
    expect(count("W4")).toBe(784 * 512 + 512 * 512 + 2 * 3 * 512 + 512 * 10 + 10);
    expect(hiddenLayers(parameterShapes(NETWORKS.W3).length)).toBe(5);
    expect(sizesOf("W3f", ["4x5"])).toEqual(["W3"]);
  });
});

describe("what is timed is checked", () => {
  it.each(["W1", "W2"] as const)("tape against loops by hand, %s", async (workload) => {
    for (const dtype of ["float32", "float64"] as const) {
      const inputs = inputsOf(workload, "40x6", dtype);
      const { reference, plain } = await expectedOf(inputs);
      const { results } = await (await wengert.prepare(inputs)).check();
      expect(agreement(results, reference, plain).agrees).toBe(true);
      const wrong = results.map(({ name, values }) => ({
        name,
        values: Array.from(values, (v) => v * 1.0001),
      }));
      expect(agreement(wrong, reference, plain).agrees).toBe(false);
    }
  });

  it("says what there is not", () => {
    expect(() => loops.prepare(inputsOf("W2", "4x5", "float32"))).toThrow("W1 alone");
  });
});
