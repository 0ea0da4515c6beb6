import { describe, expect, it } from "vitest";
import { relativeSpread, spreadOf } from "../bench/logic/spread.ts";

describe("spreadOf", () => {
  it("has the percentiles of NumPy", () => {
    // np.percentile([7.5, 1.25, 3, 12, 4.5, 2], [25, 50, 75])
    expect(spreadOf([7.5, 1.25, 3, 12, 4.5, 2])).toEqual({ low: 2.25, median: 3.75, high: 6.75 });
    expect(spreadOf([3, 1, 2])).toEqual({ low: 1.5, median: 2, high: 2.5 });
  });

  it("is one value where there is one, and leaves its argument alone", () => {
    expect(spreadOf([4])).toEqual({ low: 4, median: 4, high: 4 });
    const values = [3, 1, 2];
    spreadOf(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("is not fooled by one slow round", () => {
    expect(spreadOf([10, 10, 10, 10, 5000]).median).toBe(10);
  });

  it("refuses nothing at all", () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });

  it("is told as a share of the median", () => {
    expect(relativeSpread({ low: 90, median: 100, high: 130 })).toBeCloseTo(0.2, 12);
  });
});
