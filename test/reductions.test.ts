import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ArgumentError, AxisError, ShapeError } from "../graph/errors.ts";
import { allocate, type DType, filled, fromData, type Shape, scalar, type Tensor } from "../graph/index.ts";
import {
  all,
  any,
  argmax,
  argmin,
  center,
  cumprod,
  cumsum,
  divOrZero,
  dot,
  logSoftmax,
  logsumexp,
  max,
  mean,
  min,
  mul,
  norm,
  outer,
  prod,
  recurrence,
  softmax,
  square,
  std,
  sum,
  variance,
} from "../ops/index.ts";
import { grad, jvp, vjp } from "../src/transforms/derivatives.ts";

type Written = number | "NaN" | "Infinity" | "-Infinity";

interface Row {
  readonly op: string;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly x: readonly Written[];
  readonly axes: number | readonly number[] | null;
  readonly keepDims?: boolean;
  readonly reverse?: boolean;
  readonly yDType: DType;
  readonly yShape: Shape;
  readonly y: readonly Written[];
}

/** Made with NumPy; the file says how. */
const { rows }: { rows: readonly Row[] } = JSON.parse(
  readFileSync(new URL("fixtures/reductions.json", import.meta.url), "utf8"),
);

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function tensor(x: readonly Written[], shape: Shape = [x.length], dtype: DType = "float64"): Tensor {
  const data = allocate(dtype, x.length);
  data.set(x.map(Number));
  return fromData(shape, dtype, data);
}

function apply({ op, axes, ...row }: Row, x: Tensor): Tensor {
  const over = axes ?? undefined;
  const keepDims = row.keepDims ?? false;
  const reductions = { sum, mean, max, min, prod, norm, std, variance, logsumexp, any, all };
  if (op in reductions) return reductions[op as keyof typeof reductions](x, over, { keepDims });
  const axis = over as number | undefined;
  if (op === "argmax") return argmax(x, axis, { keepDims });
  if (op === "argmin") return argmin(x, axis, { keepDims });
  if (op === "cumsum") return cumsum(x, axis, { reverse: row.reverse ?? false });
  if (op === "cumprod") return cumprod(x, axis, { reverse: row.reverse ?? false });
  if (op === "softmax") return softmax(x, axis);
  expect(op).toBe("logSoftmax");
  return logSoftmax(x, axis);
}

/** Relative to 1, or to the value where that is larger; infinities and NaN have to be met. */
function expectClose(y: Iterable<number>, expected: readonly Written[], tolerance: number): void {
  const values = [...y];
  expect(values.length).toBe(expected.length);
  values.forEach((v, i) => {
    const e = Number(expected[i]);
    if (!Number.isFinite(e)) expect(v, `element ${i}`).toBe(e);
    else
      expect(Math.abs(v - e), `element ${i}: ${v}, not ${e}`).toBeLessThanOrEqual(
        tolerance * Math.max(1, Math.abs(e)),
      );
  });
}

/** The gradient of f at one input. */
function gradient(f: (x: Tensor) => Tensor, x: Tensor): number[] {
  return [...grad(f)(x)[0].data];
}

/** The Hessian of f, a row for each input, forwards over backwards. */
function hessian(f: (x: Tensor) => Tensor, x: Tensor): number[][] {
  return Array.from({ length: x.size }, (_, i) => {
    const along = allocate(x.dtype, x.size);
    along[i] = 1;
    const [, [row]] = jvp((t: Tensor) => grad(f)(t), [x], [fromData(x.shape, x.dtype, along)]);
    return [...row.data];
  });
}

/** The same, backwards over backwards. */
function hessianBackwards(f: (x: Tensor) => Tensor, x: Tensor): number[][] {
  return Array.from({ length: x.size }, (_, i) => {
    const along = allocate(x.dtype, x.size);
    along[i] = 1;
    const [, pullback] = vjp((t: Tensor) => grad(f)(t)[0], x);
    return [...pullback(fromData(x.shape, x.dtype, along))[0].data];
  });
}

