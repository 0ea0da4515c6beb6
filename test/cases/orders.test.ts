/** Kind higher_order: second derivatives that were missing, wrong or NaN elsewhere. */
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../graph/index.ts";
import {
  add,
  batchNorm,
  clamp,
  cumprod,
  fusedBatchNorm,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  prod,
  relu,
  reshape,
  square,
  sub,
  sum,
  xlogy,
} from "../../ops/index.ts";
import { grad, hessian, hvp, jvp, valueAndGrad } from "../../src/index.ts";
import { expectClose } from "../support/closeness.ts";
import { numbers, slopes, type Unary, vector } from "../support/elementwise.ts";
import { stored } from "../support/fixtures.ts";
import { type Entry, entryOf } from "./entry.ts";

const ones = (x: Tensor): Tensor =>
  vector(
    numbers(x).map(() => 1),
    x.dtype,
  );

/** The k-th derivative of each element by itself; modes from the inside out: f forwards, r backwards. */
function derivative(f: Unary, modes: string): Unary {
  return [...modes].reduce<Unary>(
    (g, mode) =>
      mode === "r"
        ? (t) => slopes(g, t as Tensor)
        : (t) => jvp((u: Tensor) => g(u), [t as Tensor], [ones(t as Tensor)])[1],
    f,
  );
}

describe("batch norm, composed and fused", () => {
  const FORMS = { composed: batchNorm, fused: fusedBatchNorm };
  const partsOf = (entry: Entry, bn: typeof batchNorm): ((x: Tensor, gamma: Tensor) => Tensor) => {
    const eps = Number(entry.input["eps"]);
    return (x, gamma) => sum(mul(entry.x["w"]!, bn(x, gamma, entry.x["beta"]!, { eps })));
  };
  const penaltyOf =
    (L: (x: Tensor, gamma: Tensor) => Tensor) =>
    (x: Tensor, gamma: Tensor): Tensor =>
      sum(square(grad((t: Tensor) => L(t, gamma))(x)[0]));

  test.each(Object.entries(FORMS))("BR-169, %s: the Hessian along a direction, in every mode", (_, bn) => {
    const entry = entryOf("higher_order", "BR-169");
    const { x, gamma, v } = entry.x;
    const L = partsOf(entry, bn);
    const f = (t: Tensor): Tensor => L(t, gamma!);
    const expected = stored(entry.expected["hvp"]);
    expectClose(grad(f)(x!)[0], stored(entry.expected["grad"]), 1e-12);
    expectClose(hvp(f, [x!], [v!])[0], expected, 1e-11);
    const gradient = (t: Tensor): Tensor => grad(f)(t)[0];
    expectClose(jvp(gradient, [x!], [v!])[1], expected, 1e-11);
    expectClose(grad((t: Tensor) => sum(mul(v!, gradient(t))))(x!)[0], expected, 1e-11);
    expectClose(grad((t: Tensor) => jvp(f, [t], [v!])[1])(x!)[0], expected, 1e-11);
    const [[H]] = hessian(f)(x!);
    const rows = reshape(H, [3, 3]);
    expectClose(reshape(sum(mul(rows, reshape(v!, [3])), 1), [3, 1]), expected, 1e-11);
  });

  test.each(Object.entries(FORMS))("BR-170, %s: a gradient penalty, by x", (_, bn) => {
    const entry = entryOf("higher_order", "BR-170");
    const penalty = penaltyOf(partsOf(entry, bn));
    const [value, [xBar]] = valueAndGrad((x: Tensor) => penalty(x, entry.x["gamma"]!))(entry.x["x"]!);
    expect(value.item()).toBeCloseTo(Number(entry.expected["value"]), 12);
    expectClose(xBar, stored((entry.expected["grad"] as { x: unknown }).x), 1e-11);
  });

  test.each(Object.entries(FORMS))("BR-171, %s: a gradient penalty, by gamma", (_, bn) => {
    const entry = entryOf("higher_order", "BR-171");
    const penalty = penaltyOf(partsOf(entry, bn));
    const [gammaBar] = grad((gamma: Tensor) => penalty(entry.x["x"]!, gamma))(entry.x["gamma"]!);
    expectClose(gammaBar, stored((entry.expected["grad"] as { gamma: unknown }).gamma), 1e-11);
  });
});

