import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  arange,
  DTypeError,
  fromJson,
  full,
  grad,
  mul,
  named,
  ones,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  zeros,
} from "../src/index.ts";

describe("toArray and toTypedArray", () => {
  test.each([
    [
      "a matrix",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      "rank 3",
      [
        [[1], [2]],
        [[3], [4]],
      ],
    ],
    ["a scalar", 2.5],
    ["booleans", [[true, false]]],
    ["a boolean", false],
    ["nothing", []],
    ["rows of nothing", [[], []]],
    ["values that JSON has not", [Number.NaN, Number.POSITIVE_INFINITY, -0]],
  ])("tensor and back: %s", (_, data) => {
    expect(toArray(tensor(data))).toEqual(data);
    expect(tensor(data).toArray()).toEqual(data);
  });

  test.each([
    ["float64", Float64Array.of(0.1, -0)],
    ["float32", Float32Array.of(0.1, 3)],
    ["int32", Int32Array.of(-1, 7)],
  ])("a typed array of %s and back", (dtype, data) => {
    const x = tensor(data);
    expect(x.dtype).toBe(dtype);
    expect(toTypedArray(x)).toStrictEqual(data);
  });

  test("booleans are bytes", () => {
    expect(toTypedArray(tensor([true, false]))).toStrictEqual(Uint8Array.of(1, 0));
  });

  test("are copies, with no storage of the tensor's", () => {
    const x = tensor(Array.from({ length: 20 }, (_, i) => i));
    const copy = toTypedArray(x);
    copy.fill(-1);
    expect(x.data[7]).toBe(7);
    expect(copy.buffer.byteLength).toBe(20 * 8);
  });

  test("leave the tape", () => {
    let seen: unknown;
    const [g] = grad((x: Tensor) => {
      seen = x.toArray();
      return mul(x, x);
    })(tensor(3));
    expect(seen).toBe(3);
    expect(g.item()).toBe(6);
  });
});

