/** The same number by a cheaper op. */
import { isFloat } from "../../../../graph/index.ts";
import { Div, div, Mul, mul, Pow, pow, Scale, Square, scale, square } from "../../../../ops/index.ts";
import { every, isAll, mapped, withConstant } from "../constants.ts";
import type { AlgebraRule } from "../rule.ts";

export const secondPower: AlgebraRule = {
  name: "second power",
  statement: "x² as a product: pow(x, 2) = square(x)",
  because:
    "pow rounds a square once, as the product does; 2 x¹ and x + x are the same number, and overflow together",
  values: "bits",
  derivatives: "exact",
  ops: [Pow],
  rewrite: ({ parents: [a, b], constant }) => (isAll(constant(b!), 2) ? { op: Square, parents: [a!] } : null),
  laws: [{ before: (x) => pow(x!, 2), after: (x) => square(x!), inputs: 1 }],
};

export const overPowerOfTwo: AlgebraRule = {
  name: "over a power of two",
  statement: "x / c = x · (1/c) for c = ±2ᵏ",
  because: "then 1/c is a number of the format, and both sides are the rounding of the same real number",
  values: "bits",
  derivatives: "exact",
  ops: [Div],
  rewrite({ node: { dtype }, parents: [a, b], constant }) {
    const c = constant(b!);
    if (c === null || !isFloat(dtype)) return null;
    // 1/2^-1074 is infinite, and float32 has fewer powers than float64.
    const isExact = (x: number): boolean =>
      isPowerOfTwo(x) && x * (dtype === "float32" ? Math.fround(1 / x) : 1 / x) === 1;
    return every(c, isExact) ? { op: Mul, parents: [a!, mapped(c, dtype, (x) => 1 / x)] } : null;
  },
  laws: [{ before: (x) => div(x!, -8), after: (x) => mul(x!, -0.125), inputs: 1 }],
};

/** 2^k and -2^k, subnormal ones too. The logarithm may be off in its last place, not by a half. */
function isPowerOfTwo(x: number): boolean {
  const size = Math.abs(x);
  const k = Math.round(Math.log2(size));
  return 2 ** k === size;
}

export const scaleByConstant: AlgebraRule = {
  name: "scale by a constant",
  statement: "scale(t, c) = t · c for c finite, c ≠ 0",
  because: "scale differs from a product only where that is 0 · ∞ or 0 · NaN, and c is none of these",
  values: "bits",
  derivatives: "exact",
  ops: [Scale],
  rewrite(at) {
    const found = withConstant(at);
    if (found === null || !every(found.c, (c) => c !== 0 && Number.isFinite(c))) return null;
    return { op: Mul, parents: at.parents };
  },
  laws: [{ before: (t) => scale(t!, 3), after: (t) => mul(t!, 3), inputs: 1 }],
};