describe("against NumPy", () => {
  test.each([...new Set(rows.map(({ op }) => op))])("%s", (op) => {
    for (const row of rows.filter((r) => r.op === op)) {
      const y = apply(row, tensor(row.x, row.shape, row.dtype));
      const where = `${op} of ${row.dtype}[${row.shape}] over ${JSON.stringify(row.axes)}`;
      expect({ dtype: y.dtype, shape: y.shape }, where).toEqual({ dtype: row.yDType, shape: row.yShape });
      expectClose(y.data, row.y, row.yDType === "float32" ? 1e-7 : 1e-14);
    }
  });
});

describe("max and min", () => {
  test("ties share, along each axis and over several", () => {
    const x = tensor([3, 3, 1, 3, 2, 3], [2, 3]);
    expectClose(gradient(max, x), [0.25, 0.25, 0, 0.25, 0, 0.25], 1e-15);
    expectClose(
      gradient((t) => sum(max(t, 0)), x),
      [0.5, 1, 0, 0.5, 0, 1],
      1e-15,
    );
    expectClose(
      gradient((t) => sum(min(t, 1, { keepDims: true })), x),
      [0, 0, 1, 0, 1, 0],
      1e-15,
    );
  });

  test("infinities tie too, and both modes agree", () => {
    const x = tensor([inf, 1, inf]);
    expect(gradient(max, x)).toEqual([0.5, 0, 0.5]);
    expect(jvp(max, [x], [tensor([2, 5, 4])])[1].item()).toBe(3);
    expect(gradient(max, tensor([-inf, -inf]))).toEqual([0.5, 0.5]);
  });

  test("a derivative that is not passed on is none, whatever it would have been multiplied by", () => {
    expect(jvp(max, [tensor([1, 2])], [tensor([inf, 3])])[1].item()).toBe(3);
  });

  test("the second derivative is 0", () => {
    expect(hessian((t) => square(max(t)), tensor([1, 3, 2]))).toEqual([
      [0, 0, 0],
      [0, 2, 0],
      [0, 0, 0],
    ]);
  });

  test("of nothing", () => {
    const empty = tensor([], [0, 4]);
    for (const op of [max, min]) {
      expect(op(empty, 1).shape).toEqual([0]);
      expect(op(empty, 1, { keepDims: true }).shape).toEqual([0, 1]);
      expect(() => op(empty, 0)).toThrow(ShapeError);
      expect(() => op(empty)).toThrow(
        /at least one element along axes \[0,1\], got \[0,4\]; .*test x\.size first/,
      );
      expect(gradient((t) => sum(op(t, 1)), empty)).toEqual([]);
    }
    for (const op of [argmax, argmin]) {
      expect(op(empty, 1).shape).toEqual([0]);
      expect(() => op(empty, 0)).toThrow(ShapeError);
      expect(() => op(empty)).toThrow(ShapeError);
    }
  });
});

