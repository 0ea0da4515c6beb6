/** Products in another order. */
import { filled, type Shape, sizeOf } from "../../../../../graph/index.ts";
import {
  Div,
  div,
  Mul,
  mul,
  Neg,
  neg,
  Reciprocal,
  Scale,
  Square,
  scale,
  square,
} from "../../../../../ops/index.ts";
import { isAllZero, zerosOf } from "../../constants.ts";
import { build, isProduct, productOf } from "../../product.ts";
import type { AlgebraRule } from "../../rule.ts";
import { isLessWork } from "../../worth.ts";

const COLUMN: Shape = [3];
const FULL: Shape = [4, 3];

export const timesItself: AlgebraRule = {
  name: "times itself",
  statement: "x · x = x²",
  because: "it is the same product; what it is called decides whether two of them are seen to be one",
  values: "bits",
  derivatives: "rounding",
  ops: [Mul, Scale],
  rewrite: ({ parents: [a, b] }) => (a === b ? { op: Square, parents: [a!] } : null),
  laws: [
    { before: (x) => mul(x!, x!), after: (x) => square(x!), inputs: 1 },
    { before: (t) => scale(t!, t!), after: (t) => square(t!), inputs: 1 },
  ],
};

export const timesNothing: AlgebraRule = {
  name: "times nothing",
  statement: "x · 0 = 0 / x = 0",
  because: "it is so for every finite x that is not divided by at 0",
  values: "rounding",
  derivatives: "rounding",
  ops: [Mul, Scale, Div],
  rewrite(at) {
    const { op, parents, constant, node } = at;
    const candidates = op === Div ? parents.slice(0, 1) : parents;
    return candidates.some((p) => isAllZero(constant(p))) ? zerosOf(node) : null;
  },
  laws: [
    { before: (x) => mul(x!, 0), after: () => filled(FULL, "float64", 0), inputs: [FULL] },
    { before: (t) => scale(0, t!), after: () => filled(FULL, "float64", 0), inputs: [FULL] },
    { before: (x) => div(0, x!), after: () => filled(FULL, "float64", 0), inputs: [FULL] },
  ],
};

export const smallFirst: AlgebraRule = {
  name: "small factors first",
  statement:
    "(x · a) · b = x · (a · b), and so for quotients and powers, where that is fewer multiplications",
  because:
    "products may be taken in any order, but for rounding; a and b are one a column, x is one an element",
  values: "rounding",
  derivatives: "rounding",
  ops: [Mul, Scale, Div, Neg, Reciprocal, Square],
  rewrite(at) {
    const { id, node } = at;
    // One product of two nodes is in order already.
    if (sizeOf(node.shape) === 0 || !at.parents.some((p) => isProduct(at.of(p)))) return null;
    const product = productOf(at, id);
    if (product.inside.size < 2) return null;
    const better = build(at, product, node.shape);
    return isLessWork(at, better, product.inside) ? better : null;
  },
  laws: [
    {
      before: (x, a, b) => mul(mul(x!, a!), b!),
      after: (x, a, b) => mul(x!, mul(a!, b!)),
      inputs: [FULL, COLUMN, COLUMN],
    },
    {
      before: (t, a, b) => scale(scale(t!, a!), b!),
      after: (t, a, b) => scale(t!, scale(a!, b!)),
      inputs: [FULL, COLUMN, COLUMN],
    },
    {
      before: (x, a, b) => mul(div(x!, a!), b!),
      after: (x, a, b) => mul(x!, div(b!, a!)),
      inputs: [FULL, COLUMN, COLUMN],
    },
    { before: (x) => mul(neg(mul(x!, 3)), 5), after: (x) => mul(x!, -15), inputs: 1 },
  ],
};
