/**
 * Every way in which a loop can end: sizes around vectors, lines of them, turns, and blocks of rows. In small integers,
 * whose sums are exact in whatever order they are taken, and means rounded once.
 */
import { describe, expect, test } from "vitest";
import {
  add,
  cast,
  compile,
  flip,
  fromData,
  greater,
  type Inputs,
  max,
  mean,
  min,
  mul,
  slice,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from "../../src/index.ts";
import { stream } from "../../src/random/stream.ts";
import { first, firstChange } from "../laws/numbers.ts";

const ROWS = [1, 2, 5, 31, 63, 64, 65, 127, 129, 193];
const COLUMNS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19, 31, 33, 63, 65, 66, 100];
const LONG = [129, 257, 511, 515, 640, 1027, 2051, 4099];
const keepDims = true;

const WALKS: Readonly<Record<string, (x: Tensor) => Inputs>> = {
  "down the columns": (x) => [sum(x, 0), max(mul(x, 2), 0)],
  "four of them": (x) => [sum(x, 0), min(x, 0), mean(add(x, 1), 0), sum(mul(x, x), 0)],
  "along the rows": (x) => [sum(x, 1), mean(mul(x, x), 1), max(x, 1), sub(x, 1)],
  "all of it": (x) => [sum(x), mean(add(x, x)), min(x), max(x), mul(x, 3)],
  "with large formulas": (x) => [sum(LARGE.reduce((t, k) => add(mul(t, k), x), x)), sum(mul(x, x))],
  "rows after rows": (x) => {
    const centered = sub(x, max(x, 1, { keepDims }));
    return [centered, sum(centered, 1), mul(centered, sum(centered, 1, { keepDims }))];
  },
  "columns after columns": (x) => [sub(x, max(x, 0)), sum(sub(x, max(x, 0)), 0)],
  turned: (x) => [add(transpose(x), 1), sum(transpose(x), 1), sum(flip(x), 0), flip(add(x, 1), 1)],
  "every other": (x) => [add(slice(x, [[0, null, 2], null]), 1), sum(slice(x, [null, [0, null, 3]]), 1)],
  chosen: (x) => {
    const isUp = greater(x, 0);
    return [isUp, where(isUp, x, 7), sum(where(isUp, x, 1), 0), transpose(isUp)];
  },
  "in the other float": (x) => {
    const y = cast(x, x.dtype === "float64" ? "float32" : "float64");
    return [sum(y, 0), sum(y, 1), sum(y), max(x, 0), sum(x, 0), add(y, 1), cast(greater(y, 0), x.dtype)];
  },
};

/** Signs alternate, so that nothing grows. */
const LARGE = [1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1];

function integers(rows: number, columns: number, dtype: "float64" | "float32"): Tensor {
  const from = stream(rows, "sizes", columns);
  const data = dtype === "float64" ? new Float64Array(rows * columns) : new Float32Array(rows * columns);
  for (let i = 0; i < data.length; i++) data[i] = from.integer(9) - 4;
  return fromData([rows, columns], dtype, data);
}

const SHAPES: readonly (readonly [rows: number, columns: number])[] = [
  ...ROWS.flatMap((rows, k) => COLUMNS.filter((_, j) => (j + k) % 5 === 0).map((n) => [rows, n] as const)),
  ...LONG.map((n, k) => [[1, 3][k % 2]!, n] as const),
  [515, 3],
];

describe.each(["float64", "float32"] as const)("in %s", (dtype) => {
  test.each(Object.entries(WALKS))("%s", (_, f) => {
    const found = first(SHAPES, ([rows, columns]) => {
      const x = integers(rows, columns, dtype);
      const expected = f(x);
      const actual = compile(f, { reassociate: false })(x);
      const differs = first(expected, (y, k) => {
        const change = firstChange(actual[k]!, y);
        return change === null ? null : `result ${k}: ${change}`;
      });
      return differs === null ? null : `[${rows}, ${columns}], ${differs}`;
    });
    expect(found).toBeNull();
  });
});
