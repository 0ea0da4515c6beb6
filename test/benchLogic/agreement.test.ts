import { describe, expect, it } from "vitest";
import { agreement, type Result } from "../bench/logic/agreement.ts";

const result = (name: string, ...values: number[]): Result => ({ name, values });
const ULP = 2 ** -24;

describe("agreement", () => {
  const reference = [result("dx", 1, -4, 2), result("db", 10, 0)];

  it("holds float64 to ten digits of the largest entry", () => {
    expect(agreement([result("dx", 1 + 3e-10, -4, 2), reference[1]!], reference, null).agrees).toBe(true);
    const { agrees, worst } = agreement([result("dx", 1 + 5e-10, -4, 2), reference[1]!], reference, null);
    expect(agrees).toBe(false);
    expect(worst.name).toBe("dx");
    expect(worst.error).toBeCloseTo(1.25e-10, 13);
  });

  it("lets float32 lose what plain float32 loses, four times over, and not more", () => {
    const plain = [result("dx", 1 + 4e-4, -4, 2), reference[1]!];
    const off = (by: number): boolean =>
      agreement([result("dx", 1, -4 + by, 2), reference[1]!], reference, plain).agrees;
    expect(off(1.59e-3)).toBe(true);
    expect(off(1.62e-3)).toBe(false);
  });

  it("allows a few roundings where plain float32 was exact by luck, and wanders with the length of sums", () => {
    const off = (roundings: number, summed: number): boolean =>
      agreement([result("dx", 1, -4 - 4 * roundings * ULP, 2), reference[1]!], reference, reference, summed)
        .agrees;
    expect(off(15, 0)).toBe(true);
    expect(off(17, 0)).toBe(false);
    expect(off(17, 100)).toBe(true);
    expect(off(57, 100)).toBe(false);
  });

  it("sees a gradient that is missing, out of order, too short or too many", () => {
    const [dx, db] = reference as [Result, Result];
    for (const wrong of [[dx], [db, dx], [dx, result("db", 10)], [dx, db, dx], []]) {
      expect(agreement(wrong, reference, null).agrees).toBe(false);
    }
  });

  it("takes no NaN and no infinity for a number", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(agreement([result("dx", 1, value, 2), reference[1]!], reference, null).agrees).toBe(false);
    }
  });

  it("measures a gradient that is exactly 0 by the size of the others", () => {
    const zero = [result("dx", 100), result("db", 0)];
    expect(agreement([result("dx", 100), result("db", 0.9e-10)], zero, null).agrees).toBe(true);
    expect(agreement([result("dx", 100), result("db", 1.1e-10)], zero, null).agrees).toBe(false);
  });
});
