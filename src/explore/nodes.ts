import type { Program, Tensor } from "../../graph/index.ts";
import { type Labels, type Line, labelsOf } from "../../graph/print/program/labels.ts";
import { latexName, latexNumber } from "../../graph/print/program/symbols.ts";
import { formulaText } from "../../graph/print/program/text.ts";
import { arrayView } from "./arrayView.ts";
import { codePlace } from "./codePlace.ts";
import type { LocalRule, TapeNode } from "./document.ts";
import { localRule } from "./localRule.ts";
import { nestedLatex } from "./nestedLatex.ts";

/** The nodes of a program that have a line of their own, for looking at. */
export function tapeNodes(program: Program, cotangents: ReadonlyMap<number, Tensor>): TapeNode[] {
  const labels = labelsOf(program);
  return labels.lines.map((line) => tapeNode(program, labels, line, cotangents.get(line.id) ?? null));
}

function tapeNode(program: Program, labels: Labels, line: Line, cotangent: Tensor | null): TapeNode {
  const { id, kind, label } = line;
  const { op, parents, shape, dtype, isActive, origin, value } = program.nodes[id]!;
  return {
    id,
    kind,
    label,
    symbol: latexName(label),
    text: formulaText(program, labels, line),
    latex: equationLatex(program, labels, id),
    op: op?.name ?? null,
    parents: parents.filter((p) => !labels.numbers.has(p)),
    shape: [...shape],
    dtype,
    isActive,
    isOutput: program.outputs.includes(id),
    origin: codePlace(origin),
    value: arrayView(value),
    cotangent: cotangent === null ? null : arrayView(cotangent),
    rule: ruleOf(program, labels, id, cotangent),
  };
}

function equationLatex({ nodes }: Program, labels: Labels, id: number): string | null {
  const { op, parents, params } = nodes[id]!;
  if (op === null) return null;
  const words = parents.map((p) => {
    const word = labels.of.get(p)!;
    return labels.numbers.has(p) ? latexNumber(word) : latexName(word);
  });
  return nestedLatex((symbols) => op.latex(symbols, params), words);
}

function ruleOf(program: Program, labels: Labels, id: number, yBar: Tensor | null): LocalRule | null {
  const { op, isActive } = program.nodes[id]!;
  return op === null || !isActive ? null : localRule({ program, id, op }, labels, yBar);
}