describe("toString", () => {
  test.each<[Tensor, string]>([
    [
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      "float64[2,3] [[1, 2, 3], [4, 5, 6]]",
    ],
    [tensor(3), "float64[] 3"],
    [tensor([]), "float64[0] []"],
    [zeros([2, 0]), "float64[2,0] []"],
    [tensor([true, false]), "bool[2] [true, false]"],
    [tensor([1, -2], { dtype: "int32" }), "int32[2] [1, -2]"],
    [tensor([0.1, 1 / 3], { dtype: "float32" }), "float32[2] [0.1, 0.33333334]"],
    [tensor([0.1 + 0.2, 1 / 3, 0.5]), "float64[3] [0.3, 0.33333333, 0.5]"],
    [tensor([1, 1e-20, 1.5e300, -0]), "float64[4] [1, 1e-20, 1.5e300, -0]"],
    [
      tensor([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
      "float64[3] [NaN, Infinity, -Infinity]",
    ],
    [tensor([-1.23456789012e-7, 123456789.123]), "float64[2] [-1.23456789e-7, 1.23456789e8]"],
    [named(tensor([1, 2]), "gamma"), "gamma: float64[2] [1, 2]"],
  ])("%#", (x, text) => {
    expect(x.toString()).toBe(text);
    expect(`${x}`).toBe(text);
  });

  test("long ones are set in columns, as many decimals in all", () => {
    const x = tensor([
      [-1234.5, 0.25, 10, 1, 2, 3, 4, 5],
      [1, 2, Number.NaN, 4, 5, 6, 7, 8],
      [0, 0, 0, 0, 0, 0, 0, 0],
    ]);
    expect(x.toString()).toBe(
      [
        "float64[3,8]",
        "[[-1234.50,     0.25,    10.00,     1.00,     2.00,     3.00,     4.00,     5.00],",
        " [    1.00,     2.00,      NaN,     4.00,     5.00,     6.00,     7.00,     8.00],",
        " [    0.00,     0.00,     0.00,     0.00,     0.00,     0.00,     0.00,     0.00]]",
      ].join("\n"),
    );
  });

  test("rows that are too long are wrapped", () => {
    expect(arange(40).toString()).toBe(
      [
        "float64[40]",
        "[ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,",
        " 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39]",
      ].join("\n"),
    );
  });

  test("axes further out are a line apart", () => {
    const x = tensor(
      Float64Array.from({ length: 24 }, (_, i) => i - 0.5),
      { shape: [2, 3, 4] },
    );
    expect(x.toString()).toBe(
      [
        "float64[2,3,4]",
        "[[[-0.5,  0.5,  1.5,  2.5],",
        "  [ 3.5,  4.5,  5.5,  6.5],",
        "  [ 7.5,  8.5,  9.5, 10.5]],",
        "",
        " [[11.5, 12.5, 13.5, 14.5],",
        "  [15.5, 16.5, 17.5, 18.5],",
        "  [19.5, 20.5, 21.5, 22.5]]]",
      ].join("\n"),
    );
  });

  test("above 1000 elements only the edges are shown", () => {
    expect(arange(1001).toString()).toBe("float64[1001] [0, 1, 2, ..., 998, 999, 1000]");
    expect(
      tensor(
        Int32Array.from({ length: 2000 }, (_, i) => i),
        { shape: [20, 100] },
      ).toString(),
    ).toBe(
      [
        "int32[20,100]",
        "[[   0,    1,    2, ...,   97,   98,   99],",
        " [ 100,  101,  102, ...,  197,  198,  199],",
        " [ 200,  201,  202, ...,  297,  298,  299],",
        " ...,",
        " [1700, 1701, 1702, ..., 1797, 1798, 1799],",
        " [1800, 1801, 1802, ..., 1897, 1898, 1899],",
        " [1900, 1901, 1902, ..., 1997, 1998, 1999]]",
      ].join("\n"),
    );
    // Short axes are shown whole.
    expect(full([600, 2], 1).toString()).toBe(
      "float64[600,2] [[1, 1], [1, 1], [1, 1], ..., [1, 1], [1, 1], [1, 1]]",
    );
    expect(arange(1000).toString()).toContain(" 500,");
    expect(ones([100, 100, 100]).toString().length).toBeLessThan(5000);
  });
});

describe("JavaScript's conversions", () => {
  test("Node's inspect", () => {
    expect(inspect(tensor([1, 2]))).toBe("float64[2] [1, 2]");
    expect(inspect({ params: { W: tensor([[1, 2]]) } })).toBe("{ params: { W: float64[1,2] [[1, 2]] } }");
    expect(inspect({ a: { b: { c: { d: tensor([1, 2]) } } } }, { depth: 2 })).toBe(
      "{ a: { b: { c: [Object] } } }",
    );
    expect(inspect([[tensor([1, 2])]], { depth: 1 })).toBe("[ [ [float64[2]] ] ]");
  });

  test("a plain scalar is its number", () => {
    expect(+tensor(2.5)).toBe(2.5);
    expect(Number(tensor(3))).toBe(3);
    expect(`${"loss "}${tensor(0.5).item()}`).toBe("loss 0.5");
  });

  test("arithmetic on anything larger is refused", () => {
    expect(() => +tensor([1, 2])).toThrow(ArgumentError);
    expect(() => Math.sqrt(Number(tensor([1, 2])))).toThrow(
      "tensor: an op, such as add(x, 1) for x + 1, got JavaScript arithmetic on float64[2]; use ops; item() gives the bare number of a scalar, toString() text",
    );
  });

  test("arithmetic that would leave the tape is refused", () => {
    expect(() => grad((x: Tensor) => mul(x, Number(x)))(tensor(3))).toThrow(
      "JavaScript arithmetic on float64[], which is being recorded",
    );
    // Once the tape is closed the value is plain.
    let kept: Tensor | undefined;
    grad((x: Tensor) => {
      kept = mul(x, x);
      return kept;
    })(tensor(3));
    expect(Number(kept)).toBe(9);
  });

  test("a tensor is not iterable", () => {
    expect(Symbol.iterator in tensor([1, 2])).toBe(false);
  });
});

describe("JSON", () => {
  test.each([
    tensor([
      [1.5, 0.1 + 0.2],
      [5e-324, 1.7976931348623157e308],
    ]),
    tensor([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0]),
    tensor([0.1, 1e-45], { dtype: "float32" }),
    tensor([true, false]),
    tensor([-(2 ** 31), 7], { dtype: "int32" }),
    tensor(1),
    zeros([2, 0]),
  ])("there and back, bit for bit: %s", (x) => {
    const again = fromJson(JSON.parse(JSON.stringify(x)));
    expect({ ...again, storage: null }).toEqual({ ...x, storage: null });
    expect(again.toTypedArray()).toStrictEqual(x.toTypedArray());
  });

  test("is plain", () => {
    expect(JSON.stringify(tensor([[1, Number.NaN]]))).toBe(
      '{"dtype":"float64","shape":[1,2],"data":[1,"NaN"]}',
    );
  });

  test("refuses what toJSON does not give", () => {
    const json = tensor([1, 2]).toJSON();
    expect(() => fromJson(JSON.parse("[1,2]"))).toThrow(ArgumentError);
    expect(() => fromJson(JSON.parse("null"))).toThrow(
      "fromJson: { dtype, shape, data } as toJSON gives it, got null",
    );
    expect(() => fromJson({ ...json, dtype: JSON.parse('"float16"') })).toThrow(DTypeError);
    expect(() => fromJson({ ...json, shape: [3] })).toThrow("3 numbers for shape [3], got 2");
    expect(() => fromJson({ ...json, data: JSON.parse('[1,"2"]') })).toThrow(
      'fromJson: a number at data[1], got the string "2"',
    );
  });
});
