/** Operands that change nothing. Where one stretches the other, or changes its dtype, the rule is refused by its caller. */
import { Add, add, Div, div, Mul, mul, Pow, pow, Scale, Sub, scale, sub } from "../../../../ops/index.ts";
import { isAll, withConstant } from "../constants.ts";
import type { AlgebraRule } from "../rule.ts";

export const timesOne: AlgebraRule = {
  name: "times one",
  statement: "x · 1 = x",
  because: "a product with 1 is exact, whatever x is; so is the cotangent's",
  values: "bits",
  derivatives: "exact",
  ops: [Mul, Scale],
  rewrite(at) {
    const found = withConstant(at);
    return found !== null && isAll(found.c, 1) ? found.x : null;
  },
  laws: [
    { before: (x) => mul(x!, 1), after: (x) => x!, inputs: 1 },
    { before: (t) => scale(1, t!), after: (t) => t!, inputs: 1 },
  ],
};

export const overOne: AlgebraRule = {
  name: "over one",
  statement: "x / 1 = x",
  because: "a quotient by 1 is exact",
  values: "bits",
  derivatives: "exact",
  ops: [Div],
  rewrite: ({ parents: [a, b], constant }) => (isAll(constant(b!), 1) ? a! : null),
  laws: [{ before: (x) => div(x!, 1), after: (x) => x!, inputs: 1 }],
};

export const minusZero: AlgebraRule = {
  name: "minus zero",
  statement: "x - 0 = x,  x + (-0) = x",
  because: "-0, not 0, is what can be added to -0 and leaves it: -0 + 0 = 0; among integers 0 does",
  values: "bits",
  derivatives: "exact",
  ops: [Add, Sub],
  rewrite(at) {
    const { op, node, parents, constant } = at;
    const isExact = node.dtype === "int32";
    if (op === Sub) return isAll(constant(parents[1]!), 0) ? parents[0]! : null;
    const found = withConstant(at);
    return found !== null && isAll(found.c, isExact ? 0 : -0) ? found.x : null;
  },
  laws: [
    { before: (x) => sub(x!, 0), after: (x) => x!, inputs: 1 },
    { before: (x) => add(-0, x!), after: (x) => x!, inputs: 1 },
  ],
};

export const firstPower: AlgebraRule = {
  name: "first power",
  statement: "x¹ = x",
  because: "it is so in IEEE 754; the derivative 1 · x⁰ is 1 even for NaN",
  values: "bits",
  derivatives: "exact",
  ops: [Pow],
  rewrite: ({ parents: [a, b], constant }) => (isAll(constant(b!), 1) ? a! : null),
  laws: [{ before: (x) => pow(x!, 1), after: (x) => x!, inputs: 1 }],
};
