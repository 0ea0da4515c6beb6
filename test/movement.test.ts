import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allocate, DTYPES, type DType, isFloat } from "../graph/dtype.ts";
import { ArgumentError, AxisError, DTypeError, IndexError, ShapeError } from "../graph/errors.ts";
import { fromData, type Tensor } from "../graph/index.ts";
import * as ops from "../ops/index.ts";
import { tensor, zeros } from "../src/create/index.ts";
import { jvp, vjp } from "../src/transforms/derivatives.ts";
import type { StoredArray } from "./support/fixtures.ts";

/** One call, as NumPy answered it; the file says how. */
interface Move {
  readonly op: string;
  readonly args: readonly never[];
  readonly x: readonly StoredArray[];
  readonly y: StoredArray;
  readonly xBar: readonly StoredArray[];
}

const { moves }: { moves: readonly Move[] } = JSON.parse(
  readFileSync(new URL("fixtures/movement.json", import.meta.url), "utf8"),
);

type Call = (x: readonly Tensor[], ...args: readonly never[]) => Tensor;

const CALLS: Readonly<Record<string, Call>> = {
  transpose: ([x], axes) => ops.transpose(x!, axes),
  expandDims: ([x], axes) => ops.expandDims(x!, axes),
  squeeze: ([x], axes) => ops.squeeze(x!, axes),
  slice: ([x], ranges) => ops.slice(x!, ranges),
  flip: ([x], axes) => ops.flip(x!, axes),
  pad: ([x], widths, value) => ops.pad(x!, widths, value),
  concat: (x, axis) => ops.concat(x, axis),
  stack: (x, axis) => ops.stack(x, axis),
  take: ([x], indices, axis) => ops.take(x!, indices, axis),
  gatherNd: ([x], indices) => ops.gatherNd(x!, indices),
};

/** What moves does not care what it is: as bool, the numbers are even or odd. */
function as(dtype: DType, { shape, data }: StoredArray): Tensor {
  const own = allocate(dtype, data.length);
  own.set(dtype === "bool" ? data.map((v) => v & 1) : data);
  return fromData(shape, dtype, own);
}

function expectSame(actual: Tensor, expected: Tensor): void {
  expect(actual.dtype).toBe(expected.dtype);
  expect([...actual.shape]).toEqual([...expected.shape]);
  expect([...actual.data]).toEqual([...expected.data]);
}

describe.each(Object.keys(CALLS))("%s, as NumPy's", (op) => {
  const rows = moves.filter((move) => move.op === op);
  const named = rows.map(
    (row) => [JSON.stringify(row.args), row.x.map(({ shape }) => `[${shape}]`).join(" "), row] as const,
  );

  test("there are rows", () => expect(rows.length).toBeGreaterThan(8));

  test.each(named)("%s of %s", (_args, _shapes, { args, x, y, xBar }) => {
    const f = (...t: readonly Tensor[]): Tensor => CALLS[op]!(t, ...args);
    // The same without the constant that is padded with: what tangents go through.
    const linear = (t: readonly Tensor[]): Tensor =>
      CALLS[op]!(t, ...(op === "pad" ? args.slice(0, 1) : args));
    for (const dtype of DTYPES) {
      const xs = x.map((one) => as(dtype, one));
      expectSame(f(...xs), as(dtype, y));
      if (!isFloat(dtype)) continue;
      const cotangent = as(dtype, { shape: y.shape, data: y.data.map((_, i) => i + 1) });
      vjp<readonly Tensor[], Tensor>(f, ...xs)[1](cotangent).forEach((bar, k) => {
        expectSame(bar, as(dtype, xBar[k]!));
      });
      expectSame(jvp<readonly Tensor[], Tensor>(f, xs, xs)[1], linear(xs));
    }
  });
});

test("a tensor joined to one without a tangent has zeros there", () => {
  const f = (x: Tensor): Tensor => ops.concat([tensor([[7]]), x, tensor([[1, 2]], { dtype: "int32" })], 1);
  const x = tensor([[1, 2]]);
  expectSame(jvp(f, [x], [x])[1], tensor([[0, 1, 2, 0, 0]]));
  expectSame(vjp(f, x)[1](tensor([[1, 2, 3, 4, 5]]))[0], tensor([[2, 3]]));
});

