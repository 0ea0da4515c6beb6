/** How the ops of arithmetic are written, where their parts are formulas themselves. */
import { type AnyPrimitive, type Node, sizeOf } from "../../../graph/index.ts";
import {
  Add,
  BroadcastTo,
  Cast,
  Div,
  Exp,
  ExpandDims,
  LogSoftmax,
  LogSumExp,
  MatMul,
  Mean,
  Mul,
  Neg,
  OneHot,
  Pow,
  Reciprocal,
  Reshape,
  Scale,
  Softmax,
  Sqrt,
  Square,
  Squeeze,
  Sub,
  Sum,
  SumTo,
  Transpose,
  Where,
} from "../../../ops/index.ts";
import { isAlignment } from "../algebra/shapes.ts";
import { ATOM, atLeast, atom, type Expression, POWER, PREFIX, PRODUCT, SUM } from "./expression.ts";

/** An application whose parts have been written down. */
export interface Written {
  readonly node: Node;
  readonly parents: readonly Node[];
  readonly parts: readonly Expression[];
  /** Whether matrix products are about: products element by element then have a sign of their own. */
  readonly hasMatrices: boolean;
}

/** Null where it is written as the op's record says. */
export type Notation = (at: Written) => Expression | null;

function two({ parts }: Written): readonly [Expression, Expression] {
  return [parts[0]!, parts[1]!];
}

const sum: Notation = (at) => joined(at, "+");
const difference: Notation = (at) => joined(at, "-");

function joined(at: Written, sign: "+" | "-"): Expression {
  const [a, b] = two(at);
  const right = atLeast(b, sign === "-" || startsWithMinus(b) ? PREFIX : SUM);
  return {
    text: `${a.text} ${sign} ${right.text}`,
    latex: `${a.latex} ${sign} ${right.latex}`,
    binds: SUM,
    bindsInLatex: SUM,
  };
}

function startsWithMinus({ text }: Expression): boolean {
  return text.startsWith("-");
}

const negative: Notation = ({ parts: [a] }) => {
  const inner = atLeast(a!, PREFIX);
  return { text: `-${inner.text}`, latex: `-${inner.latex}`, binds: SUM, bindsInLatex: SUM };
};

const product: Notation = (at) => {
  const [a, b] = two(at);
  const [left, right] = [
    atLeast(a, PRODUCT),
    atLeast(b, b.binds === PRODUCT && b.text.includes(" / ") ? POWER : PREFIX),
  ];
  const isScalar = at.parents.some(({ shape }) => sizeOf(shape) === 1);
  const sign = /^\d/.test(right.latex) ? "\\cdot" : at.hasMatrices && !isScalar ? "\\odot" : "\\,";
  return {
    text: `${left.text} * ${right.text}`,
    latex: `${left.latex} ${sign} ${right.latex}`,
    binds: PRODUCT,
    bindsInLatex: b.bindsInLatex === PREFIX ? PREFIX : PRODUCT,
  };
};

export function quotient(a: Expression, b: Expression): Expression {
  return {
    text: `${atLeast(a, PRODUCT).text} / ${atLeast(b, POWER).text}`,
    latex: `\\frac{${a.latex}}{${b.latex}}`,
    binds: PRODUCT,
    bindsInLatex: ATOM,
  };
}

/**
 * Factors over a denominator. In LaTeX sums over axes go behind the fraction, where they have room.
 *
 * @param whole the factors' product
 */
export function fraction(factors: readonly Expression[], whole: Expression, below: Expression): Expression {
  const plain = quotient(whole, below);
  const isSum = ({ bindsInLatex }: Expression): boolean => bindsInLatex === PREFIX;
  const sums = factors.filter(isSum);
  const isLongSum = whole.bindsInLatex === SUM && whole.latex.includes("\\sum");
  if (isLongSum) {
    return {
      ...plain,
      latex: `\\frac{1}{${below.latex}} \\left(${whole.latex}\\right)`,
      bindsInLatex: PRODUCT,
    };
  }
  if (sums.length === 0) return plain;
  const above = factors.filter((factor) => !isSum(factor)).map((factor) => atLeast(factor, PRODUCT).latex);
  const behind = sums.map((factor, k) => atLeast(factor, k < sums.length - 1 ? PRODUCT : PREFIX).latex);
  return {
    ...plain,
    latex: `\\frac{${above.length === 0 ? "1" : above.join(" \\, ")}}{${below.latex}} ${behind.join(" \\, ")}`,
    bindsInLatex: PREFIX,
  };
}

const choice: Notation = ({ parts: [condition, a, b] }) => ({
  text: `where(${condition!.text}, ${a!.text}, ${b!.text})`,
  latex: `\\begin{cases} ${a!.latex} & \\text{if } ${condition!.latex} \\\\ ${b!.latex} & \\text{otherwise} \\end{cases}`,
  binds: ATOM,
  bindsInLatex: PRODUCT,
});

