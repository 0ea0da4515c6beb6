/** Sums over axes. */
import { type Node, named, type Shape } from "../../../graph/index.ts";
import { add, mul, Sum, SumTo, sub, sum } from "../../../ops/index.ts";
import type { Algebra } from "../algebra/algebra.ts";
import { sizeFromEnd, stripped } from "../algebra/shapes.ts";
import { factorTerm, gathered, type Term, type Terms, timesTerm } from "../algebra/term.ts";
import { shapeOf } from "../algebra/writing.ts";
import { ONE_OF_ALL, sumOfIndicator } from "./choices.ts";
import type { Law, Reading } from "./law.ts";

/** What a reduction adds up: axes counted from the end, and its shape while they are kept. */
interface Reduction {
  readonly x: number;
  readonly axes: readonly number[];
  readonly kept: Shape;
}

const over: (reduce: (algebra: Algebra, of: Reduction) => Terms) => Reading = (reduce) => (algebra, node) => {
  const of = reductionOf(algebra, node);
  return algebra.viewed(reduce(algebra, of), of.kept, node.shape);
};

function reductionOf({ nodes }: Algebra, { op, params, parents, shape }: Node): Reduction {
  const x = parents[0]!;
  const full = nodes.of(x).shape;
  const axes =
    op === SumTo
      ? full.flatMap((size, axis) =>
          size !== 1 && sizeFromEnd(shape, full.length - axis) === 1 ? [axis] : [],
        )
      : (params as { readonly axes: readonly number[] }).axes;
  return {
    x,
    axes: axes.map((axis) => full.length - axis),
    kept: full.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  };
}

/** Σ of everything, as one factor: how sums are read while nothing else is known of them. */
export const SUMS: Law = {
  name: "sums",
  statement: "Σ over no axis is x itself; the adjoint of stretching is a sum",
  because: "a cotangent is summed over the axes along which its input was repeated",
  readings: [Sum, SumTo].map((op) => [
    op,
    over((algebra, { x, axes }) => {
      const like = algebra.nodes.of(x);
      const terms = algebra.read(x);
      if (axes.every((axis) => sizeFromEnd(like.shape, axis) === 1)) return terms;
      return terms.length === 0 ? [] : [algebra.sumOf(terms, axes, like)];
    }),
  ]),
  examples: [{ before: (a) => sum(a!, 0, { keepDims: true }), inputs: [[2, 3]], text: "sum_i(a)" }],
};

export const LINEAR_SUMS: Law = {
  name: "linear sums",
  statement: "Σ (a + c b) = Σ a + c Σ b,  where c does not depend on what is summed over;  Σ 1 = N",
  because: "a sum may be taken term by term, and what all its terms share may be taken out",
  readings: [
    [Sum, over((algebra, { x, axes }) => summed(algebra, algebra.read(x), axes, algebra.nodes.of(x)))],
    [SumTo, over((algebra, { x, axes }) => summed(algebra, algebra.read(x), axes, algebra.nodes.of(x)))],
  ],
  examples: [
    {
      before: (a, b, c) => sum(add(mul(a!, c!), b!), 0),
      inputs: [[2, 3], [2, 3], [3]],
      text: "c * sum_i(a) + sum_i(b)",
    },
    { before: (a, b) => sum(add(a!, b!), 0), inputs: [[2, 3], [3]], text: "sum_i(a) + 2 * b" },
  ],
};

export const DEVIATIONS: Law = {
  name: "deviations",
  statement: "Σ (x - μ) = 0,  so that Σ xHat = 0 too",
  because: "the mean is the number for which that holds: Σ x = N μ",
  readings: [],
  examples: [
    {
      before: (a) => {
        const mu = named(mul(0.25, sum(a!, 0, { keepDims: true })), "mu");
        return sum(named(sub(a!, mu), "centred"), 0);
      },
      inputs: [[4, 3]],
      text: "0",
    },
    {
      before: (a) => {
        const centred = named(sub(a!, mul(0.25, sum(a!, 0, { keepDims: true }))), "centred");
        return sum(named(mul(centred, 3), "xHat"), 0);
      },
      inputs: [[4, 3]],
      text: "0",
    },
    // Not where the mean is another's.
    {
      before: (a) => sum(named(sub(a!, mul(0.5, sum(a!, 0, { keepDims: true }))), "centred"), 0),
      inputs: [[4, 3]],
      text: "sum_i(centred)",
    },
  ],
};

