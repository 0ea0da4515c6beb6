import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  arange,
  DTypeError,
  eye,
  full,
  fullLike,
  grad,
  linspace,
  mul,
  ones,
  onesLike,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
  zerosLike,
} from "../src/index.ts";

/** Everything about a tensor that a constructor decides. */
function parts({ dtype, shape, data }: Tensor): { dtype: string; shape: number[]; data: number[] } {
  return { dtype, shape: [...shape], data: [...data] };
}

/** What the types forbid, as a page's script may still pass it. */
function wrong(value: unknown): never {
  return value as never;
}

/** What was thrown: its kind and its message. */
function thrown(f: () => unknown): [unknown, string] {
  try {
    f();
  } catch (error) {
    if (error instanceof Error) return [error.constructor, error.message];
  }
  return [null, "nothing was thrown"];
}

describe("tensor", () => {
  test.each([
    ["a number", 2.5, { dtype: "float64", shape: [], data: [2.5] }],
    ["a boolean", true, { dtype: "bool", shape: [], data: [1] }],
    ["an integer is no less a number", 100, { dtype: "float64", shape: [], data: [100] }],
    [
      "nested numbers",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { dtype: "float64", shape: [2, 3], data: [1, 2, 3, 4, 5, 6] },
    ],
    ["nested booleans", [[true], [false]], { dtype: "bool", shape: [2, 1], data: [1, 0] }],
    ["nothing", [], { dtype: "float64", shape: [0], data: [] }],
    ["rows of nothing", [[], []], { dtype: "float64", shape: [2, 0], data: [] }],
    ["float32", Float32Array.of(0.1, 2), { dtype: "float32", shape: [2], data: [Math.fround(0.1), 2] }],
    ["bytes", Uint8Array.of(255, 0), { dtype: "int32", shape: [2], data: [255, 0] }],
    [
      "rows that are typed",
      [Int32Array.of(1, 2), Int32Array.of(3, 4)],
      { dtype: "int32", shape: [2, 2], data: [1, 2, 3, 4] },
    ],
    [
      "values that JSON has not",
      [Number.NaN, Number.NEGATIVE_INFINITY, -0],
      { dtype: "float64", shape: [3], data: [Number.NaN, Number.NEGATIVE_INFINITY, -0] },
    ],
  ] as const)("%s", (_, data, expected) => {
    expect(parts(tensor(data))).toEqual(expected);
  });

  test("dtype and shape", () => {
    expect(parts(tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "int32" }))).toEqual({
      dtype: "int32",
      shape: [2, 2],
      data: [1, 2, 3, 4],
    });
    expect(parts(tensor([0, 1], { dtype: "bool" }))).toEqual({ dtype: "bool", shape: [2], data: [0, 1] });
    expect(parts(tensor([true, false], { dtype: "float32" })).data).toEqual([1, 0]);
    expect(parts(tensor([0.1], { dtype: "float32" })).data).toEqual([0.10000000149011612]);
    expect(parts(tensor([[1, 2]], { shape: [1, 2] })).shape).toEqual([1, 2]);
  });

  test("copies: neither the data nor the shape is the caller's", () => {
    const numbers = Float64Array.of(1, 2, 3, 4);
    const shape = [2, 2];
    const x = tensor(numbers, { shape });
    numbers[0] = 99;
    shape[0] = 4;
    expect(parts(x)).toEqual({ dtype: "float64", shape: [2, 2], data: [1, 2, 3, 4] });
  });

  test("a tensor stays what it is, and on its tape", () => {
    const x = tensor([1, 2]);
    expect(tensor(x)).toBe(x);
    const [g] = grad((t: Tensor) => mul(tensor(t), 3))(tensor(2));
    expect(g.item()).toBe(3);
    expect(thrown(() => tensor(x, { dtype: "float32" }))).toEqual([
      DTypeError,
      'tensor: a tensor of float32, got float64; cast it: cast(x, "float32")',
    ]);
    expect(thrown(() => tensor(x, { shape: [2, 1] }))[0]).toBe(ShapeError);
  });

  test.each<[string, unknown, unknown, string]>([
    [
      "ragged rows",
      [
        [1, 2, 3],
        [4, 5],
      ],
      ShapeError,
      "tensor: length 3 at [1], as at [0], got 2; arrays of one level must be equally long: pad them, or keep them apart",
    ],
    [
      "ragged deeper down",
      [
        [[1], [2]],
        [[3], []],
      ],
      ShapeError,
      "tensor: length 1 at [1][1], as at [0][0], got 0; arrays of one level must be equally long: pad them, or keep them apart",
    ],
    [
      "a number beside arrays",
      [[1, 2], 3],
      ArgumentError,
      "tensor: an array of length 2 at [1], got 3; every element must be 2 arrays deep, as the first is",
    ],
    [
      "an array beside numbers",
      [1, [2]],
      ArgumentError,
      "tensor: a number or boolean at [1], got an array of length 1; every element must be 1 arrays deep, as the first is",
    ],
    ["a string", "1", ArgumentError, 'tensor: numbers, booleans or arrays of them, got the string "1"'],
    [
      "a string inside",
      [
        [1, 2],
        [3, "4"],
      ],
      ArgumentError,
      'tensor: a number or boolean at [1][1], got the string "4"',
    ],
    ["a string first", [["4"]], ArgumentError, 'tensor: a number or boolean at [0][0], got the string "4"'],
    [
      "a hole",
      Object.assign(new Array(3), { 0: 1, 2: 3 }),
      ArgumentError,
      "tensor: a number at [1], got a hole in the array",
    ],
    ["undefined", undefined, ArgumentError, "tensor: numbers, booleans or arrays of them, got undefined"],
    ["null inside", [1, null], ArgumentError, "tensor: a number or boolean at [1], got null"],
    ["a bigint", [1n], ArgumentError, "tensor: a number or boolean at [0], got 1n"],
    [
      "booleans among numbers",
      [[1, true]],
      ArgumentError,
      "tensor: a number at [0][1], as the first is, got true; do not mix kinds",
    ],
    [
      "numbers among booleans",
      [true, 0],
      ArgumentError,
      "tensor: a boolean at [1], as the first is, got 0; do not mix kinds",
    ],
    [
      "typed rows of two kinds",
      [Float64Array.of(1), Int32Array.of(1)],
      ArgumentError,
      "tensor: a number at [1], as the first is, got an object (Int32Array); do not mix kinds",
    ],
    [
      "typed rows of two lengths",
      [Float64Array.of(1), Float64Array.of(1, 2)],
      ShapeError,
      "tensor: length 1 at [1], as at [0], got 2; arrays of one level must be equally long: pad them, or keep them apart",
    ],
    [
      "64-bit integers",
      BigInt64Array.of(1n),
      ArgumentError,
      "tensor: numbers, booleans or arrays of them, got an object (BigInt64Array)",
    ],
    [
      "tensors in an array",
      [zeros([2])],
      ArgumentError,
      "tensor: a number or boolean at [0], got a tensor of shape [2]; stack([...]) makes one of several",
    ],
    [
      "an object",
      { 0: 1, length: 1 },
      ArgumentError,
      "tensor: numbers, booleans or arrays of them, got an object (Object)",
    ],
  ])("refuses %s", (_, data, kind, message) => {
    expect(thrown(() => tensor(wrong(data)))).toEqual([kind, message]);
  });

  test("refuses an array that contains itself", () => {
    const a: unknown[] = [];
    a.push(a);
    expect(thrown(() => tensor(wrong(a)))[0]).toBe(ArgumentError);
  });

  test.each<[string, () => unknown, unknown, string]>([
    [
      "fractions as int32",
      () =>
        tensor(
          [
            [1, 2],
            [0.5, 3],
          ],
          { dtype: "int32" },
        ),
      DTypeError,
      'tensor: integers from -2^31 to 2^31 - 1, got 0.5 at [1][0]; leave the dtype out, or say "float64"',
    ],
    [
      "too large an int32",
      () => tensor(2 ** 31, { dtype: "int32" }),
      DTypeError,
      'tensor: integers from -2^31 to 2^31 - 1, got 2147483648; leave the dtype out, or say "float64"',
    ],
    [
      "NaN as int32",
      () => tensor([Number.NaN], { dtype: "int32" }),
      DTypeError,
      'tensor: integers from -2^31 to 2^31 - 1, got NaN at [0]; leave the dtype out, or say "float64"',
    ],
    [
      "2 as bool",
      () => tensor([1, 2], { dtype: "bool" }),
      DTypeError,
      'tensor: booleans, 0 or 1, got 2 at [1]; leave the dtype out, or say "float64"',
    ],
    [
      "uint32 past int32",
      () => tensor(Uint32Array.of(1, 2 ** 32 - 1)),
      DTypeError,
      'tensor: integers from -2^31 to 2^31 - 1, got 4294967295 at [1]; leave the dtype out, or say "float64"',
    ],
    [
      "an unknown dtype",
      () => tensor([1], { dtype: wrong("float16") }),
      DTypeError,
      'tensor: a dtype: float64, float32, int32, bool, got the string "float16"',
    ],
    [
      "too few numbers for the shape",
      () => tensor([1, 2, 3], { shape: [2, 2] }),
      ShapeError,
      "tensor: 4 numbers for shape [2,2], got 3",
    ],
    [
      "nested data of another shape",
      () => tensor([[1, 2]], { shape: [2, 1] }),
      ShapeError,
      "tensor: data of shape [2,1], got [1,2]; give the numbers flat, or no shape",
    ],
    [
      "a negative size",
      () => tensor([], { shape: [-1] }),
      ShapeError,
      "tensor: sizes that are integers >= 0, got [-1]",
    ],
  ])("refuses %s", (_, f, kind, message) => {
    expect(thrown(f)).toEqual([kind, message]);
  });

  test("a million nested numbers", () => {
    const rows = Array.from({ length: 1000 }, (_, i) => Array.from({ length: 1000 }, (_, j) => i * 1000 + j));
    const x = tensor(rows);
    expect(x.shape).toEqual([1000, 1000]);
    expect(x.data[987_654]).toBe(987_654);
  });
});

