/** Tensors as values, and what becomes of their dtypes when they meet. */
import { describe, expect, test, vi } from "vitest";
import {
  ArgumentError,
  allocate,
  type Data,
  DTYPES,
  type DType,
  DTypeError,
  deferred,
  filled,
  fromData,
  promote,
  promoteArithmetic,
  promoteReal,
  ShapeError,
  scalar,
  type TensorLike,
} from "../graph/index.ts";
import { add, div, mul, neg, reshape, square, sum } from "../ops/index.ts";
import { grad } from "../src/transforms/derivatives.ts";

describe("deferred numbers", () => {
  const later = (): { compute: ReturnType<typeof vi.fn<() => Data>>; t: ReturnType<typeof deferred> } => {
    const compute = vi.fn<() => Data>(() => Float64Array.of(1, 2, 3, 4));
    return { compute, t: deferred([2, 2], "float64", compute) };
  };

  test("are computed when they are first read, and once", () => {
    const { compute, t } = later();
    expect([t.shape, t.dtype, t.size, t.rank]).toEqual([[2, 2], "float64", 4, 2]);
    expect(compute).not.toHaveBeenCalled();
    expect([...t.data]).toEqual([1, 2, 3, 4]);
    expect(t.data).toBe(t.data);
    expect(compute).toHaveBeenCalledTimes(1);
  });

  test("a view of them is still deferred, and shares the one computation", () => {
    const { compute, t } = later();
    const view = reshape(reshape(t, [4]), [1, 4]);
    expect(compute).not.toHaveBeenCalled();
    expect([...view.data]).toEqual([1, 2, 3, 4]);
    expect(t.data).toBe(view.data);
    expect(compute).toHaveBeenCalledTimes(1);
  });

  test("flow through ops and gradients like any others", () => {
    const { compute, t } = later();
    expect([...add(t, t).data]).toEqual([2, 4, 6, 8]);
    expect([...grad((u: typeof t) => sum(mul(u, square(u))))(t)[0].data]).toEqual([3, 12, 27, 48]);
    expect(compute).toHaveBeenCalledTimes(1);
  });
});

describe("dtypes that meet", () => {
  const F64 = "float64";
  const F32 = "float32";
  const I32 = "int32";
  const BOOL = "bool";
  const CLASH = null;
  type Row = readonly [
    a: DType,
    b: DType,
    promote: DType | null,
    arithmetic: DType | null,
    real: DType | null,
  ];
  const TABLE: readonly Row[] = [
    [F64, F64, F64, F64, F64],
    [F64, F32, CLASH, CLASH, CLASH],
    [F64, I32, F64, F64, F64],
    [F64, BOOL, F64, F64, F64],
    [F32, F32, F32, F32, F32],
    [F32, I32, F32, F32, F32],
    [F32, BOOL, F32, F32, F32],
    [I32, I32, I32, I32, F64],
    [I32, BOOL, I32, I32, F64],
    [BOOL, BOOL, BOOL, I32, F64],
  ];
  const BOTH_WAYS = TABLE.flatMap(([a, b, ...rest]): Row[] =>
    a === b
      ? [[a, b, ...rest]]
      : [
          [a, b, ...rest],
          [b, a, ...rest],
        ],
  );

  test("the table has all pairs", () => {
    expect(BOTH_WAYS).toHaveLength(DTYPES.length ** 2);
  });

  test.each(BOTH_WAYS)("%s with %s", (a, b, ...expected) => {
    [promote, promoteArithmetic, promoteReal].forEach((rule, k) => {
      const dtype = expected[k];
      if (dtype === null) expect(() => rule("op", a, b)).toThrow(DTypeError);
      else expect(rule("op", a, b)).toBe(dtype);
    });
  });

  test.each(BOTH_WAYS)("%s + %s and %s / %s", (a, b, _, sumType, quotientType) => {
    const apply = (op: typeof add): DType => op(filled([2], a, 1), filled([2], b, 1)).dtype;
    if (sumType === null) expect(() => apply(add)).toThrow(/^add: .*cast/);
    else expect([apply(add), apply(mul), apply(div)]).toEqual([sumType, sumType, quotientType]);
  });

  type Beside = readonly [value: TensorLike, dtype: DType, sum: DType];
  const BESIDE: readonly Beside[] = [
    [0.1, F32, F32],
    [0.1, F64, F64],
    [2, I32, I32],
    [-(2 ** 31), I32, I32],
    [2 ** 31, I32, F64],
    [0.5, I32, F64],
    [-0, I32, F64],
    [Number.NaN, I32, F64],
    [2, BOOL, I32],
    [0.5, BOOL, F64],
    [true, I32, I32],
    [true, F32, F32],
    [true, BOOL, I32],
  ];
  test.each(BESIDE)("a bare %s beside %s gives %s", (value, dtype, expected) => {
    const t = filled([2], dtype, 1);
    expect([add(t, value).dtype, add(value, t).dtype]).toEqual([expected, expected]);
  });

  test("a gradient has its input's dtype, whatever it met on the way", () => {
    const x = fromData([3], "float32", Float32Array.of(1, 2, 3));
    const k = fromData([3], "int32", Int32Array.of(4, 5, 6));
    const [xBar] = grad((t: typeof x) => sum(mul(mul(t, k), true)))(x);
    expect([xBar.dtype, ...xBar.data]).toEqual(["float32", 4, 5, 6]);
  });

  test("anything else is an ArgumentError that says what came", () => {
    for (const bad of ["1", null, undefined, [1, 2], 1n, Symbol("s"), {}, () => 1]) {
      expect(() => Reflect.apply(add, null, [bad, 1])).toThrow(ArgumentError);
      expect(() => Reflect.apply(neg, null, [bad])).toThrow(/^neg: /);
    }
  });
});

describe("storage", () => {
  test("has exactly the numbers of its shape", () => {
    expect(() => fromData([2, 3], "float64", new Float64Array(5))).toThrow(ShapeError);
    expect(fromData([0, 3], "float64", new Float64Array(0)).size).toBe(0);
    expect(filled([2], "int32", 7).data).toEqual(Int32Array.of(7, 7));
    expect(filled([2], "bool", 1).data).toEqual(Uint8Array.of(1, 1));
  });

  test("a scalar is float64 unless told otherwise, and gives its number back", () => {
    expect([scalar(2).dtype, scalar(2).shape, scalar(2.5).item()]).toEqual(["float64", [], 2.5]);
    expect([scalar(0.1, "float32").item(), scalar(2.9, "int32").item()]).toEqual([Math.fround(0.1), 2]);
    expect(filled([1, 1], "float64", 3).item()).toBe(3);
    expect(() => filled([2], "float64", 3).item()).toThrow(ShapeError);
    expect(() => filled([0], "float64", 3).item()).toThrow(ShapeError);
  });

  test.each(DTYPES)("%s storage comes zeroed and is nobody else's, large or small", (dtype) => {
    const arrays = [1, 3, 9, 17, 100, 3, 257, 5000, 33].map((size) => allocate(dtype, size));
    arrays.forEach((data, k) => {
      expect(data.every((v) => v === 0)).toBe(true);
      data.fill(k % 2);
    });
    arrays.forEach((data, k) => {
      expect(data.every((v) => v === k % 2)).toBe(true);
    });
  });
});
