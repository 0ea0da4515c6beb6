/** Rules that keep every value but the sign of zero. They are not used unless asked for. */
import { bind, sameShape, sizeOf } from "../../../../graph/index.ts";
import { Add, add, Neg, neg, Reshape, reshape, Sub, Sum, SumTo, sub, sum } from "../../../../ops/index.ts";
import { isAll, withConstant } from "../constants.ts";
import type { AlgebraRule } from "../rule.ts";

export const plusZero: AlgebraRule = {
  name: "plus zero",
  statement: "x + 0 = x",
  because: "of x = -0 the left side makes 0",
  values: "sign of zero",
  derivatives: "exact",
  ops: [Add],
  rewrite(at) {
    const found = withConstant(at);
    return found !== null && isAll(found.c, 0) ? found.x : null;
  },
  laws: [{ before: (x) => add(x!, 0), after: (x) => x!, inputs: 1 }],
};

export const zeroMinus: AlgebraRule = {
  name: "zero minus",
  statement: "0 - x = -x",
  because: "of x = 0 the left side makes 0, the right side -0",
  values: "sign of zero",
  derivatives: "exact",
  ops: [Sub],
  rewrite: ({ parents: [a, b], constant }) => (isAll(constant(a!), 0) ? { op: Neg, parents: [b!] } : null),
  laws: [{ before: (x) => sub(0, x!), after: (x) => neg(x!), inputs: 1 }],
};

export const minusDifference: AlgebraRule = {
  name: "minus a difference",
  statement: "-(x - y) = y - x",
  because: "where x = y the left side makes -0, the right side 0",
  values: "sign of zero",
  derivatives: "exact",
  ops: [Neg],
  rewrite({ node, parents: [id], of }) {
    const { op, parents, dtype } = of(id!);
    return op === Sub && dtype === node.dtype ? { op: Sub, parents: [parents[1]!, parents[0]!] } : null;
  },
  laws: [{ before: (x, y) => neg(sub(x!, y!)), after: (x, y) => sub(y!, x!), inputs: 2 }],
};

export const sumOfOne: AlgebraRule = {
  name: "sum of one",
  statement: "Σ x = x along axes of size one, or none",
  because: "a sum begins at 0, and 0 + (-0) = 0",
  values: "sign of zero",
  derivatives: "exact",
  ops: [Sum, SumTo],
  rewrite({ node: { shape }, parents: [id], of }) {
    const x = of(id!);
    if (sizeOf(x.shape) !== sizeOf(shape) || sizeOf(shape) === 0) return null;
    return sameShape(x.shape, shape) ? id! : { op: Reshape, params: { shape }, parents: [id!] };
  },
  laws: [
    {
      before: (x) => sum(bind(SumTo, [x!], { shape: [2, 1, 3] }), 1),
      after: (x) => reshape(x!, [2, 3]),
      inputs: [[2, 1, 3]],
    },
  ],
};