/** Σ over axes, counted from the end, term by term; what does not vary along them is taken out. */
function summed(
  algebra: Algebra,
  terms: Terms,
  axes: readonly number[],
  like: Pick<Node, "shape" | "dtype">,
): Terms {
  return gathered(terms.flatMap((term) => summedTerm(algebra, term, axes, like)));
}

function summedTerm(
  algebra: Algebra,
  { coefficient, powers }: Term,
  axes: readonly number[],
  like: Pick<Node, "shape" | "dtype">,
): Terms {
  const varies = (id: number): boolean => axes.some((axis) => algebra.variesAlong(factorTerm(id), axis));
  const inside: Term = { coefficient: 1, powers: new Map([...powers].filter(([id]) => varies(id))) };
  const outside: Term = { coefficient, powers: new Map([...powers].filter(([id]) => !varies(id))) };
  const long = axes.filter((axis) => algebra.variesAlong(inside, axis));
  const rest = axes.filter((axis) => !long.includes(axis));
  const factor = timesTerm(outside, algebra.count(like.shape, rest));
  if (long.length === 0) return [factor];
  const known = knownSum(algebra, inside, long, like);
  if (known !== null) return known.map((term) => timesTerm(factor, term));
  // As many axes as the whole has, so that an axis goes by the same letter everywhere.
  const own = stripped(shapeOf(algebra, inside));
  const shape = [...new Array<number>(like.shape.length - own.length).fill(1), ...own];
  return [timesTerm(factor, algebra.sumOf([inside], long, { shape, dtype: like.dtype }))];
}

/** The sum of one factor, where something is known of it. */
function knownSum(
  algebra: Algebra,
  { powers }: Term,
  axes: readonly number[],
  like: Pick<Node, "shape" | "dtype">,
): Terms | null {
  const [[id, power] = [-1, 0], ...others] = powers;
  if (others.length > 0 || power !== 1) return null;
  const ofIndicator = algebra.has(ONE_OF_ALL) ? sumOfIndicator(algebra, id, axes) : null;
  if (ofIndicator !== null) algebra.use(ONE_OF_ALL);
  if (ofIndicator !== null || !algebra.has(DEVIATIONS)) return ofIndicator;
  const ofDeviations = sumOfDeviations(algebra, id, axes, like);
  if (ofDeviations !== null) algebra.use(DEVIATIONS);
  return ofDeviations;
}

/** 0 where the definition of a named node says so: of deviations from a mean. */
function sumOfDeviations(
  algebra: Algebra,
  id: number,
  axes: readonly number[],
  like: Pick<Node, "shape" | "dtype">,
): Terms | null {
  if (!algebra.setting.forward.includes(id)) return null;
  const definition = algebra.expanded(id);
  if (definition.some((term) => term.powers.has(id))) return null;
  const sums = summed(algebra, definition, axes, like);
  const expanded = gathered(sums.flatMap((term) => withMeansPutIn(algebra, term)));
  return expanded.length === 0 ? [] : null;
}

/** A named mean is the sum that it was made of. */
function withMeansPutIn(algebra: Algebra, term: Term): Terms {
  for (const [id, power] of term.powers) {
    if (power !== 1 || !algebra.setting.forward.includes(id)) continue;
    const definition = algebra.expanded(id);
    const isSum = definition.some(({ powers }) =>
      [...powers.keys()].some((p) => algebra.nodes.of(p).op === Sum),
    );
    if (!isSum) continue;
    return definition.map((part) => timesTerm(timesTerm(term, factorTerm(id, -1)), part));
  }
  return [term];
}