test("joined tensors meet in one dtype, and numbers adopt that of the first tensor", () => {
  const int = tensor([1], { dtype: "int32" });
  const narrow = tensor([2], { dtype: "float32" });
  expect(ops.concat([tensor([true]), int]).dtype).toBe("int32");
  expect(ops.concat([int, narrow]).dtype).toBe("float32");
  expect(ops.stack([0.5, tensor(2, { dtype: "float32" })]).dtype).toBe("float32");
  expectSame(ops.stack([1, 2.5]), tensor([1, 2.5]));
});

test("split undoes concat", () => {
  const x = tensor([[1, 2, 3, 4, 5, 6]]);
  const shapes = (parts: readonly Tensor[]): number[][] => parts.map(({ shape }) => [...shape]);
  const equal = [
    [1, 2],
    [1, 2],
    [1, 2],
  ];
  expect(shapes(ops.split(x, 3, 1))).toEqual(equal);
  const parts = ops.split(x, [1, 0, 5], -1);
  expect(parts[2]!.toArray()).toEqual([[2, 3, 4, 5, 6]]);
  expectSame(ops.concat(parts, 1), x);
});

test("views share their numbers; slices of the whole are the whole", () => {
  const x = tensor([[1, 2, 3]]);
  expect(ops.squeeze(ops.expandDims(x, 0), 0).data).toBe(x.data);
  expect(ops.slice(x, [null, [0, 3]])).toBe(x);
  expect(ops.transpose(x, [0, 1])).toBe(x);
});

test("special values are moved as they are", () => {
  const x = tensor([Number.NaN, -0, Number.NEGATIVE_INFINITY]);
  const [a, b, c] = ops.flip(ops.pad(x, 1, Number.NEGATIVE_INFINITY)).data.slice(1);
  expect([a, b, c]).toEqual([Number.NEGATIVE_INFINITY, -0, Number.NaN]);
});

describe("scatterAdd", () => {
  test("adds what goes to one place", () => {
    const x = tensor([
      [1, 2, 3],
      [10, 20, 30],
    ]);
    expectSame(
      ops.scatterAdd(x, [1, -3, 1], 1, 3),
      tensor([
        [2, 4, 0],
        [20, 40, 0],
      ]),
    );
    expectSame(
      ops.scatterAdd(x, [2, 2], 0, 4),
      tensor([
        [0, 0, 0],
        [0, 0, 0],
        [11, 22, 33],
        [0, 0, 0],
      ]),
    );
    expectSame(
      ops.scatterAdd(
        x,
        [
          [0, 1, 0],
          [1, 1, 0],
        ],
        0,
        2,
      ),
      tensor([34, 32]),
    );
    expectSame(ops.scatterAdd(5, 1, 0, 3), tensor([0, 5, 0]));
    expectSame(ops.scatterAdd(tensor([true, true]), [0, 0], 0, 1), tensor([2], { dtype: "int32" }));
    expectSame(ops.scatterAdd(zeros([0]), [], 0, 2), tensor([0, 0]));
  });

  test("float32 is summed in float64", () => {
    const n = 2 ** 16;
    const tenths = tensor(new Float32Array(n).fill(0.1));
    const total = ops.scatterAdd(tenths, new Array<number>(n).fill(0), 0, 1).item();
    expect(total).toBe(Math.fround(n * Math.fround(0.1)));
  });
});

test("oneHot", () => {
  expectSame(
    ops.oneHot([1, 0], 3),
    tensor([
      [0, 1, 0],
      [1, 0, 0],
    ]),
  );
  expectSame(ops.oneHot(2, 3, "float32"), tensor([0, 0, 1], { dtype: "float32" }));
  expect(ops.oneHot([[0], [1]], 2, "bool").toArray()).toEqual([[[true, false]], [[false, true]]]);
  expect([...ops.oneHot([], 3, "int32").shape]).toEqual([0, 3]);
});

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const int = { dtype: "int32" } as const;