describe("constant tensors", () => {
  test("zeros, ones, full and their likes", () => {
    expect(parts(zeros([2, 2]))).toEqual({ dtype: "float64", shape: [2, 2], data: [0, 0, 0, 0] });
    expect(parts(ones([], { dtype: "int32" }))).toEqual({ dtype: "int32", shape: [], data: [1] });
    expect(parts(ones([0, 3]))).toEqual({ dtype: "float64", shape: [0, 3], data: [] });
    expect(parts(full([2], 0.1, { dtype: "float32" })).data).toEqual([Math.fround(0.1), Math.fround(0.1)]);
    expect(parts(full([2], Number.NaN)).data).toEqual([Number.NaN, Number.NaN]);
    expect(Object.is(full([], -0).item(), -0)).toBe(true);
    expect(parts(full([1], true))).toEqual({ dtype: "bool", shape: [1], data: [1] });
    const x = zeros([2, 1], { dtype: "float32" });
    expect(parts(zerosLike(x))).toEqual({ dtype: "float32", shape: [2, 1], data: [0, 0] });
    expect(parts(onesLike(x, { dtype: "bool" }))).toEqual({ dtype: "bool", shape: [2, 1], data: [1, 1] });
    expect(parts(fullLike(x, 7))).toEqual({ dtype: "float32", shape: [2, 1], data: [7, 7] });
  });

  // np.eye(2, 3, 1) and np.eye(3, 2, -1)
  test("eye", () => {
    expect(eye(2).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(eye(2, { columns: 3, diagonal: 1 }).toArray()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(eye(3, { columns: 2, diagonal: -1, dtype: "int32" }).toArray()).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(eye(2, { diagonal: 5 }).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(eye(0).shape).toEqual([0, 0]);
  });

  test.each<[string, () => unknown, unknown, string]>([
    ["a number for a shape", () => zeros(wrong(3)), ShapeError, "zeros: a shape: an array of sizes, got 3"],
    ["a fractional size", () => ones([1.5]), ShapeError, "ones: sizes that are integers >= 0, got [1.5]"],
    [
      "NaN for a size",
      () => full([Number.NaN], 1),
      ShapeError,
      "full: sizes that are integers >= 0, got [NaN]",
    ],
    [
      "infinitely many",
      () => zeros([Number.POSITIVE_INFINITY]),
      ShapeError,
      "zeros: sizes that are integers >= 0, got [Infinity]",
    ],
    [
      "more than there can be",
      () => zeros([100_000, 100_000]),
      ShapeError,
      "zeros: at most 2^32 elements, got [100000,100000]",
    ],
    [
      "an unknown dtype",
      () => zeros([1], { dtype: wrong("double") }),
      DTypeError,
      'zeros: a dtype: float64, float32, int32, bool, got the string "double"',
    ],
    [
      "a value that is none",
      () => full([1], wrong("1")),
      ArgumentError,
      'full: a number or a boolean, got the string "1"',
    ],
    [
      "a value that does not fit",
      () => full([1], 0.5, { dtype: "int32" }),
      DTypeError,
      'full: integers from -2^31 to 2^31 - 1, got 0.5; leave the dtype out, or say "float64"',
    ],
    [
      "an array for a tensor",
      () => zerosLike(wrong([1, 2])),
      ArgumentError,
      "zerosLike: a tensor, got an array of length 2",
    ],
    [
      "a fractional diagonal",
      () => eye(2, { diagonal: 0.5 }),
      ArgumentError,
      "eye: an integer diagonal, got 0.5",
    ],
    ["half a row", () => eye(1.5), ShapeError, "eye: sizes that are integers >= 0, got [1.5,1.5]"],
  ])("refuse %s", (_, f, kind, message) => {
    expect(thrown(f)).toEqual([kind, message]);
  });
});

// Expected values of both: NumPy 2.4.
describe("ranges", () => {
  test("arange", () => {
    expect(arange(4).toArray()).toEqual([0, 1, 2, 3]);
    expect(arange(5, 1, -1.5).toArray()).toEqual([5, 3.5, 2]);
    expect(arange(0.1, 1, 0.1).toArray()).toEqual([
      0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6, 0.7000000000000001, 0.8, 0.9,
    ]);
    expect(arange(3, 3).shape).toEqual([0]);
    expect(arange(3, 1).shape).toEqual([0]);
    // (1.3 - 1) / 0.1 is a little more than 3.
    expect(arange(1, 1.3, 0.1).shape).toEqual([4]);
    expect(parts(arange(2, { dtype: "int32" }))).toEqual({ dtype: "int32", shape: [2], data: [0, 1] });
    expect(parts(arange(1, 3, { dtype: "float32" }))).toEqual({ dtype: "float32", shape: [2], data: [1, 2] });
    expect(arange(1e16, 1e16 + 8, 2).toArray()).toEqual([1e16, 1e16 + 2, 1e16 + 4, 1e16 + 6]);
  });

  test("linspace", () => {
    expect(linspace(0, 1, 7).toArray()).toEqual([
      0, 0.16666666666666666, 0.3333333333333333, 0.5, 0.6666666666666666, 0.8333333333333333, 1,
    ]);
    expect(linspace(2, -3, 4).toArray()).toEqual([2, 0.33333333333333326, -1.3333333333333335, -3]);
    expect(linspace(0.1, 0.7, 7).toArray()).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(linspace(0, 1, 5, { endpoint: false }).toArray()).toEqual([0, 0.2, 0.4, 0.6000000000000001, 0.8]);
    expect(linspace(0, 5e-324, 3).toArray()).toEqual([0, 0, 5e-324]);
    expect(linspace(1, 2).shape).toEqual([50]);
    expect(linspace(1, 2, 1).toArray()).toEqual([1]);
    expect(linspace(1, 2, 0).toArray()).toEqual([]);
    expect(linspace(0, 1, 3, { dtype: "float32" }).dtype).toBe("float32");
  });

  test.each<[string, () => unknown, unknown, string]>([
    ["a step of 0", () => arange(0, 1, 0), ArgumentError, "arange: a step that is not 0, got 0"],
    ["no end", () => arange(Number.POSITIVE_INFINITY), ArgumentError, "arange: finite numbers, got Infinity"],
    [
      "nothing at all",
      () => arange(wrong(undefined)),
      ArgumentError,
      "arange: finite numbers, got undefined",
    ],
    ["too many", () => arange(0, 1, 1e-12), ShapeError, "arange: at most 2^32 elements, got [1000000000000]"],
    [
      "fractions as int32",
      () => arange(0, 1, 0.5, { dtype: "int32" }),
      DTypeError,
      'arange: integers from -2^31 to 2^31 - 1, got 0.5 at [1]; leave the dtype out, or say "float64"',
    ],
    [
      "half a count",
      () => linspace(0, 1, 2.5),
      ShapeError,
      "linspace: sizes that are integers >= 0, got [2.5]",
    ],
    ["NaN for an end", () => linspace(0, Number.NaN), ArgumentError, "linspace: finite ends, got NaN"],
    [
      "integers between",
      () => linspace(0, 1, 3, { dtype: "int32" }),
      DTypeError,
      "linspace: float64 or float32, got int32; use arange",
    ],
  ])("refuse %s", (_, f, kind, message) => {
    expect(thrown(f)).toEqual([kind, message]);
  });
});