describe("BR-172: binary cross-entropy of probabilities", () => {
  const bce = (y: Tensor): Unary => {
    return (p) => neg(add(xlogy(y, p), xlogy(sub(1, y), sub(1, p))));
  };

  test.each(["rr", "fr", "rf", "ff"])("second derivatives, by %s", (modes) => {
    const { x, expected } = entryOf("higher_order", "BR-172");
    expectClose(derivative(bce(x["y"]!), modes)(x["p"]!), stored(expected["second"]), 1e-14);
  });

  test.each(["rr", "fr", "rf", "ff"])("certain outcomes that were foreseen, by %s", (modes) => {
    // Of y = 1 at p = 1 the loss is -log p, and 0 log 0 has no part in it.
    expect(numbers(derivative(bce(vector([1, 0])), modes)(vector([1, 0])))).toEqual([1, 1]);
  });
});

describe("BR-173: relu6 squared", () => {
  const { x, expected } = entryOf("higher_order", "BR-173");
  const SPELLINGS: Readonly<Record<string, Unary>> = {
    clamp: (t) => clamp(t, { min: 0, max: 6 }),
    "minimum of maximum": (t) => minimum(maximum(t, 0), 6),
    "minimum of relu": (t) => minimum(relu(t), 6),
  };

  test.each(Object.entries(SPELLINGS))("%s", (_, relu6) => {
    const f: Unary = (t) => square(relu6(t));
    for (const mode of ["r", "f"]) expect(numbers(derivative(f, mode)(x["x"]!))).toEqual(expected["first"]);
    for (const modes of ["rr", "fr", "rf", "ff"]) {
      expect(numbers(derivative(f, modes)(x["x"]!))).toEqual(expected["second"]);
    }
  });
});

describe("BR-174: powers down to 0 and below, at 0", () => {
  const { x, expected } = entryOf("higher_order", "BR-174");
  const all = expected["derivatives"] as readonly number[][];
  const SPELLINGS: Readonly<Record<string, Unary>> = {
    pow: (t) => pow(t, 4),
    "pow by a tensor": (t) => pow(t, vector([4, 4, 4])),
    "pow by an int32": (t) => pow(t, vector([4], "int32")),
    "square of square": (t) => square(square(t)),
    products: (t) => mul(mul(t, t), mul(t, t)),
  };

  test.each(Object.entries(SPELLINGS))("%s, in both modes and both float dtypes", (_, f) => {
    all.forEach((exact, k) => {
      for (const modes of ["r".repeat(k + 1), "f".repeat(k + 1), "rf".repeat(3).slice(0, k + 1)]) {
        expect(numbers(derivative(f, modes)(x["x"]!)), modes).toEqual(exact);
      }
    });
  });

  test("the third power's fourth derivative, and a half power's first, keep to themselves", () => {
    for (const modes of ["rrrr", "ffff", "rfrf"]) {
      expect(numbers(derivative((t) => pow(t, 3), modes)(vector([0, -2, 1])))).toEqual([0, 0, 0]);
    }
    for (const modes of ["rr", "fr"]) {
      const found = numbers(derivative((t) => pow(t, vector([0.5, 2, 1, 0])), modes)(vector([4, 0, 0, 0])));
      expect(found).toEqual([-1 / 32, 2, 0, 0]);
    }
  });
});

test("products that vanish have their second derivatives", () => {
  // x0 x1 x2 x3 at two zeros: one mixed derivative alone is left.
  const [[H]] = hessian((t: Tensor) => prod(t))(vector([0, 2, 0, 5]));
  const expected = vector([0, 0, 10, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0]);
  expectClose(reshape(H, [16]), expected, 0);
  const [[C]] = hessian((t: Tensor) => sum(cumprod(t)))(vector([0, 2, 0, 5]));
  // Σ of x0, x0 x1, x0 x1 x2, x0 x1 x2 x3
  const running = vector([0, 1, 12, 0, 1, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0]);
  expectClose(reshape(C, [16]), running, 0);
});