test.each<[string, () => unknown, new (...message: never[]) => Error]>([
  ["transpose: too few axes", () => ops.transpose(x, [0]), AxisError],
  ["transpose: one twice", () => ops.transpose(x, [1, -1]), AxisError],
  ["transpose: out of range", () => ops.transpose(x, [0, 2]), AxisError],
  ["expandDims: out of range", () => ops.expandDims(x, 3), AxisError],
  ["expandDims: one twice", () => ops.expandDims(x, [0, -4]), AxisError],
  ["squeeze: not of size 1", () => ops.squeeze(x, 0), ShapeError],
  ["squeeze: out of range", () => ops.squeeze(x, 2), AxisError],
  ["slice: step 0", () => ops.slice(x, [[0, 1, 0]]), ArgumentError],
  ["slice: not an integer", () => ops.slice(x, [[0.5]]), ArgumentError],
  ["slice: not an index", () => ops.slice(x, [1.5]), ArgumentError],
  ["slice: too many ranges", () => ops.slice(x, [null, null, null]), ShapeError],
  ["slice: index past the end", () => ops.slice(x, [2]), IndexError],
  ["slice: index before the start", () => ops.slice(x, [0, -4]), IndexError],
  ["slice: index of nothing", () => ops.slice(zeros([0]), [0]), IndexError],
  ["flip: out of range", () => ops.flip(x, -3), AxisError],
  ["pad: a width missing", () => ops.pad(x, [1]), ShapeError],
  ["pad: negative", () => ops.pad(x, -1), ArgumentError],
  ["pad: a value that bool does not hold", () => ops.pad(tensor([true]), 1, 2), DTypeError],
  ["pad: a value that int32 does not hold", () => ops.pad(tensor([1], int), 1, 0.5), DTypeError],
  ["concat: none", () => ops.concat([]), ArgumentError],
  ["concat: scalars", () => ops.concat([1, 2]), AxisError],
  ["concat: sizes differ", () => ops.concat([x, zeros([2, 4])], 0), ShapeError],
  ["concat: ranks differ", () => ops.concat([x, zeros([3])], 0), ShapeError],
  ["concat: float32 with float64", () => ops.concat([x, zeros([1, 3], { dtype: "float32" })]), DTypeError],
  ["stack: none", () => ops.stack([]), ArgumentError],
  ["stack: shapes differ", () => ops.stack([zeros([2]), zeros([1])]), ShapeError],
  ["stack: out of range", () => ops.stack([zeros([2])], 2), AxisError],
  ["split: does not divide", () => ops.split(x, 2, 1), ShapeError],
  ["split: does not add up", () => ops.split(x, [1, 1], 1), ShapeError],
  ["split: no parts", () => ops.split(x, 0), ArgumentError],
  ["take: past the end", () => ops.take(x, [0, 2], 0), IndexError],
  ["take: before the start", () => ops.take(x, [-4], 1), IndexError],
  ["take: from nothing", () => ops.take(zeros([0]), [0], 0), IndexError],
  ["take: out of range though nothing is taken", () => ops.take(zeros([2, 0]), [2], 0), IndexError],
  ["take: float indices", () => ops.take(x, tensor([0, 1]), 0), DTypeError],
  ["take: a mask", () => ops.take(x, tensor([true, false]), 0), DTypeError],
  ["take: no integer", () => ops.take(x, [0.5], 0), ArgumentError],
  ["take: ragged", () => ops.take(x, [[0], [0, 1]], 0), ShapeError],
  ["take: would wrap in int32", () => ops.take(x, [2 ** 32], 0), IndexError],
  ["take: axis out of range", () => ops.take(x, [0], 2), AxisError],
  ["gatherNd: past the end", () => ops.gatherNd(x, [[0], [3]]), IndexError],
  ["gatherNd: past the end, stretched to nothing", () => ops.gatherNd(x, [[2], []]), IndexError],
  ["gatherNd: too many", () => ops.gatherNd(x, [[0], [0], [0]]), ShapeError],
  ["gatherNd: none", () => ops.gatherNd(x, []), ArgumentError],
  [
    "gatherNd: do not broadcast",
    () =>
      ops.gatherNd(x, [
        [0, 1],
        [0, 1, 1],
      ]),
    ShapeError,
  ],
  ["scatterAdd: past the end", () => ops.scatterAdd(x, [0, 2], 0, 2), IndexError],
  ["scatterAdd: other axes", () => ops.scatterAdd(x, [0], 0, 2), ShapeError],
  ["scatterAdd: into no size", () => ops.scatterAdd(x, [0, 1], 0, -1), ArgumentError],
  ["oneHot: past the last", () => ops.oneHot([3], 3), IndexError],
  ["oneHot: negative", () => ops.oneHot([-1], 3), IndexError],
  ["oneHot: float labels", () => ops.oneHot(tensor([1]), 3), DTypeError],
])("refused: %s", (_, call, error) => {
  expect(call).toThrow(error);
});
