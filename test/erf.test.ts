import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { erf, erfc } from "../ops/kernels/erf.ts";

/** [x, erf(x), erfc(x)], correctly rounded; the file says how they were computed, and what confirmed them. */
const { rows }: { rows: [number, number, number][] } = JSON.parse(
  readFileSync(new URL("fixtures/erf.json", import.meta.url), "utf8"),
);

/** How many steps from one float64 number to the next lead from a to b: 0 if they are the same. */
function ulps(a: number, b: number): number {
  const steps = place(a) - place(b);
  return Number(steps < 0n ? -steps : steps);
}

/** The place of x among the float64 numbers in their order, counted from 0. */
function place(x: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(x));
  return x < 0 ? -bits.getBigUint64(0) : bits.getBigUint64(0);
}

describe("against values computed elsewhere", () => {
  test("the table reaches over the whole line", () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(Math.min(...rows.map(([x]) => x))).toBeLessThan(-6);
    expect(Math.max(...rows.map(([x]) => x))).toBeGreaterThan(28);
    expect(rows.some(([, , complement]) => complement > 0 && complement < 2 ** -1022)).toBe(true);
  });

  test.each(rows)("x = %d", (x, expected, expectedComplement) => {
    expect(ulps(erf(x), expected), `erf: ${erf(x)}, not ${expected}`).toBeLessThanOrEqual(1);
    expect(
      ulps(erfc(x), expectedComplement),
      `erfc: ${erfc(x)}, not ${expectedComplement}`,
    ).toBeLessThanOrEqual(2);
    expect(ulps(erf(-x), -expected)).toBeLessThanOrEqual(1);
  });
});

describe("special values", () => {
  test("infinities and NaN", () => {
    expect([erf(Infinity), erf(-Infinity), erf(Number.NaN)]).toEqual([1, -1, Number.NaN]);
    expect([erfc(Infinity), erfc(-Infinity), erfc(Number.NaN)]).toEqual([0, 2, Number.NaN]);
  });

  test("signed zeros", () => {
    expect(Object.is(erf(0), 0)).toBe(true);
    expect(Object.is(erf(-0), -0)).toBe(true);
    expect([erfc(0), erfc(-0)]).toEqual([1, 1]);
  });

  test("the largest numbers, and where erf reaches 1 and erfc its ends", () => {
    expect([erf(Number.MAX_VALUE), erfc(Number.MAX_VALUE), erfc(-Number.MAX_VALUE)]).toEqual([1, 0, 2]);
    expect(erf(5.93)).toBe(1);
    expect(erf(5.9)).toBeLessThan(1);
    expect(erfc(27.22)).toBeGreaterThan(0);
    expect(erfc(27.24)).toBe(0);
    expect(erfc(-5.9)).toBe(2);
  });
});

describe("laws", () => {
  // As far down on one side as up on the other, save for the errors of three values, one of which counts twice.
  test.each([2 ** -28, 0.25, 0.5, 0.75, 0.84375, 1.25, 1 / 0.35, 6])("no step at |x| = %d", (border) => {
    const h = 2 ** (Math.floor(Math.log2(border)) - 46);
    const step = (f: (x: number) => number, x: number) =>
      Math.abs(ulps(f(x - h), f(x)) - ulps(f(x), f(x + h)));
    expect(step(erf, border)).toBeLessThanOrEqual(4);
    expect(step(erfc, border)).toBeLessThanOrEqual(8);
    expect(step(erfc, -border)).toBeLessThanOrEqual(4);
  });

  test("odd, falling and rising, and adding up to 1", () => {
    let previous = -1;
    let previousComplement = 2;
    for (let x = -7; x <= 28; x += 1 / 512) {
      const y = erf(x);
      const complement = erfc(x);
      expect(erf(-x)).toBe(-y);
      expect(y).toBeGreaterThanOrEqual(previous);
      expect(complement).toBeLessThanOrEqual(previousComplement);
      expect(Math.abs(y + complement - 1)).toBeLessThanOrEqual(2 ** -51);
      previous = y;
      previousComplement = complement;
    }
  });
});
