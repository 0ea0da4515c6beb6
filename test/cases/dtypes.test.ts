/** Kind dtype_promotion: numbers that lost their fractions, or their digits, to a dtype nobody asked for. */
import { describe, expect, test } from "vitest";
import { DTypeError, NotDifferentiableError } from "../../graph/errors.ts";
import type { Tensor } from "../../graph/index.ts";
import {
  add,
  batchNorm,
  binaryCrossEntropyWithLogits,
  cast,
  div,
  floorDivide,
  fusedBatchNorm,
  fusedLayerNorm,
  layerNorm,
  matmul,
  maximum,
  mul,
  pow,
  remainder,
  sub,
  sum,
  trunc,
  where,
  xlogy,
} from "../../ops/index.ts";
import { certify, grad, jvp, tensor, valueAndGrad, vjp } from "../../src/index.ts";
import { expectClose } from "../support/closeness.ts";
import { numbers, vector } from "../support/elementwise.ts";
import { stored } from "../support/fixtures.ts";
import { entryOf } from "./entry.ts";

test("BR-176: 100 is a number like 100.5", () => {
  const { input, expected } = entryOf("dtype_promotion", "BR-176");
  const { x: slope } = expected["grad"] as { x: number };
  const square = (t: Tensor): Tensor => pow(t, 2);
  const x = Number(input["x"]);
  for (const f of [square, (t: Tensor) => mul(t, t)]) {
    expect(grad(f)(x)[0].item()).toBe(slope);
    expect(grad(f)(tensor(x))[0].item()).toBe(slope);
    expect(vjp(f, x)[1](1)[0].item()).toBe(slope);
    expect(jvp(f, [x], [1])[1].item()).toBe(slope);
  }
  expect(tensor(x).dtype).toBe("float64");
  expect(tensor([1, 2, 3]).dtype).toBe("float64");
  // Integers that were asked for have no derivative: an error, not 0.
  expect(() => grad(square)(tensor(x, { dtype: "int32" }))).toThrow(NotDifferentiableError);
  expect(() => grad(square)(tensor(new Int32Array([x]), { shape: [] }))).toThrow(/cast it/);
});

test("BR-178: quotients of integers, rounded down or cut off", () => {
  const { input, expected } = entryOf("dtype_promotion", "BR-178");
  const [a, b] = [input["a"] as number[], input["b"] as number[]];
  for (const dtype of ["int32", "float64", "float32"] as const) {
    const [p, q] = [vector(a, dtype), vector(b, dtype)];
    expect(floorDivide(p, q).dtype).toBe(dtype);
    expect(numbers(floorDivide(p, q))).toEqual(expected["floor"]);
    expect(numbers(trunc(div(p, q)))).toEqual(expected["trunc"]);
    expect(numbers(cast(div(p, q), "int32"))).toEqual(expected["trunc"]);
    expect(numbers(add(mul(q, floorDivide(p, q)), remainder(p, q)))).toEqual(a);
  }
  // Exact quotients are exact, for every pair.
  const from1 = Array.from({ length: 60 }, (_, i) => i + 1);
  for (const k of from1) {
    for (const dtype of ["int32", "float32", "float64"] as const) {
      const multiples = vector(
        from1.map((n) => n * k),
        dtype,
      );
      expect(numbers(floorDivide(multiples, vector([k], dtype)))).toEqual(from1);
      expect(numbers(cast(div(multiples, vector([k], dtype)), "int32"))).toEqual(from1);
    }
  }
});

test("BR-180: a mask of bools leaves the floats what they are", () => {
  const { input, expected } = entryOf("dtype_promotion", "BR-180");
  const mask = vector(input["mask_bool"] as boolean[], "bool");
  for (const dtype of ["float32", "float64"] as const) {
    const x = vector(input["x"] as number[], dtype);
    for (const f of [(t: Tensor) => mul(t, mask), (t: Tensor) => mul(mask, t)]) {
      const y = f(x);
      expect(y.dtype).toBe(dtype);
      expect(numbers(y)).toEqual(numbers(vector(expected["y"] as number[], dtype)));
      const [, [xBar]] = valueAndGrad((t: Tensor) => sum(f(t)))(x);
      expect(xBar.dtype).toBe(dtype);
      expect(numbers(xBar)).toEqual((expected["grad"] as { x: number[] }).x);
    }
  }
});

