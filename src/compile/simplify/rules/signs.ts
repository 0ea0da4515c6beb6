/** Signs: changing one is exact, and rounding does not look at it. */
import type { AnyPrimitive, Tensor } from "../../../../graph/index.ts";
import {
  Abs,
  Add,
  abs,
  add,
  Div,
  div,
  Mul,
  mul,
  Neg,
  neg,
  Scale,
  Square,
  Sub,
  scale,
  square,
  sub,
} from "../../../../ops/index.ts";
import { isAll, mapped, withConstant } from "../constants.ts";
import type { AlgebraRule, Site } from "../rule.ts";

/**
 * What a node is the negative of; null where it is none.
 *
 * Only in the dtype of the result: -(-2^31) wraps around in int32, and is another number beside floats.
 */
function negated(at: Site, id: number): number | null {
  const { op, parents, dtype } = at.of(id);
  return op === Neg && dtype === at.node.dtype ? parents[0]! : null;
}

function negative(c: Tensor): Tensor {
  return mapped(c, c.dtype, (x) => -x);
}

export const minusMinus: AlgebraRule = {
  name: "minus minus",
  statement: "-(-x) = x",
  because: "a sign is one bit, changed twice",
  values: "bits",
  derivatives: "exact",
  ops: [Neg],
  rewrite: (at) => negated(at, at.parents[0]!),
  laws: [{ before: (x) => neg(neg(x!)), after: (x) => x!, inputs: 1 }],
};

export const timesMinusOne: AlgebraRule = {
  name: "times minus one",
  statement: "x · (-1) = x / (-1) = -x",
  because: "both change the sign and nothing else",
  values: "bits",
  derivatives: "exact",
  ops: [Mul, Scale, Div],
  rewrite(at) {
    const { op, parents, constant } = at;
    const found = op === Div ? { x: parents[0]!, c: constant(parents[1]!) } : withConstant(at);
    return found !== null && isAll(found.c, -1) ? { op: Neg, parents: [found.x] } : null;
  },
  laws: [
    { before: (x) => mul(x!, -1), after: (x) => neg(x!), inputs: 1 },
    { before: (t) => scale(-1, t!), after: (t) => neg(t!), inputs: 1 },
    { before: (x) => div(x!, -1), after: (x) => neg(x!), inputs: 1 },
  ],
};

export const plusMinus: AlgebraRule = {
  name: "plus minus",
  statement: "x + (-y) = x - y,  (-x) + y = y - x,  x - (-y) = x + y",
  because: "IEEE 754 defines x - y as x + (-y)",
  values: "bits",
  derivatives: "exact",
  ops: [Add, Sub],
  rewrite(at) {
    const [a, b] = at.parents as readonly [number, number];
    const second = negated(at, b);
    if (second !== null) return { op: at.op === Add ? Sub : Add, parents: [a, second] };
    const first = at.op === Add ? negated(at, a) : null;
    return first === null ? null : { op: Sub, parents: [b, first] };
  },
  laws: [
    { before: (x, y) => add(x!, neg(y!)), after: (x, y) => sub(x!, y!), inputs: 2 },
    { before: (x, y) => add(neg(x!), y!), after: (x, y) => sub(y!, x!), inputs: 2 },
    { before: (x, y) => sub(x!, neg(y!)), after: (x, y) => add(x!, y!), inputs: 2 },
  ],
};

const PRODUCTS: readonly AnyPrimitive[] = [Mul, Scale, Div];

export const minusTimesMinus: AlgebraRule = {
  name: "minus times minus",
  statement: "(-x)(-y) = x y,  (-x) / (-y) = x / y",
  because: "the sign of a product is worked out apart from its size",
  values: "bits",
  derivatives: "exact",
  ops: PRODUCTS,
  rewrite(at) {
    const [a, b] = at.parents.map((p) => negated(at, p));
    return a == null || b == null ? null : { op: at.op, parents: [a, b] };
  },
  laws: [
    { before: (x, y) => mul(neg(x!), neg(y!)), after: (x, y) => mul(x!, y!), inputs: 2 },
    { before: (x, y) => scale(neg(x!), neg(y!)), after: (x, y) => scale(x!, y!), inputs: 2 },
    { before: (x, y) => div(neg(x!), neg(y!)), after: (x, y) => div(x!, y!), inputs: 2 },
  ],
};

export const minusTimesConstant: AlgebraRule = {
  name: "minus times a constant",
  statement: "-(x c) = x (-c),  (-x) c = x (-c), and so for x / c and c / x",
  because: "the sign goes into the constant, which is there already",
  values: "bits",
  derivatives: "exact",
  ops: [Neg, ...PRODUCTS],
  rewrite(at) {
    const [id] = at.parents as readonly [number];
    const outer = at.op === Neg ? at.of(id) : at.node;
    const { op, parents, dtype } = outer;
    if (op === null || !PRODUCTS.includes(op) || dtype !== at.node.dtype) return null;
    const found = withConstant({ ...at, parents });
    if (found === null || found.c.dtype !== dtype) return null;
    const x = at.op === Neg ? found.x : negated(at, found.x);
    if (x === null) return null;
    const c = negative(found.c);
    return { op, parents: found.isFirst ? [c, x] : [x, c] };
  },
  laws: [
    { before: (x) => neg(mul(x!, 3)), after: (x) => mul(x!, -3), inputs: 1 },
    { before: (x) => mul(3, neg(x!)), after: (x) => mul(-3, x!), inputs: 1 },
    { before: (x) => neg(div(3, x!)), after: (x) => div(-3, x!), inputs: 1 },
    { before: (x) => div(neg(x!), 3), after: (x) => div(x!, -3), inputs: 1 },
    { before: (t) => scale(neg(t!), 3), after: (t) => scale(t!, -3), inputs: 1 },
  ],
};

export const evenOfMinus: AlgebraRule = {
  name: "even of minus",
  statement: "(-x)² = x²,  |-x| = |x|",
  because: "neither looks at the sign",
  values: "bits",
  derivatives: "exact",
  ops: [Square, Abs],
  rewrite(at) {
    const x = negated(at, at.parents[0]!);
    return x === null ? null : { op: at.op, parents: [x] };
  },
  laws: [
    { before: (x) => square(neg(x!)), after: (x) => square(x!), inputs: 1 },
    { before: (x) => abs(neg(x!)), after: (x) => abs(x!), inputs: 1 },
  ],
};
