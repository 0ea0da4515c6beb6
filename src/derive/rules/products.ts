/** Elementwise arithmetic, read as sums of products. */

import { named } from "../../../graph/index.ts";
import {
  Add,
  add,
  BroadcastTo,
  Div,
  div,
  ExpandDims,
  Mul,
  mul,
  Neg,
  neg,
  Reciprocal,
  Reshape,
  reciprocal,
  Scale,
  Square,
  Squeeze,
  Sub,
  square,
  sub,
} from "../../../ops/index.ts";
import { numberTerm, raised } from "../algebra/term.ts";
import type { Law, Reading } from "./law.ts";

const product: Reading = (algebra, { parents: [a, b] }) => {
  const both = algebra.product(algebra.read(a!), algebra.read(b!));
  // Two sums are not multiplied out.
  const term = (id: number) => algebra.asTerm(algebra.read(id), algebra.nodes.of(id));
  return both ?? algebra.product([term(a!)], [term(b!)]);
};

const view: Reading = (algebra, { parents: [x], shape }) =>
  algebra.viewed(algebra.read(x!), algebra.nodes.of(x!).shape, shape);

/** Always in force: it is how formulas are read. */
export const PRODUCTS: Law = {
  name: "products",
  statement: "a / b · c = a c / b,  -(a - b) = b - a,  a b + a b = 2 a b",
  because:
    "products and sums may be taken in any order; powers of one factor add up, and like terms are counted",
  readings: [
    [Add, (at, { parents: [a, b] }) => [...at.read(a!), ...at.read(b!)]],
    [Sub, (at, { parents: [a, b] }) => [...at.read(a!), ...at.timesNumber(at.read(b!), -1)]],
    [Neg, (at, { parents: [a] }) => at.timesNumber(at.read(a!), -1)],
    [Mul, product],
    [Scale, product],
    [
      Div,
      (at, { parents: [a, b] }) => at.quotient(at.read(a!), at.read(b!), at.nodes.of(a!), at.nodes.of(b!)),
    ],
    [
      Reciprocal,
      (at, { parents: [a] }) => at.quotient([numberTerm(1)], at.read(a!), at.nodes.of(a!), at.nodes.of(a!)),
    ],
    [Square, (at, { parents: [a] }) => [raised(at.asTerm(at.read(a!), at.nodes.of(a!)), 2)]],
    // Factors stretch of themselves.
    [BroadcastTo, (at, { parents: [a] }) => at.read(a!)],
    [Reshape, view],
    [ExpandDims, view],
    [Squeeze, view],
  ],
  examples: [
    {
      before: (a, b, c) => mul(mul(div(a!, b!), 3), square(mul(b!, c!))),
      inputs: [[2, 3], [3], [2, 3]],
      text: "3 * b * a * c^2",
    },
    { before: (a, b) => neg(sub(a!, add(b!, b!))), inputs: [[3], [3]], text: "2 * b - a" },
    { before: (a, b) => mul(0.5, reciprocal(mul(a!, b!))), inputs: [[3], [3]], text: "1 / (2 * a * b)" },
    { before: (a, b) => sub(add(a!, b!), a!), inputs: [[3], [3]], text: "b" },
  ],
};

/** In force where it is listed: see `Algebra.knowDefinitions`. */
export const NAMES: Law = {
  name: "names",
  statement: "what equals a named product is called by its name: centred / sigma = xHat",
  because: "the forward pass has computed it already",
  readings: [],
  examples: [
    {
      before: (a, b) => {
        const q = named(div(a!, b!), "q");
        return mul(q, div(mul(a!, a!), square(b!)));
      },
      inputs: [[3], [3]],
      text: "q^3",
    },
  ],
};