test("BR-181: small integers and bools are int32 in arithmetic, and do not wrap", () => {
  const { input, expected } = entryOf("dtype_promotion", "BR-181");
  expect(expected["accept"]).toContain("promotes to int32: [0,-1] and [-1,-2]");
  const bools = tensor(input["bool"] as boolean[]);
  const bytes = tensor(Uint8Array.from(input["uint8"] as number[]));
  expect(bytes.dtype).toBe("int32");
  for (const [x, k, y] of [
    [bools, 1, [0, -1]],
    [bytes, 2, [-1, -2]],
  ] as const) {
    expect(sub(x, k).dtype).toBe("int32");
    expect(numbers(sub(x, k))).toEqual(y);
  }
  expect(numbers(add(bools, bools))).toEqual([2, 0]);
  expect(numbers(sum(tensor([true, true, true])))).toEqual([3]);
  expect(sub(bytes, 0.5).dtype).toBe("float64");
});

test("BR-182: differences are taken in the dtype of the function", () => {
  const { input, expected } = entryOf("dtype_promotion", "BR-182");
  const x = vector(input["x"] as number[]);
  const f = (t: Tensor): Tensor => sum(pow(t, 3));
  const report = certify(f, x);
  expect(report.verdict).toBe("agrees");
  expect(Math.min(...report.findings.map(({ digits }) => digits))).toBeGreaterThan(8);
  // The central differences of the entry, by this library's own values.
  const h = 1e-6;
  const central = numbers(x).map((_, i) => {
    const moved = (by: number): Tensor => vector(numbers(x).map((v, j) => (i === j ? v + by : v)));
    return (f(moved(h)).item() - f(moved(-h)).item()) / (2 * h);
  });
  const exact = numbers(grad(f)(x)[0]);
  central.forEach((v, i) => {
    expect(v).toBeCloseTo((expected["numeric_float64"] as number[])[i]!, 9);
    expect(exact[i]).toBeCloseTo((expected["exact"] as number[])[i]!, 14);
  });
  expect(certify(f, vector(input["x"] as number[], "float32")).verdict).toBe("agrees");
});

describe("int32 and bool beside a float count as that float, in values and derivatives", () => {
  const BINARY: Readonly<Record<string, (a: Tensor, b: Tensor) => Tensor>> = {
    add,
    sub,
    mul,
    div,
    pow,
    xlogy,
    maximum,
    remainder,
    floorDivide,
    matmul,
    binaryCrossEntropyWithLogits,
    where: (a, b) => where(tensor([true, false]), a, b),
  };

  test.each(Object.entries(BINARY))("%s", (_, f) => {
    for (const [dtype, whole] of [
      ["int32", [2, 3]],
      ["bool", [1, 1]],
    ] as const) {
      for (const float of ["float32", "float64"] as const) {
        const x = vector([1.5, 0.7], float);
        const direction = vector([1, -2], float);
        const sides = [(t: Tensor, k: Tensor) => f(t, k), (t: Tensor, k: Tensor) => f(k, t)];
        for (const side of sides) {
          const by = (k: Tensor): Tensor[] => {
            const loss = (t: Tensor): Tensor => sum(side(t, k));
            const slope = (t: Tensor): Tensor => jvp(loss, [t], [direction])[1];
            const gradient = (t: Tensor): Tensor => grad(loss)(t)[0];
            return [loss(x), gradient(x), slope(x), jvp(gradient, [x], [direction])[1], grad(slope)(x)[0]];
          };
          const found = by(vector(whole, dtype));
          by(vector(whole, float)).forEach((expected, k) => {
            expect(found[k]!.dtype).toBe(float);
            expect(numbers(found[k]!)).toEqual(numbers(expected));
          });
        }
      }
    }
  });

  test("normalisations, too", () => {
    const rows = [
      [1, 2],
      [3, 5],
      [4, 4],
    ];
    for (const norm of [batchNorm, fusedBatchNorm, layerNorm, fusedLayerNorm]) {
      for (const float of ["float32", "float64"] as const) {
        const gamma = vector([1.5, -0.5], float);
        const loss = (x: Tensor): ((g: Tensor) => Tensor) => {
          return (g) => sum(mul(g, norm(x, g, g)));
        };
        const [found] = grad(loss(stored(rows, "int32")))(gamma);
        expect(found.dtype).toBe(float);
        expectClose(found, grad(loss(stored(rows, float)))(gamma)[0], float === "float32" ? 1e-6 : 1e-14);
      }
    }
  });

  test("float32 and float64 do not meet unasked", () => {
    expect(() => mul(vector([1], "float32"), vector([1]))).toThrow(DTypeError);
  });
});
