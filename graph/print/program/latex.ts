import { assertProgram, type Program } from "../../program.ts";
import type { Shape } from "../../shape.ts";
import { numberText } from "../number.ts";
import { type Labels, type Line, labelsOf } from "./labels.ts";
import { latexName, latexNumber } from "./symbols.ts";

/**
 * A program as an `aligned` environment for KaTeX or MathJax: an equation a node.
 *
 * Greek where a tensor is named so, `xHat` is x with a hat, an unnamed node 7 is v with index 7.
 */
export function toLatex(program: Program): string {
  assertProgram("toLatex", program);
  const labels = labelsOf(program);
  const rows = labels.lines.map((line) => equation(program, labels, line));
  const returned = program.outputs.map((id) => latexName(labels.of.get(id)!)).join(",\\; ");
  if (returned !== "") rows.push(`&\\text{returns }${returned}`);
  return `\\begin{aligned}\n${rows.map((row) => `  ${row}`).join(" \\\\\n")}\n\\end{aligned}`;
}

function equation({ nodes }: Program, { of, numbers }: Labels, { id, kind, label }: Line): string {
  const { op, params, parents, shape, dtype, value } = nodes[id]!;
  const left = latexName(label);
  if (op !== null) {
    const words = parents.map((p): Word => {
      const number = numbers.get(p);
      return number === undefined ? latexName(of.get(p)!) : { number: numberText(number, nodes[p]!.dtype) };
    });
    return `${left} &= ${filledIn((symbols) => op.latex(symbols, params), words)}`;
  }
  if (kind === "constant" && value.size <= MOST_SHOWN && shape.length <= 1) {
    const shown = Array.from(value.data, (x) => latexNumber(numberText(x, dtype))).join(",\\, ");
    return `${left} &= ${shape.length === 0 ? shown : `\\left(${shown}\\right)`}`;
  }
  return `${left} &\\in ${space(dtype, shape)}`;
}

const MOST_SHOWN = 6;

/** Where an array lies: real 4 by 5 matrices, say. */
function space(dtype: string, shape: Shape): string {
  const of = dtype === "bool" ? "\\{0, 1\\}" : dtype === "int32" ? "\\mathbb{Z}" : "\\mathbb{R}";
  return shape.length === 0 ? of : `${of}^{${shape.join(" \\times ")}}`;
}

/** What stands for an input of an op: a name, which is one symbol, or a number, which may need parentheses. */
type Word = string | { readonly number: string };

/**
 * The op's formula with its inputs put in.
 *
 * A name never needs parentheses. A number does where it is raised to a power and has more than one part
 * (10^{-5} squared), or is negative and follows another symbol (a - (-2)). Only the finished formula shows which, so the
 * op is asked for it with a placeholder for each number.
 */
function filledIn(formula: (symbols: string[]) => string, words: readonly Word[]): string {
  const symbols = words.map((word, k) =>
    typeof word === "string" ? word : String.fromCharCode(PRIVATE + k),
  );
  return formula(symbols).replace(PLACEHOLDER, (symbol, at: number, whole: string) => {
    const word = words[symbol.charCodeAt(0) - PRIVATE];
    if (word === undefined || typeof word === "string") return symbol;
    const number = latexNumber(word.number);
    const isRaised = /^[}\s]*\^/.test(whole.slice(at + 1));
    const isFirst = /(^|[{([=&]|(?<!\\)[,;])\s*$/.test(whole.slice(0, at));
    const isCompound = /[-^\\]/.test(number);
    const isNegative = number.startsWith("-");
    return (isRaised && isCompound) || (isNegative && !isFirst) ? `\\left(${number}\\right)` : number;
  });
}

/** Unicode's private use area: no op writes these, and no name has them that means anything. */
const PRIVATE = 0xe000;
const PLACEHOLDER = /[\uE000-\uF8FF]/g;
