import { describe, expect, test } from "vitest";
import { checksText } from "../../src/cs231n/report/index.ts";
import { alike, duration, inTable, short } from "../../src/cs231n/report/numbers.ts";
import { logTicks, ticks } from "../../src/cs231n/report/ticks.ts";
import type { CheckRow } from "../../src/cs231n/result.ts";
import { checks } from "./reportSample.ts";

describe("checksText", () => {
  const lines = checksText(checks).split("\n");

  test("fits into 110 columns, with nothing at the ends of lines", () => {
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(110);
      expect(line).toBe(line.trimEnd());
    }
  });

  test("has each check once, in line with the others, below its section", () => {
    const head = lines.find((line) => line.includes("published"))!;
    const columns = ["what", "published", "ours", "verdict"].map((name) => head.indexOf(name));
    const row = lines.find((line) => line.includes("dgamma error"))!;
    const cells = columns.map((start, k) => row.slice(start, columns[k + 1]).trim());
    expect(cells).toEqual(["dgamma error", "7.420414216247087e-13", "7.420414216247087e-13", "✓ same"]);
    const at = (text: string): number => lines.findIndex((line) => line.includes(text));
    expect(at("Batch normalization: backward")).toBeLessThan(at("dgamma error"));
    expect(at("dgamma error")).toBeLessThan(at("Network with batch normalization"));
    for (const symbol of ["✓", "≈", "≤", "✗", "–"]) {
      const rows = lines.filter((line) => line.includes(symbol) && !line.startsWith(`  ${symbol}`));
      for (const each of rows) expect(each.indexOf(symbol)).toBe(columns[3]);
    }
  });

  test("keeps all of what is too wide for its column, and of the notes", () => {
    const words = checksText(checks).replace(/\s+/g, " ");
    for (const { what, note } of checks) {
      for (const word of what.split(" ")) expect(words).toContain(word);
      if (note !== undefined) expect(words).toContain(note);
    }
    for (const figure of ["-2.3814598,", "-13.18038246,", "1.91780462", "7.0499162e-17,"]) {
      expect(words).toContain(figure);
    }
  });

  test("ends with how many there are, and what the verdicts mean", () => {
    const end = lines.slice(-7, -1);
    expect(end[0]).toBe("30 checks: 26 same, 1 band, 1 within, 1 differs, 1 not comparable");
    expect(end.slice(1).map((line) => line.trim().split(/\s{2,}/)[0])).toEqual([
      "✓ same",
      "≈ band",
      "≤ within",
      "✗ differs",
      "– not comparable",
    ]);
  });

  test("stays within 110 columns whatever is in it, and hands a terminal no commands", () => {
    const long = "9".repeat(400);
    const rows: CheckRow[] = (["same", "band", "within", "differs", "not comparable"] as const).map(
      (verdict) => ({
        section: `Section ${long}`,
        what: `${long}\n\u001b[2J\tword ${"w ".repeat(90)}`,
        published: long,
        ours: `${long} ${long}`,
        verdict,
        note: long,
      }),
    );
    const text = checksText(rows);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
    expect(text).not.toContain("\u001b");
    // All digits of what is cut into pieces are there.
    expect(text.match(/9/g)!.length).toBe(400 + 5 * (400 * 5));
  });

  test("gives room to what needs it", () => {
    const row = { section: "S", what: "x", verdict: "same" } as const;
    const wide = { ...row, published: "1".repeat(60), ours: "2" };
    expect(checksText([wide])).toContain("1".repeat(60));
    expect(checksText([{ ...wide, published: "2", ours: "1".repeat(60) }])).toContain("1".repeat(60));
    expect(checksText([{ ...row, what: "w".repeat(60), published: "1", ours: "2" }])).toContain(
      "w".repeat(60),
    );
  });

  test("says so where there are none", () => {
    expect(checksText([])).toBe("No checks were run.\n");
  });
});

describe("ticks", () => {
  test.each([
    [0, 200, [0, 50, 100, 150, 200]],
    [0.96, 2.04, [1, 1.2, 1.4, 1.6, 1.8, 2]],
    [-0.3, 0.3, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]],
    [1e-300, 2e-300, [1e-300, 1.2e-300, 1.4e-300, 1.6e-300, 1.8e-300, 2e-300]],
  ])("from %d to %d", (low, high, values) => {
    expect(ticks(low, high, 6).values).toEqual(values);
  });

  test("are labelled with as many digits as their step has", () => {
    const labels = (low: number, high: number): string[] => {
      const { values, label } = ticks(low, high, 6);
      return values.map(label);
    };
    expect(labels(-0.3, 0.3)).toEqual(["−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"]);
    expect(labels(0, 3e7)).toEqual(["0", "5e6", "1e7", "1.5e7", "2e7", "2.5e7", "3e7"]);
    expect(labels(1.7025, 1.7026)[0]).toBe("1.70250");
  });

  test("of a log axis are at powers of ten", () => {
    const { values, minor, label } = logTicks(1e-4, 1, 6);
    expect(values.map(label)).toEqual(["0.0001", "0.001", "0.01", "0.1", "1"]);
    expect(minor).toHaveLength(32);
    const wide = logTicks(1e-12, 1e3, 6);
    expect(wide.values.map(wide.label)).toEqual(["1e−12", "1e−9", "1e−6", "1e−3", "1e0", "1e3"]);
  });

  test("of a log axis of few decades are at 1, 2 and 5, and of a short one as if it were linear", () => {
    expect(logTicks(0.9, 20, 6).values).toEqual([1, 2, 5, 10, 20]);
    expect(logTicks(1, 1.5, 6).values).toEqual([1, 1.1, 1.2, 1.3, 1.4, 1.5]);
  });
});

describe("numbers", () => {
  test("short ones have three digits", () => {
    expect([0, 1, 3.5, 0.012345, 1234.5, 3.14e7, 2e-5, -0.5].map(short)).toEqual([
      "0",
      "1",
      "3.5",
      "0.0123",
      "1230",
      "3.14e7",
      "2e-5",
      "-0.5",
    ]);
  });

  test("in a table", () => {
    expect([100, 0.445, 1 / 3, 1e-9, 1e20, Number.NaN, -0].map(inTable)).toEqual([
      "100",
      "0.445",
      "0.333333",
      "1e-9",
      "1e20",
      "NaN",
      "0",
    ]);
  });

  test("of one column have as many decimals, if that takes few", () => {
    expect(alike([0.2, 0.205, 1, Number.NaN, "–"])).toEqual(["0.200", "0.205", "1.000", "NaN", "–"]);
    expect(alike([0.000162378, 1])).toEqual(["0.000162378", "1"]);
    expect(alike([10, 200])).toEqual(["10", "200"]);
  });

  test("durations", () => {
    expect([8.53, 59.4, 59.6, 132.4, 3719, Number.NaN].map(duration)).toEqual([
      "8.5 s",
      "59 s",
      "1 min 0 s",
      "2 min 12 s",
      "1 h 1 min",
      "an unknown time",
    ]);
  });
});
