/**
 * Derivatives of normalisations to fourth order, by every nesting of the two modes, against numbers from outside.
 *
 * Along x + t v and gamma + t a the layer is a function of t alone, whose derivatives a closed form or mpmath knows.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fromData, scalar, type Tensor } from "../graph/index.ts";
import type { Normalizing } from "../ops/families/normalizing.ts";
import { add, batchNorm, fusedBatchNorm, fusedLayerNorm, layerNorm, mul, sum } from "../ops/index.ts";
import { grad, jvp } from "../src/index.ts";
import { type StoredArray, stored } from "./support/fixtures.ts";

type Layer = (x: Tensor, gamma: Tensor, beta: Tensor, options: Normalizing) => Tensor;
type Curve = (t: Tensor) => Tensor;

interface Along {
  readonly norm: "batchNorm" | "layerNorm";
  readonly name: string;
  readonly axes: readonly number[];
  readonly eps: number;
  readonly x: StoredArray;
  readonly v: StoredArray;
  readonly w: StoredArray;
  readonly gamma: StoredArray;
  readonly a: StoredArray;
  readonly beta: StoredArray;
  /** L(0), L'(0) and so on. */
  readonly derivatives: readonly number[];
}

const LAYERS: Readonly<Record<Along["norm"], Readonly<Record<"composed" | "fused", Layer>>>> = {
  batchNorm: { composed: batchNorm, fused: fusedBatchNorm },
  layerNorm: { composed: layerNorm, fused: fusedLayerNorm },
};

const { cases } = JSON.parse(readFileSync(new URL("fixtures/orders.json", import.meta.url), "utf8")) as {
  readonly cases: readonly Along[];
};

const RELATIVE = 1e-10;

/** L(t) = <w, layer(x + t v, gamma + t a, beta)> */
function curve(layer: Layer, { axes, eps, ...arrays }: Along): Curve {
  const [x, v, w] = [stored(arrays.x), stored(arrays.v), stored(arrays.w)];
  const [gamma, a, beta] = [stored(arrays.gamma), stored(arrays.a), stored(arrays.beta)];
  return (t) => sum(mul(w, layer(add(x, mul(t, v)), add(gamma, mul(t, a)), beta, { axes, eps })));
}

const ONE = scalar(1);
const forward = (f: Curve): Curve => {
  return (t) => jvp((u: Tensor) => f(u), [t], [ONE])[1];
};
const reverse = (f: Curve): Curve => {
  return (t) => grad(f)(t)[0];
};

/** `fr` is forward mode of what reverse mode made of f: the mode written last was applied first. */
function differentiated(f: Curve, modes: string): Curve {
  return [...modes].reduceRight((g, mode) => (mode === "f" ? forward(g) : reverse(g)), f);
}

/** All words of f and r of a length. */
function nestings(order: number): string[] {
  return order === 0 ? [""] : nestings(order - 1).flatMap((rest) => [`f${rest}`, `r${rest}`]);
}

function expectNear(found: number, expected: number, what: string): void {
  expect(Math.abs(found / expected - 1), `${what}: ${found}, not ${expected}`).toBeLessThan(RELATIVE);
}

describe.each(cases)("$norm, $name", (along) => {
  describe.each(Object.entries(LAYERS[along.norm]))("%s", (_, layer) => {
    test.each([0, 1, 2, 3, 4])("order %i, by every nesting of jvp and grad", (order) => {
      for (const modes of nestings(order)) {
        const found = differentiated(curve(layer, along), modes)(scalar(0)).item();
        expectNear(found, along.derivatives[order]!, modes);
      }
    });

    test("the Hessian and the third derivative along a direction, by x and gamma themselves", () => {
      const { axes, eps } = along;
      const [w, beta] = [stored(along.w), stored(along.beta)];
      const at = [stored(along.x), stored(along.gamma)] as const;
      const direction = [stored(along.v), stored(along.a)] as const;
      const f = (x: Tensor, gamma: Tensor): Tensor => sum(mul(w, layer(x, gamma, beta, { axes, eps })));
      const gradient = grad(f);
      const slope = (x: Tensor, gamma: Tensor): Tensor => jvp(f, [x, gamma], direction)[1];
      const hv = (x: Tensor, gamma: Tensor): readonly Tensor[] => jvp(gradient, [x, gamma], direction)[1];
      const along2 = (bars: readonly Tensor[]): number =>
        bars.reduce((s, bar, k) => s + sum(mul(bar, direction[k]!)).item(), 0);
      const second = along.derivatives[2]!;
      const third = along.derivatives[3]!;
      expectNear(along2(hv(...at)), second, "jvp of vjp");
      expectNear(along2(grad(slope)(...at)), second, "vjp of jvp");
      expectNear(jvp(slope, at, direction)[1].item(), second, "jvp of jvp");
      expectNear(along2(jvp(hv, at, direction)[1]), third, "jvp of jvp of vjp");
      expectNear(along2(jvp(grad(slope), at, direction)[1]), third, "jvp of vjp of jvp");
    });
  });

  test("fused and composed are one function at every order", () => {
    const { composed, fused } = LAYERS[along.norm];
    for (const modes of ["", "f", "r", "fr", "rf", "rr", "ffr", "rfr", "rrr", "ffrr", "frfr"]) {
      // Away from t = 0 as well.
      for (const t of [-0.4, 0.3]) {
        const [c, f] = [composed, fused].map((layer) =>
          differentiated(curve(layer, along), modes)(scalar(t)).item(),
        );
        expectNear(f!, c!, `${modes} at ${t}`);
      }
    }
  });
});

