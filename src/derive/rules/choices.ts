/** Choices between a number and 0, as products with indicators. */
import type { DType } from "../../../graph/index.ts";
import { Cast, greater, mul, OneHot, oneHot, sum, Where, where } from "../../../ops/index.ts";
import type { Algebra } from "../algebra/algebra.ts";
import { factorTerm, numberTerm, type Terms } from "../algebra/term.ts";
import type { Law, Reading } from "./law.ts";

const choice: Reading = (algebra, node) => {
  const [condition, a, b] = node.parents as readonly [number, number, number];
  const isZero = (id: number): boolean => algebra.read(id).length === 0;
  if (!isZero(b)) return null;
  const indicator = indicatorOf(algebra, condition, node.dtype);
  const indicated = [factorTerm(indicator)];
  return (
    algebra.product(algebra.read(a), indicated) ??
    algebra.product([algebra.asTerm(algebra.read(a), algebra.nodes.of(a))], indicated)
  );
};

/** 1 where it holds, 0 elsewhere. */
function indicatorOf({ nodes }: Algebra, condition: number, dtype: DType): number {
  const { op, params, parents, name } = nodes.of(condition);
  if (op === OneHot && name === null) {
    return nodes.apply(OneHot, parents, { ...(params as object), dtype });
  }
  return nodes.apply(Cast, [condition], { dtype });
}

export const CHOICES: Law = {
  name: "choices",
  statement: "where(c, a, 0) = [c] a,  with [c] = 1 where c holds, else 0",
  because: "choosing between a number and 0 is multiplying by 1 or by 0",
  readings: [[Where, choice]],
  examples: [
    { before: (a, b) => where(greater(a!, b!), b!, 0), inputs: [[3], [3]], text: "b * [greater(a, b)]" },
  ],
};

export const ONE_OF_ALL: Law = {
  name: "one of all",
  statement: "Σ oneHot(t) = 1 over the classes",
  because: "a label is one of the classes, and one only",
  readings: [],
  examples: [
    {
      before: (a) => mul(a!, sum(oneHot([0, 2], 3), 1, { keepDims: true })),
      inputs: [[2, 3]],
      text: "a",
    },
  ],
};

/** The sum of an indicator over axes counted from the end, where that is one number throughout. */
export function sumOfIndicator(algebra: Algebra, id: number, axes: readonly number[]): Terms | null {
  const { nodes } = algebra;
  const { op, parents, value } = nodes.of(id);
  // The labels' own numbers do not matter: each has its 1.
  if (op === OneHot) return axes.length === 1 && axes[0] === 1 ? [numberTerm(1)] : null;
  const isConstant = algebra.isConstant(op === Cast ? parents[0]! : id);
  if (!isConstant || value.place !== null) return null;
  const { data } = sum(
    value,
    axes.map((axis) => -axis),
  );
  const first = data[0]!;
  for (let i = 1; i < data.length; i++) if (data[i] !== first) return null;
  return first === 0 ? [] : [numberTerm(first)];
}