describe("products", () => {
  test.each([
    { x: [0, 2, 3], g: [6, 0, 0] },
    { x: [0, 0, 3], g: [0, 0, 0] },
    { x: [2, 3, 4], g: [12, 8, 6] },
    { x: [5], g: [1] },
    { x: [0], g: [1] },
    { x: [], g: [] },
  ])("gradient at $x", ({ x, g }) => {
    expect(gradient(prod, tensor(x))).toEqual(g);
  });

  test("Hessian at zeros, both ways", () => {
    const expected = [
      [0, 3, 2],
      [3, 0, 0],
      [2, 0, 0],
    ];
    expect(hessian(prod, tensor([0, 2, 3]))).toEqual(expected);
    expect(hessianBackwards(prod, tensor([0, 2, 3]))).toEqual(expected);
    expect(hessian(prod, tensor([0, 0, 3]))).toEqual([
      [0, 3, 0],
      [3, 0, 0],
      [0, 0, 0],
    ]);
    expect(hessian(prod, tensor([0, 0, 0, 7]))).toEqual(Array.from({ length: 4 }, () => [0, 0, 0, 0]));
  });

  test("third order: d³ xyz = 1", () => {
    const along = (k: number): Tensor => tensor([0, 1, 2].map((i) => (i === k ? 1 : 0)));
    const first = (t: Tensor): Tensor => jvp(prod, [t], [along(0)])[1];
    const second = (t: Tensor): Tensor => jvp(first, [t], [along(1)])[1];
    expect(jvp(second, [tensor([0, 0, 0])], [along(2)])[1].item()).toBe(1);
  });

  test("over axes that are not neighbours, zeros in both", () => {
    const x = tensor([0, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
    expect(gradient((t) => sum(prod(t, [0, 2])), x)).toEqual([60, 0, 224, 168, 0, 0, 96, 84]);
  });

  test("a side that underflows and one that overflows do not make NaN", () => {
    expect(gradient(prod, tensor([1e-200, 1e-200, 2, 1e200, 1e200])).every((v) => !Number.isNaN(v))).toBe(
      true,
    );
  });

  test("int32 wraps, as int32 does", () => {
    const x = tensor([65537, 65537, 3], [3], "int32");
    expect(prod(x).item()).toBe(Math.imul(Math.imul(65537, 65537), 3));
    expect([...cumprod(x).data]).toEqual([65537, 131073, 393219]);
  });

  test("exclusive and reverse running products and sums", () => {
    const x = tensor([2, 3, 4]);
    expect([...cumprod(x, 0, { exclusive: true }).data]).toEqual([1, 2, 6]);
    expect([...cumprod(x, 0, { exclusive: true, reverse: true }).data]).toEqual([12, 4, 1]);
    expect([...cumsum(x, 0, { exclusive: true }).data]).toEqual([0, 2, 5]);
    expect([...cumsum(x, 0, { exclusive: true, reverse: true }).data]).toEqual([7, 4, 0]);
  });

  test("second derivatives of a running product at zeros", () => {
    // y = x0 + x0 x1 + x0 x1 x2 + x0 x1 x2 x3
    const expected = [
      [0, 1, 0, 0],
      [1, 0, 8, 0],
      [0, 8, 0, 0],
      [0, 0, 0, 0],
    ];
    expect(hessian((t) => sum(cumprod(t)), tensor([2, 0, 0, 3]))).toEqual(expected);
    expect(hessianBackwards((t) => sum(cumprod(t)), tensor([2, 0, 0, 3]))).toEqual(expected);
  });

  test("a cotangent of 0 does not carry what lies behind it", () => {
    const [, pullback] = vjp((t: Tensor) => cumprod(t), tensor([2, inf, 3]));
    expect([...pullback(tensor([1, 0, 0]))[0].data]).toEqual([1, 0, 0]);
  });

  test("the axis has to be named, but for a vector", () => {
    for (const op of [cumsum, cumprod]) {
      expect(() => op(tensor([1, 2], [1, 2]))).toThrow(/an axis, as x has 2, got none; say which/);
      expect(() => op(tensor([1, 2]), 1)).toThrow(AxisError);
      expect(() => op(scalar(1))).toThrow(AxisError);
      expect([...op(tensor([], [2, 0]), 1).data]).toEqual([]);
    }
  });

  test("recurrence: y_{i+1} = a_i y_i + b_i", () => {
    const [a, b] = [tensor([2, 3, 5]), tensor([1, 4, 7])];
    expect([...recurrence(a, b).data]).toEqual([0, 1, 7]);
    expect([...recurrence(a, b, 0, { reverse: true }).data]).toEqual([25, 7, 0]);
  });
});

describe("log-sum-exp and softmax", () => {
  test("huge, tied and infinite terms", () => {
    expect(logsumexp(tensor([1000, 1000])).item()).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logsumexp(tensor([-1000, -1000])).item()).toBeCloseTo(-1000 + Math.LN2, 12);
    expect(gradient(logsumexp, tensor([1e308, 1e308, -1e308]))).toEqual([0.5, 0.5, 0]);
    expect(logsumexp(tensor([inf, 1])).item()).toBe(inf);
    expect(gradient(logsumexp, tensor([inf, 1]))).toEqual([1, 0]);
    expect(logsumexp(tensor([inf, -inf, nan])).item()).toBe(nan);
  });

  test("of nothing: the logarithm of 0", () => {
    expect([...logsumexp(tensor([], [2, 0]), 1).data]).toEqual([-inf, -inf]);
    expect(softmax(tensor([], [2, 0])).shape).toEqual([2, 0]);
    expect(gradient((t) => sum(softmax(t)), tensor([], [0, 3]))).toEqual([]);
  });

  test("a lane that is masked whole is -Infinity, with shares and derivatives of 0", () => {
    const x = tensor([-inf, -inf, -inf, 2], [2, 2]);
    expect([...logsumexp(x, 1).data]).toEqual([-inf, 2]);
    expect([...softmax(x).data]).toEqual([0, 0, 0, 1]);
    expect([...logSoftmax(x).data]).toEqual([-inf, -inf, -inf, 0]);
    expect(gradient((t) => sum(square(softmax(t))), x)).toEqual([0, 0, 0, 0]);
    expect(hessian((t) => sum(logsumexp(t, 1)), x).flat()).toEqual(new Array(16).fill(0));
  });

  test("an infinite logit takes all", () => {
    expect([...softmax(tensor([inf, 0, -inf])).data]).toEqual([1, 0, 0]);
    expect([...logSoftmax(tensor([inf, 0, -inf])).data]).toEqual([0, -inf, -inf]);
  });

  test("the Hessian of log-sum-exp is diag s - s sᵀ", () => {
    const x = [0.3, -1, 2];
    const total = x.reduce((t, v) => t + Math.exp(v), 0);
    const s = x.map((v) => Math.exp(v) / total);
    const expected = s.flatMap((a, i) => s.map((b, j) => (i === j ? a : 0) - a * b));
    expectClose(hessian(logsumexp, tensor(x)).flat(), expected, 1e-15);
    expectClose(hessianBackwards(logsumexp, tensor(x)).flat(), expected, 1e-15);
  });

  test("float32 logits of 2 · 10^4 keep their digits", () => {
    const x = tensor([-20000, -20001], [2], "float32");
    expectClose(softmax(x).data, [0.7310585786300049, 0.2689414213699951], 1e-7);
    expectClose(logSoftmax(x).data, [-0.31326168751822286, -1.3132616875182228], 1e-7);
  });

  test("over several axes at once", () => {
    const x = tensor([1, 2, 3, 4], [2, 1, 2]);
    const [y] = [softmax(x, [0, 2])];
    expect(sum(y).item()).toBeCloseTo(1, 15);
    expect([...y.data]).toEqual([...softmax(tensor([1, 2, 3, 4])).data]);
  });
});

describe("norm", () => {
  test.each([1e200, 1e-200, 1e308, 5e-324, 1])("%d times [3, 4] has no overflow or underflow", (size) => {
    const unit = size === 1e308 ? 0.25 : size === 5e-324 ? 4 : 1;
    const x = tensor([3 * unit * size, 4 * unit * size]);
    expect(Math.abs(norm(x).item() / (unit * size) - 5)).toBeLessThanOrEqual(5e-15);
    expectClose(gradient(norm, x), [0.6, 0.8], 1e-14);
  });

  test("1e30 in float32, along both axes", () => {
    const x = tensor([3e30, 4e30, 3e-30, 4e-30], [2, 2], "float32");
    expectClose(
      [...norm(x, 1).data].map((v, i) => v / (i === 0 ? 1e30 : 1e-30)),
      [5, 5],
      1e-6,
    );
    expectClose(norm(tensor([6e200, 8e200, 0, 0], [2, 2]), 0).data, [6e200, 8e200], 1e-15);
    expectClose(
      gradient((t) => sum(norm(t, 1)), x),
      [0.6, 0.8, 0.6, 0.8],
      1e-6,
    );
  });

  test("at 0 all derivatives are 0", () => {
    expect(gradient(norm, tensor([0, 0]))).toEqual([0, 0]);
    expect(hessian(norm, tensor([0, 0]))).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(gradient((t) => square(norm(t)), tensor([0, 0]))).toEqual([0, 0]);
    expect(jvp(norm, [tensor([0, 0])], [tensor([1, 1])])[1].item()).toBe(0);
  });

  test("the Hessian is (I - u uᵀ) / |x|", () => {
    const expected = [
      [0.128, -0.096],
      [-0.096, 0.072],
    ];
    expectClose(hessian(norm, tensor([3, 4])).flat(), expected.flat(), 1e-15);
    expectClose(hessianBackwards(norm, tensor([3, 4])).flat(), expected.flat(), 1e-15);
    const tiny = hessian(norm, tensor([3e-200, 4e-200])).flat();
    expectClose(
      tiny.map((v) => v * 1e-200),
      expected.flat(),
      1e-15,
    );
  });

  test("rows, one of them 0", () => {
    expect(gradient((t) => sum(norm(t, 1, { keepDims: true })), tensor([0, 0, 0, -2], [2, 2]))).toEqual([
      0, 0, 0, -1,
    ]);
  });

  test("not finite", () => {
    expect(norm(tensor([inf, 1])).item()).toBe(inf);
    expect(norm(tensor([inf, nan])).item()).toBe(nan);
    expect(norm(tensor([])).item()).toBe(0);
  });

  test("divOrZero gives 0 where NumPy warns", () => {
    expect([...divOrZero(tensor([1, 0, 3, nan]), tensor([0, 0, 2, 0])).data]).toEqual([0, 0, 1.5, 0]);
  });
});

describe("variance and standard deviation", () => {
  test("correction is said out loud", () => {
    const x = tensor([1, 2, 4, 9], [2, 2]);
    expect(variance(x).item()).toBe(9.5);
    expectClose([variance(x, undefined, { correction: 1 }).item()], [38 / 3], 1e-15);
    expectClose(variance(x, 1, { correction: 1, keepDims: true }).data, [0.5, 12.5], 1e-15);
    expectClose(std(x, 0, { correction: 1 }).data, [Math.sqrt(4.5), Math.sqrt(24.5)], 1e-15);
    expect(() => variance(x, 1, { correction: 2 })).toThrow(/more than 2 values.*\[2,2\] over axes \[1\]/);
    expect(() => std(tensor([3]), 0, { correction: 1 })).toThrow(ShapeError);
    expect(() => std(x, 0, { correction: -1 })).toThrow(ArgumentError);
    expect(() => variance(x, 0, { correction: nan })).toThrow(ArgumentError);
    expect(variance(tensor([])).item()).toBe(nan);
    expect(std(tensor([], [0, 2]), 1, { correction: 5 }).shape).toEqual([0]);
  });

  test.each([0.1, 1e8 + 0.1, -1e-300, 3])("49 times %d has the standard deviation 0 and no slope", (v) => {
    for (const dtype of ["float64", "float32"] as const) {
      const x = tensor(new Array(49).fill(v), [49], dtype);
      expect(std(x).item()).toBe(0);
      expect(gradient(std, x)).toEqual(new Array(49).fill(0));
      expect(
        hessian(std, x)
          .flat()
          .every((h) => h === 0),
      ).toBe(true);
    }
  });

  test("Hessian away from 0, against differences of the closed gradient (x - μ) / (n σ)", () => {
    const x = [1, 2, 4, 9];
    const closed = (v: readonly number[]): number[] => {
      const mu = v.reduce((a, b) => a + b) / v.length;
      const sigma = Math.sqrt(v.reduce((a, b) => a + (b - mu) ** 2, 0) / v.length);
      return v.map((b) => (b - mu) / (v.length * sigma));
    };
    expectClose(gradient(std, tensor(x)), closed(x), 1e-15);
    const h = 1e-5;
    const differences = x.map((_, i) => {
      const [ahead, behind] = [h, -h].map((d) => closed(x.map((v, k) => (k === i ? v + d : v))));
      return ahead!.map((v, k) => (v - behind![k]!) / (2 * h));
    });
    expectClose(hessian(std, tensor(x)).flat(), differences.flat(), 1e-9);
    expectClose(hessianBackwards(std, tensor(x)).flat(), differences.flat(), 1e-9);
  });

  test("no size is too large or too small, and no mean", () => {
    expectClose([std(tensor([1e200, 3e200])).item() / 1e200], [1], 1e-14);
    expectClose([std(tensor([1e-200, 3e-200])).item() * 1e200], [1], 1e-14);
    const x = tensor([1e6, 1e6 + 1, 1e6 + 2, 1e6 + 4], [4], "float32");
    expectClose([variance(x).item(), std(x).item()], [2.1875, Math.sqrt(2.1875)], 1e-6);
    expectClose(gradient(variance, x), [-0.875, -0.375, 0.125, 1.125], 1e-6);
  });

  test("centred values add up to 0", () => {
    const y = center(tensor([1, 2, 6, 3, 3, 3], [2, 3]), 1);
    expect([...y.data]).toEqual([-2, -1, 3, 0, 0, 0]);
    expect(center(tensor([], [0])).shape).toEqual([0]);
  });
});

describe("float32 is accumulated in float64", () => {
  test("2^20 times 0.1", () => {
    const x = filled([2 ** 20], "float32", 0.1);
    const exact = 2 ** 20 * Math.fround(0.1);
    for (const y of [
      sum(x),
      sum(filled([1024, 1024, 1], "float32", 0.1), [0, 1]).data[0]!,
      cumsum(x).data[2 ** 20 - 1]!,
    ]) {
      expectClose([typeof y === "number" ? y : y.item()], [exact], 1e-6);
    }
    expectClose([mean(x).item(), norm(x).item()], [Math.fround(0.1), Math.fround(0.1) * 1024], 1e-6);
  });

  test("the mean of 3e38 and the product of 1e30, 1e30, 1e-40", () => {
    expectClose([mean(filled([4], "float32", 3e38)).item() / 3e38], [1], 1e-6);
    expectClose([prod(tensor([1e30, 1e30, 1e-30], [3], "float32")).item() / 1e30], [1], 1e-6);
    expectClose([...cumprod(tensor([1e30, 1e30, 1e-30], [3], "float32")).data], [1e30, inf, 1e30], 1e-6);
  });
});

describe("positions and truth", () => {
  test("the first of ties, and NaN before all", () => {
    expect(argmax(tensor([1, 3, 3])).item()).toBe(1);
    expect(argmin(tensor([1, nan, -inf, nan])).item()).toBe(1);
    expect([...argmax(tensor([1, 2, 2, 1], [2, 2]), -1).data]).toEqual([1, 0]);
    expect(argmax(scalar(4)).item()).toBe(0);
  });

  test("of nothing, and of NaN", () => {
    expect([any(tensor([])).item(), all(tensor([])).item()]).toEqual([0, 1]);
    expect([any(tensor([nan])).item(), all(tensor([nan, 1])).item()]).toEqual([1, 1]);
    expect([...any(tensor([], [2, 0]), 1, { keepDims: true }).data]).toEqual([0, 0]);
  });

  test("no derivative passes", () => {
    expect(gradient((t) => sum(mul(t, argmax(t))), tensor([1, 5, 2]))).toEqual([1, 1, 1]);
    expect(gradient((t) => sum(mul(t, any(t))), tensor([1, 5]))).toEqual([1, 1]);
  });
});

describe("dot and outer", () => {
  const [a, b] = [tensor([1, 2, 3]), tensor([4, 5, 6])];

  test("values and gradients", () => {
    expect(dot(a, b).item()).toBe(32);
    expect([...outer(a, tensor([1, -1])).data]).toEqual([1, -1, 2, -2, 3, -3]);
    expect(grad((u: Tensor, v: Tensor) => dot(u, v))(a, b).map((g) => [...g.data])).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
    const [gu, gv] = grad((u: Tensor, v: Tensor) => sum(square(outer(u, v))))(a, b);
    expect([...gu.data]).toEqual([154, 308, 462]);
    expect([...gv.data]).toEqual([112, 140, 168]);
    expect(dot(tensor([]), tensor([])).item()).toBe(0);
  });

  test("refusals", () => {
    expect(() => dot(a, tensor([1, 2]))).toThrow(
      /two vectors of one length, got \[3\] and \[2\]; use matmul/,
    );
    expect(() => dot(a, scalar(1))).toThrow(ShapeError);
    expect(() => outer(a, tensor([1], [1, 1]))).toThrow(ShapeError);
  });
});

describe("bad axes", () => {
  const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  const over = { sum, mean, max, min, prod, norm, std, variance, logsumexp, any, all, softmax, logSoftmax };
  const along = { argmax, argmin, cumsum, cumprod, softmax, logSoftmax };

  test.each(Object.entries(over))("%s over several", (name, op) => {
    for (const axes of [2, -3, [0, 0], [0, -2], [0.5], nan]) {
      expect(() => op(x, axes), `${axes}`).toThrow(AxisError);
      expect(() => op(x, axes), `${axes}`).toThrow(new RegExp(`^${name}: `));
    }
  });

  test.each(Object.entries(along))("%s along one", (_, op) => {
    for (const axis of [2, -3, 0.5]) expect(() => op(x, axis)).toThrow(AxisError);
  });
});