/**
 * With two samples a channel there is a closed form. With d half their difference, xHat = ±d / √(d² + e), and
 *
 *     f = d s⁻¹,  f' = e s⁻³,  f'' = -3 e d s⁻⁵,  f''' = 3 e (4 d² - e) s⁻⁷,  f'''' = 15 e d (3 e - 4 d²) s⁻⁹
 *
 * where s = √(d² + e).
 */
describe("two samples, by a closed form", () => {
  const e = 0.5;
  const [x, v] = [
    [1.5, 0.2],
    [-0.4, 1.1],
  ];
  const [gamma, a, beta] = [1.3, -0.7, 0.4];
  const [w1, w2] = [0.9, -1.6];
  const d = (x![0]! - x![1]!) / 2;
  const dDot = (v![0]! - v![1]!) / 2;
  const s = Math.sqrt(d * d + e);
  const f = [
    d / s,
    e / s ** 3,
    (-3 * e * d) / s ** 5,
    (3 * e * (4 * d * d - e)) / s ** 7,
    (15 * e * d * (3 * e - 4 * d * d)) / s ** 9,
  ];
  // Leibniz: gamma + t a is linear in t.
  const expected = f.map(
    (fk, k) =>
      (w1 - w2) * (gamma * fk * dDot ** k + (k === 0 ? 0 : k * a * f[k - 1]! * dDot ** (k - 1))) +
      (k === 0 ? (w1 + w2) * beta : 0),
  );
  const column = (numbers: readonly number[]): StoredArray => ({ shape: [2, 1], data: numbers });
  const row = (numbers: readonly number[]): StoredArray => ({ shape: [1, 2], data: numbers });
  const along = { name: "two samples", eps: e, derivatives: expected };
  const one = (value: number): StoredArray => ({ shape: [1], data: [value] });
  const twice = (value: number): StoredArray => ({ shape: [2], data: [value, value] });

  const batch: Along = {
    ...along,
    norm: "batchNorm",
    axes: [0],
    x: column(x!),
    v: column(v!),
    w: column([w1, w2]),
    gamma: one(gamma),
    a: one(a),
    beta: one(beta),
  };
  const layer: Along = {
    ...along,
    norm: "layerNorm",
    axes: [1],
    x: row(x!),
    v: row(v!),
    w: row([w1, w2]),
    gamma: twice(gamma),
    a: twice(a),
    beta: twice(beta),
  };

  test.each(
    [batch, layer].flatMap((at) =>
      Object.entries(LAYERS[at.norm]).map(([form, by]) => [at.norm, form, at, by] as const),
    ),
  )("%s, %s", (_, __, at, by) => {
    for (let order = 0; order <= 4; order++) {
      for (const modes of nestings(order)) {
        const found = differentiated(curve(by, at), modes)(scalar(0)).item();
        expectNear(found, expected[order]!, `order ${order}, ${modes}`);
      }
    }
  });
});

test("in float32 the fused layers have the derivatives of the same numbers in float64", () => {
  for (const along of cases.filter(({ eps }) => eps === 1e-5)) {
    const { axes, eps } = along;
    const fused = LAYERS[along.norm].fused;
    const narrow = (array: StoredArray): Tensor =>
      fromData(array.shape, "float32", Float32Array.from(array.data));
    const [x, v, w] = [narrow(along.x), narrow(along.v), narrow(along.w)];
    const [gamma, a, beta] = [narrow(along.gamma), narrow(along.a), narrow(along.beta)];
    const g: Curve = (t) => sum(mul(w, fused(add(x, mul(t, v)), add(gamma, mul(t, a)), beta, { axes, eps })));
    const slope: Curve = (t) => jvp((u: Tensor) => g(u), [t], [scalar(1, "float32")])[1];
    for (const [order, h] of [slope, reverse(slope)].entries()) {
      const found = h(scalar(0, "float32"));
      const expected = along.derivatives[order + 1]!;
      expect(found.dtype).toBe("float32");
      expect(Math.abs(found.item() / expected - 1)).toBeLessThan(1e-5);
    }
  }
});
