import { describe, expect, it } from "vitest";
import { type Found, type Measurement, ratioOf } from "../bench/logic/measurement.ts";
import { ratiosTable, significant, targetsTable, timesTable } from "../bench/logic/tables.ts";
import { judged } from "../bench/logic/targets.ts";

function measured(system: string, size: string, us: number, more: Partial<Measurement> = {}): Measurement {
  const spread = { median: us, low: 0.9 * us, high: 1.1 * us };
  return { system, workload: "W1", dtype: "float32", size, us: spread, firstMs: 7, ...more };
}

const measurements = [
  measured("wengert-compiled", "4x5", 2),
  measured("wengert-compiled", "100x100", 30),
  measured("jax", "4x5", 12),
  measured("jax", "100x100", 42),
  measured("numpy", "4x5", 29),
];
const found: Found = {
  measurements,
  peaks: [],
  absences: [
    { system: "numpy", workload: "W1", dtype: "float32", size: "100x100", kind: "differs", why: "" },
    { system: "tfjs-cpu", workload: "W1", dtype: "float32", size: "4x5", kind: "unsupported", why: "" },
  ],
};
const which = { workload: "W1", dtype: "float32" } as const;

describe("tables", () => {
  it("have a row a system, a column a size, and say what failed", () => {
    expect(timesTable(found, which)?.split("\n")).toEqual([
      "                  4x5        100x100",
      "----------------  ---------  ---------",
      "wengert-compiled  2.00 ±10%  30.0 ±10%",
      "jax               12.0 ±10%  42.0 ±10%",
      "numpy             29.0 ±10%  differs",
    ]);
    expect(timesTable(found, { workload: "W1", dtype: "float64" })).toBeNull();
  });

  it("have ratios ours / theirs", () => {
    expect(ratiosTable(measurements, which, "wengert-compiled")?.split("\n")).toEqual([
      "wengert-compiled /     4x5  100x100",
      "------------------  ------  -------",
      "jax                  0.167    0.714",
      "numpy               0.0690",
    ]);
    expect(ratiosTable(measurements, which, "wengert")).toBeNull();
  });

  it("print three digits", () => {
    expect([0, 0.0012345, 0.5, 9.999, 12.34, 123.4, 98765].map(significant)).toEqual([
      "0",
      "0.00123",
      "0.500",
      "10.00",
      "12.3",
      "123",
      "98765",
    ]);
  });
});

describe("ratioOf", () => {
  it("is the ratio of medians, and null where one is missing", () => {
    const key = (system: string, size: string) => ({ system, size, ...which });
    expect(ratioOf(measurements, key("wengert-compiled", "4x5"), key("jax", "4x5"))).toBeCloseTo(1 / 6, 12);
    expect(ratioOf(measurements, key("wengert-compiled", "100x100"), key("numpy", "100x100"))).toBeNull();
  });
});

describe("targets", () => {
  const sizes = new Set(["4x5", "100x100"]);

  it("are met by ratios at most so large: ten times JAX's speed at 4x5, twice at 100x100", () => {
    const against = judged(measurements, sizes).filter(({ says }) => says === "W1 compiled / JAX jit");
    expect(against.map(({ size, atMost }) => [size, atMost])).toEqual([
      ["4x5", 0.1],
      ["100x100", 0.5],
    ]);
    const text = targetsTable(measurements, sizes);
    expect(text).toMatch(/JAX jit +4x5 +0\.167 +0\.100 +missed by 1\.67 times/);
    expect(
      targetsTable([measured("wengert-compiled", "4x5", 1.1), measured("jax", "4x5", 12)], sizes),
    ).toMatch(/JAX jit +4x5 +0\.0917 +0\.100 +met/);
  });

  it("can be times of our own", () => {
    const own = [measured("wengert", "4x5", 13), measured("wengert-compiled", "4x5", 2, { firstMs: 19 })];
    const text = targetsTable(own, new Set(["4x5"]));
    expect(text).toMatch(/define-by-run, microseconds +4x5 +13\.0 +12\.0 +missed by 1\.08 times/);
    expect(text).toMatch(/first compiled call, milliseconds +4x5 +19\.0 +20\.0 +met/);
  });

  it("are judged in float32 alone, and counted where a side is missing", () => {
    const doubles = measurements.map((m): Measurement => ({ ...m, dtype: "float64" }));
    expect(judged(doubles, sizes).every(({ measured }) => measured === null)).toBe(true);
    expect(targetsTable(doubles, sizes)).toMatch(/^Not measured: \d+ more/);
  });
});
