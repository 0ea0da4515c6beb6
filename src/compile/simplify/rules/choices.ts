/** Choices that are none, and ops that have nothing left to do. */
import type { AnyPrimitive } from "../../../../graph/index.ts";
import {
  Abs,
  abs,
  Ceil,
  ceil,
  Floor,
  floor,
  greater,
  LogicalNot,
  logicalNot,
  Relu,
  Round,
  relu,
  round,
  StopGradient,
  stopGradient,
  Trunc,
  trunc,
  Where,
  where,
} from "../../../../ops/index.ts";
import type { AlgebraRule } from "../rule.ts";

export const eitherWay: AlgebraRule = {
  name: "either way",
  statement: "where(c, x, x) = x",
  because: "both branches are the same; of each cotangent one branch gets it and the other 0",
  values: "bits",
  derivatives: "exact",
  ops: [Where],
  rewrite: ({ parents: [, a, b] }) => (a === b ? a! : null),
  laws: [{ before: (x, y) => where(greater(y!, 0), x!, x!), after: (x) => x!, inputs: 2 }],
};

export const otherwise: AlgebraRule = {
  name: "otherwise",
  statement: "where(not c, a, b) = where(c, b, a)",
  because: "a bool is true or false",
  values: "bits",
  derivatives: "exact",
  ops: [Where],
  rewrite({ parents: [c, a, b], of }) {
    const condition = of(c!);
    if (condition.op !== LogicalNot || of(condition.parents[0]!).dtype !== "bool") return null;
    return { op: Where, parents: [condition.parents[0]!, b!, a!] };
  },
  laws: [
    {
      before: (x, y) => where(logicalNot(greater(x!, y!)), x!, y!),
      after: (x, y) => where(greater(x!, y!), y!, x!),
      inputs: 2,
    },
  ],
};

export const notNot: AlgebraRule = {
  name: "not not",
  statement: "not not c = c",
  because: "c is a bool; of a number it would say whether it is 0",
  values: "bits",
  derivatives: "exact",
  ops: [LogicalNot],
  rewrite({ parents: [id], of }) {
    const inner = of(id!);
    return inner.op === LogicalNot && of(inner.parents[0]!).dtype === "bool" ? inner.parents[0]! : null;
  },
  laws: [{ before: (c) => logicalNot(logicalNot(c!)), after: (c) => c!, inputs: 1, dtype: "bool" }],
};

const IDEMPOTENT: readonly AnyPrimitive[] = [Relu, Abs, Floor, Ceil, Round, Trunc, StopGradient];

export const twiceIsOnce: AlgebraRule = {
  name: "twice is once",
  statement: "f(f(x)) = f(x) for relu, abs, floor, ceil, round, trunc, stopGradient",
  because: "f leaves its own results as they are, and its slope there is 1 wherever it is not 0 before",
  values: "bits",
  derivatives: "exact",
  ops: IDEMPOTENT,
  rewrite: ({ op, parents: [id], of }) => (of(id!).op === op ? id! : null),
  laws: [
    { before: (x) => relu(relu(x!)), after: (x) => relu(x!), inputs: 1 },
    { before: (x) => abs(abs(x!)), after: (x) => abs(x!), inputs: 1 },
    { before: (x) => floor(floor(x!)), after: (x) => floor(x!), inputs: 1 },
    { before: (x) => ceil(ceil(x!)), after: (x) => ceil(x!), inputs: 1 },
    { before: (x) => round(round(x!)), after: (x) => round(x!), inputs: 1 },
    { before: (x) => trunc(trunc(x!)), after: (x) => trunc(x!), inputs: 1 },
    { before: (x) => stopGradient(stopGradient(x!)), after: (x) => stopGradient(x!), inputs: 1 },
  ],
};
