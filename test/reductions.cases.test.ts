/** Wrong results that users of other frameworks met, in reductions, softmax and the losses made of it. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DTypeError, IndexError, ShapeError } from "../graph/errors.ts";
import { allocate, type DType, filled, fromData, scalar, type Tensor } from "../graph/index.ts";
import {
  abs,
  add,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  cumprod,
  exp,
  log1p,
  logSoftmax,
  logsumexp,
  matmul,
  max,
  maximum,
  mean,
  min,
  mul,
  neg,
  norm,
  pow,
  prod,
  reshape,
  softmax,
  softplus,
  sqrt,
  std,
  sub,
  sum,
  take,
  variance,
  xlogy,
} from "../ops/index.ts";
import { grad, jvp, vjp } from "../src/transforms/derivatives.ts";

type Nested = number | string | null | readonly Nested[];

interface Case {
  readonly id: string;
  readonly symptom: string;
  readonly input: { readonly dtype: DType } & Readonly<Record<string, Nested>>;
  readonly expected: {
    readonly value?: Nested;
    readonly grad?: Readonly<Record<string, Nested>>;
    readonly accept?: unknown;
    readonly tol?: number;
    readonly rtol?: number;
  };
}

const KINDS = [
  "max_min_ties",
  "softmax_overflow",
  "softmax_neginf_mask",
  "reduction_precision",
  "nan_masking",
  "kink_gradient",
  "eps_placement",
  "nan_input",
  "zero_size",
  "overflow_huge_values",
  "variance_cancellation",
];

const cases: ReadonlyMap<string, Case> = new Map(
  KINDS.flatMap((kind): Case[] =>
    JSON.parse(readFileSync(new URL(`fixtures/cases/${kind}.json`, import.meta.url), "utf8")),
  ).map((c) => [c.id, c]),
);

function flat(x: Nested): number[] {
  return Array.isArray(x) ? x.flatMap(flat) : [Number(x)];
}

function tensor(x: Nested, dtype: DType = "float64"): Tensor {
  const shape: number[] = [];
  for (let part = x; Array.isArray(part); part = part[0]) shape.push(part.length);
  const data = allocate(dtype, flat(x).length);
  data.set(flat(x));
  return fromData(shape, dtype, data);
}

function close(actual: Iterable<number>, expected: readonly number[], tolerance: number): void {
  const values = [...actual];
  expect(values.length).toBe(expected.length);
  values.forEach((v, i) => {
    const e = expected[i]!;
    if (!Number.isFinite(e)) expect(v).toBe(e);
    else expect(Math.abs(v - e), `${v}, not ${e}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(e)));
  });
}

/** The losses of which a case tells value and gradient: x is what it differentiates, c whatever else it gives. */
const LOSSES: Readonly<Record<string, readonly [x: string, (x: Tensor, c: Case["input"]) => Tensor]>> = {
  "BR-007": ["x", (x) => norm(x)],
  "BR-008": ["x", (x) => exp(neg(pow(norm(x), 2)))],
  "BR-010": ["x", (x) => std(x, undefined, { correction: 1 })],
  "BR-020": ["x", (x, { eps }) => sum(mul(x, pow(maximum(norm(x), Number(eps)), -1)))],
  "BR-023": ["x", (x) => sum(prod(x, 1))],
  "BR-029": ["z", (z, { t }) => sum(binaryCrossEntropyWithLogits(z, tensor(t!)))],
  "BR-033": ["a", (a) => sum(maximum(maximum(a, a), a))],
  "BR-039": ["z", (z) => take(logSoftmax(z), 0, 0)],
  "BR-040": ["z", (z, { target }) => crossEntropy(z, Number(target))],
  "BR-043": ["x", (x) => sum(softplus(x))],
  "BR-046": ["z", (z, { t }) => sum(binaryCrossEntropyWithLogits(z, tensor(t!, "float32")))],
  "BR-048": ["p", (p, { y }) => neg(sum(xlogy(tensor(y!), p)))],
  "BR-049": ["z", (z) => logsumexp(z)],
  "BR-050": ["z", (z, { y }) => crossEntropy(z, tensor(y!))],
  "BR-053": ["z", (z) => logsumexp(z)],
  "BR-069": ["x", (x) => mean(x)],
  "BR-084": ["x", (x) => std(x, undefined, { correction: 1 })],
};

