import { describe, expect, it } from "vitest";
import { foreseen, growthOf } from "../bench/logic/growth.ts";

describe("growthOf", () => {
  it.each([0.5, 1, 2, 3])("finds the exponent %f of a pure power", (power) => {
    const sizes = [10, 100, 1000];
    const { exponent, last } = growthOf(
      sizes,
      sizes.map((n) => 7 * n ** power),
    );
    expect(exponent).toBeCloseTo(power, 12);
    expect(last).toBeCloseTo(power, 12);
  });

  it("fits as NumPy does", () => {
    // np.polyfit(np.log(n), np.log(t), 1)[0]
    const { exponent, last } = growthOf([100, 1000, 10000, 100000], [3, 20, 410, 2500]);
    expect(exponent).toBeCloseTo(1.0074210122912879, 10);
    expect(last).toBeCloseTo(0.7851561519523022, 10);
  });

  it("sees in the last two points what fixed costs hide in all", () => {
    const sizes = [1, 10, 100, 1000];
    const { exponent, last } = growthOf(
      sizes,
      sizes.map((n) => 1000 + n ** 2),
    );
    expect(exponent).toBeLessThan(1.2);
    expect(last).toBeGreaterThan(1.9);
  });

  it("refuses one size, none, and what has no logarithm", () => {
    expect(() => growthOf([10], [1])).toThrow(RangeError);
    expect(() => growthOf([10, 10], [1, 2])).toThrow(RangeError);
    expect(() => growthOf([10, 100], [0, 2])).toThrow(RangeError);
    expect(() => growthOf([10, 100], [1])).toThrow(RangeError);
  });
});

describe("foreseen", () => {
  it("goes on as between the last two, from 1 to 2", () => {
    expect(foreseen([10], [3], 100)).toBeCloseTo(30, 12);
    expect(foreseen([10, 100], [3, 30 * Math.sqrt(10)], 1000)).toBeCloseTo(3000, 6);
    expect(foreseen([10, 100], [3, 3], 1000)).toBeCloseTo(30, 12);
    expect(foreseen([10, 100], [3, 30_000], 1000)).toBeCloseTo(3_000_000, 3);
  });
});