const LETTERS = ["i", "j", "k", "l", "m", "n"];

function letters(axes: readonly number[]): string {
  return axes.map((axis) => LETTERS[axis] ?? `a_{${axis}}`).join(",");
}

function sumOver(axes: readonly number[], x: Expression): Expression {
  const indices = letters(axes);
  return {
    text: `sum_${axes.length > 1 ? `{${indices}}` : indices}(${x.text})`,
    latex: `\\sum_{${indices}} ${atLeast(x, PREFIX).latex}`,
    binds: ATOM,
    bindsInLatex: PREFIX,
  };
}

interface Over {
  readonly axes: readonly number[];
}

const summed: Notation = ({ node, parts }) => {
  const { axes } = node.params as Over;
  return axes.length === 0 ? parts[0]! : sumOver(axes, parts[0]!);
};

const summedTo: Notation = ({ node, parents, parts }) => {
  const { shape } = parents[0]!;
  const lost = shape.length - node.shape.length;
  const axes = [...shape.keys()].filter((k) => shape[k] !== 1 && (k < lost || node.shape[k - lost] === 1));
  return axes.length === 0 ? parts[0]! : sumOver(axes, parts[0]!);
};

function called(name: string, latex: string, x: Expression): Expression {
  return atom(`${name}(${x.text})`, `${latex}\\left(${x.latex}\\right)`);
}

const along =
  (name: string, latex: string): Notation =>
  ({ node, parts }) => {
    const indices = letters((node.params as Over).axes);
    return called(`${name}_${indices}`, `${latex}_{${indices}}`, parts[0]!);
  };

/** What is only stretched, or given axes of size one, is written as it is. */
const same: Notation = ({ parts }) => parts[0]!;
const view: Notation = ({ node, parents, parts }) =>
  isAlignment(parents[0]!.shape, node.shape) ? parts[0]! : null;

function raised(a: Expression, by: string): Expression {
  const { text, latex } = atLeast(a, ATOM);
  return { text: `${text}^${by}`, latex: `{${latex}}^{${by}}`, binds: POWER, bindsInLatex: POWER };
}

/** By a number: a^3. */
const power: Notation = ({ parts: [a, b] }) => (/^\d+$/.test(b!.text) ? raised(a!, b!.text) : null);

const transposed: Notation = ({ node, parts: [a] }) => {
  const { axes } = node.params as Over;
  const rank = axes.length;
  const isSwap = axes.every((axis, k) => axis === (k < rank - 2 ? k : rank === 1 ? 0 : 2 * rank - 3 - k));
  if (!isSwap || rank < 2) return null;
  const { text, latex } = atLeast(a!, ATOM);
  return { text: `${text}^T`, latex: `{${latex}}^{\\top}`, binds: POWER, bindsInLatex: POWER };
};

const matrices: Notation = (at) => {
  const [a, b] = two(at);
  const [left, right] = [atLeast(a, PRODUCT), atLeast(b, POWER)];
  return {
    text: `${left.text} @ ${right.text}`,
    latex: `${left.latex} \\, ${right.latex}`,
    binds: PRODUCT,
    bindsInLatex: PRODUCT,
  };
};

const cast: Notation = ({ parents: [x], parts: [a] }) =>
  x!.dtype === "bool" ? atom(`[${a!.text}]`, `\\left[${a!.latex}\\right]`) : null;

export const NOTATIONS: ReadonlyMap<AnyPrimitive, Notation> = new Map<AnyPrimitive, Notation>([
  [Add, sum],
  [Sub, difference],
  [Neg, negative],
  [Mul, product],
  [Scale, product],
  [Div, (at) => quotient(...two(at))],
  [Reciprocal, ({ parts: [a] }) => quotient(atom("1", "1"), a!)],
  [Square, ({ parts: [a] }) => raised(a!, "2")],
  [Pow, power],
  [Sqrt, ({ parts: [a] }) => atom(`sqrt(${a!.text})`, `\\sqrt{${a!.latex}}`)],
  [Exp, ({ parts: [a] }) => ({ ...atom(`exp(${a!.text})`, `e^{${a!.latex}}`), bindsInLatex: POWER })],
  [Sum, summed],
  [SumTo, summedTo],
  [Mean, along("mean", "\\operatorname{mean}")],
  [Softmax, along("softmax", "\\operatorname{softmax}")],
  [LogSoftmax, along("logSoftmax", "\\log \\operatorname{softmax}")],
  [LogSumExp, along("logsumexp", "\\operatorname{logsumexp}")],
  [OneHot, ({ parts: [a] }) => called("oneHot", "\\operatorname{oneHot}", a!)],
  [BroadcastTo, same],
  [Reshape, view],
  [ExpandDims, view],
  [Squeeze, view],
  [Transpose, transposed],
  [MatMul, matrices],
  [Cast, cast],
  [Where, choice],
]);