test.each(Object.entries(LOSSES))("%s: value and gradient", (id, [name, loss]) => {
  const { input, expected, symptom } = cases.get(id)!;
  const x = tensor(input[name]!, input.dtype);
  const tolerance = expected.tol ?? (input.dtype === "float32" ? 1e-6 : 1e-12);
  close(loss(x, input).data, flat(expected.value!), tolerance);
  const [g] = grad((t: Tensor) => loss(t, input))(x);
  expect(g.shape, symptom).toEqual(x.shape);
  close(g.data, flat(expected.grad![name]!), tolerance);
});

describe("ties", () => {
  test("BR-032, BR-034, BR-036: they share, and add up to 1", () => {
    const [a, b] = [tensor(cases.get("BR-032")!.input["a"]!), tensor(cases.get("BR-032")!.input["b"]!)];
    const [ga, gb] = grad((u: Tensor, v: Tensor) => sum(maximum(u, v)))(a, b);
    expect([[...ga.data], [...gb.data]]).toEqual([
      [0.5, 0],
      [0.5, 1],
    ]);
    const columns = grad((x: Tensor) => sum(max(x, 0)))(tensor(cases.get("BR-034")!.input["x"]!))[0];
    close(columns.data, [1 / 3, 0.5, 1 / 3, 0, 1 / 3, 0.5], 1e-15);
    const smallest = grad((x: Tensor) => min(x))(tensor(cases.get("BR-036")!.input["x"]!))[0];
    expect([...smallest.data]).toEqual([0.5, 0.5, 0, 0]);
  });

  test("BR-225: NaN wins wherever it stands", () => {
    const x = tensor(cases.get("BR-225")!.input["x"]!, "float32");
    for (const op of [max, min]) expect([...op(x, 1).data]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe("softmax and cross-entropy", () => {
  test.each(["BR-042", "BR-054"])("%s: shares", (id) => {
    const { input, expected } = cases.get(id)!;
    close(softmax(tensor(input["z"]!, input.dtype), 1).data, flat(expected.value!), expected.tol!);
  });

  test("BR-052: all masked, value -Infinity and no gradient", () => {
    const z = tensor(cases.get("BR-052")!.input["z"]!);
    expect(logsumexp(z).item()).toBe(Number.NEGATIVE_INFINITY);
    expect([...grad((t: Tensor) => logsumexp(t))(z)[0].data]).toEqual([0, 0]);
  });

  test("BR-047: infinite logits that agree cost nothing, and have no slope", () => {
    const { input, expected } = cases.get("BR-047")!;
    const [z, t] = [tensor(input["z"]!), tensor(input["t"]!)];
    expect([...binaryCrossEntropyWithLogits(z, t).data]).toEqual(flat(expected.value!));
    const slopes = grad((u: Tensor) => sum(binaryCrossEntropyWithLogits(u, t)))(z)[0];
    expect([...slopes.data]).toEqual([0, 0, 1]);
    expect([...crossEntropy(tensor([["Infinity", 0]]), [0]).data]).toEqual([0]);
    expect([...crossEntropy(tensor([["Infinity", 0]]), [1]).data]).toEqual([Number.POSITIVE_INFINITY]);
  });

  test("BR-046: a loss of 7e-44 is not 0", () => {
    const [z, t] = [tensor([-100, 100], "float32"), tensor([0, 1], "float32")];
    close([sum(binaryCrossEntropyWithLogits(z, t)).item() / 7.440151952041672e-44], [1], 0.02);
  });

  test("BR-029 as it was written, with abs and max", () => {
    const t = tensor([0, 1]);
    const loss = (z: Tensor): Tensor => sum(add(sub(maximum(z, 0), mul(z, t)), log1p(exp(neg(abs(z))))));
    close(grad(loss)(tensor([0, 0]))[0].data, [0.5, -0.5], 1e-15);
  });

  test("BR-115: an empty batch leaves no trace in the weights", () => {
    const weights = filled([2, 3], "float32", 1);
    const none = filled([0], "int32", 0);
    const loss = (w: Tensor): Tensor => mean(crossEntropy(matmul(filled([0, 2], "float32", 0), w), none));
    expect(loss(weights).item()).toBe(Number.NaN);
    expect([...grad(loss)(weights)[0].data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("one loss for each label, along any axis, with the gradient softmax - oneHot", () => {
    const z = tensor([
      [
        [1, 2],
        [0, -1],
        [3, 0.5],
      ],
      [
        [0, 0],
        [1, 1],
        [2, -2],
      ],
    ]);
    const labels = tensor(
      [
        [2, 0],
        [1, 1],
      ],
      "int32",
    );
    const losses = crossEntropy(z, labels, 1);
    expect(losses.shape).toEqual([2, 2]);
    const at = (b: number, c: number, j: number): number => z.data[(b * 3 + c) * 2 + j]!;
    const expected = [0, 1].flatMap((b) =>
      [0, 1].map((j) => {
        const total = [0, 1, 2].reduce((s, c) => s + Math.exp(at(b, c, j)), 0);
        return Math.log(total) - at(b, labels.data[b * 2 + j]!, j);
      }),
    );
    close(losses.data, expected, 1e-15);
    const shares = softmax(z, 1);
    const gradient = [...shares.data].map((s, i) => {
      const [b, c, j] = [Math.floor(i / 6), Math.floor(i / 2) % 3, i % 2];
      return s - (labels.data[b * 2 + j] === c ? 1 : 0);
    });
    close(grad((x: Tensor) => sum(crossEntropy(x, labels, 1)))(z)[0].data, gradient, 1e-15);
  });

  test("a certain prediction costs 0, not -0; classes as a distribution", () => {
    expect(Object.is(crossEntropy(tensor([800, 0]), 0).item(), 0)).toBe(true);
    const z = tensor([[1, 2, "-Infinity"]]);
    close(crossEntropy(z, tensor([[0.5, 0.5, 0]])).data, [Math.log(1 + Math.E) - 0.5], 1e-15);
  });

  test("what is refused", () => {
    const z = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(() => crossEntropy(z, [0, 2])).toThrow(IndexError);
    expect(() => crossEntropy(z, [0, -1])).toThrow(IndexError);
    expect(() => crossEntropy(z, [0])).toThrow(/labels of shape \[2\], got \[1\]/);
    expect(() => crossEntropy(z, tensor([0, 1]))).toThrow(
      /distribution of shape \[2,2\], got \[2\]; .*int32/,
    );
    expect(() => crossEntropy(z, tensor([0, 1], "bool"))).toThrow(DTypeError);
    expect(() =>
      crossEntropy(
        z,
        tensor(
          [
            [0, 1],
            [1, 0],
          ],
          "float32",
        ),
      ),
    ).toThrow(DTypeError);
    expect(() => crossEntropy(scalar(1), 0)).toThrow(/AxisError|no axis/);
    expect(() => binaryCrossEntropyWithLogits(reshape(z, [4, 1]), tensor([0, 1, 1, 0]))).toThrow(ShapeError);
    close(binaryCrossEntropyWithLogits(tensor([0, 0]), 1).data, [Math.LN2, Math.LN2], 1e-15);
  });

  test("targets have derivatives too: -z", () => {
    const z = tensor([3, -2]);
    const g = grad((t: Tensor) => sum(binaryCrossEntropyWithLogits(z, t)))(tensor([0.2, 0.9]))[0];
    close(g.data, [-3, 2], 1e-14);
  });
});

describe("products", () => {
  test("BR-024: running products at zeros", () => {
    const { input } = cases.get("BR-024")!;
    const a = grad((x: Tensor) => sum(cumprod(x, 1)))(tensor(input["x"]!))[0];
    expect([...a.data]).toEqual([9, 0, 0, 4, 2, 6]);
    const w = tensor(input["w"]!);
    const b = grad((x: Tensor) => sum(mul(w, cumprod(x))))(tensor(input["x2"]!))[0];
    expect([...b.data]).toEqual([1, 20, 0, 0]);
  });

  test("BR-025: second derivatives of a product with a zero factor", () => {
    const x = tensor(cases.get("BR-025")!.input["x"]!);
    const rows = [0, 1, 2].map((i) => {
      const along = tensor([0, 1, 2].map((k) => (k === i ? 1 : 0)));
      return [...jvp((t: Tensor) => grad((u: Tensor) => prod(u))(t), [x], [along])[1][0].data];
    });
    expect(rows).toEqual([
      [0, 3, 2],
      [3, 0, 0],
      [2, 0, 0],
    ]);
  });
});

describe("sizes of 0", () => {
  test("BR-113, BR-117", () => {
    const none = filled([0], "float32", 0);
    expect(mean(none).item()).toBe(Number.NaN);
    expect(grad((x: Tensor) => mean(x))(none)[0].shape).toEqual([0]);
    const x = filled([0, 4], "float32", 0);
    expect([...sum(x, 0).data]).toEqual([0, 0, 0, 0]);
    expect(sum(x, 1).shape).toEqual([0]);
    expect([...prod(x, 0).data]).toEqual([1, 1, 1, 1]);
    expect(max(x, 1).shape).toEqual([0]);
    expect(() => max(x, 0)).toThrow(ShapeError);
  });
});

describe("digits", () => {
  const repeated = (n: number, value: number): Tensor => filled([n], "float32", value);

  test("BR-197, BR-198, BR-201, BR-202, BR-070: float32 is accumulated in float64", () => {
    const rows = allocate("float32", 2 * 10 ** 6);
    for (let i = 0; i < rows.length; i++) rows[i] = 250 + ((i >> 1) % 71);
    const exact =
      (10 ** 6 * 250 + Array.from({ length: 10 ** 6 }, (_, i) => i % 71).reduce((a, b) => a + b)) / 10 ** 6;
    close(
      [...mean(fromData([10 ** 6, 2], "float32", rows), 0).data].map((v) => v / exact),
      [1, 1],
      1e-7,
    );
    close([sum(repeated(10 ** 6, 1 / 255)).item() / 3921.5688593685627], [1], 1e-7);
    close([sum(repeated(10 ** 7, 0.1)).item() / 1000000.0149011612], [1], 1e-7);
    const six = tensor(cases.get("BR-201")!.input["x"]!, "float32");
    expect(Math.abs(mean(six).item() - 605221984)).toBeLessThanOrEqual(64);
    expect(mean(repeated(4_000_000, 3)).item()).toBe(3);
    close([grad((x: Tensor) => mean(x))(repeated(4_000_000, 3))[0].data[0]! * 4e6], [1], 1e-6);
  });

  test("BR-199: terms between large ones do not vanish in float32", () => {
    const x = tensor([1e8, ...new Array<number>(1022).fill(1), -1e8], "float32");
    expect(sum(x).item()).toBe(1022);
  });

  test("BR-057, BR-058: variances of float32 are right, and never negative", () => {
    const close57 = tensor(cases.get("BR-057")!.input["x"]!, "float32");
    close(
      [variance(close57).item(), sqrt(variance(close57)).item()],
      [0.0001265406608581543, 0.011249029329597923],
      1e-9,
    );
    close([std(close57).item()], [0.011249029329597923], 1e-9);
    close(
      [variance(tensor(cases.get("BR-058")!.input["x"]!, "float32")).item()],
      [2.1192762586805554e-7],
      1e-12,
    );
    for (let m = 1; m <= 1e7; m *= 10) {
      const v = variance(
        tensor(
          Array.from({ length: 8 }, (_, k) => m * (1 + k * 1e-7)),
          "float32",
        ),
      ).item();
      expect(v).toBeGreaterThanOrEqual(0);
      expect(v).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });

  test("BR-071: the norm of 1e30s in float32", () => {
    close([norm(tensor([[1e30, 1e30]], "float32")).item() / 1e30], [Math.SQRT2], 1e-6);
    const [, pullback] = vjp((x: Tensor) => norm(x), tensor([1e30, 1e30], "float32"));
    close(pullback(scalar(1, "float32"))[0].data, [Math.SQRT1_2, Math.SQRT1_2], 1e-6);
  });
});
