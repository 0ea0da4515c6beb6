import {
  type AnyPrimitive,
  filled,
  inOrder,
  type MaybeZero,
  type Node,
  named,
  type Program,
  programOf,
  type Tensor,
  trace,
} from "../../graph/index.ts";
import { type Labels, labelsOf } from "../../graph/print/program/labels.ts";
import { latexName, latexNumber } from "../../graph/print/program/symbols.ts";
import type { LocalRule } from "./document.ts";
import { nestedLatex } from "./nestedLatex.ts";

/** What formulas of the walk back at one node are about. */
interface At {
  readonly program: Program;
  readonly id: number;
  readonly op: AnyPrimitive;
}

/**
 * What a node's vjp does, in the words of the tape that it is on: the rule is run once more on a tape of its own, whose
 * leaves go by the names that the node, its parents and its cotangent have.
 *
 * @returns null where it gives no cotangent
 */
export function localRule(at: At, labels: Labels, yBar: MaybeZero): LocalRule | null {
  const { nodes } = at.program;
  const node = nodes[at.id]!;
  const label = labels.of.get(at.id)!;
  // Two inputs may be one node, and the numbers among them stay numbers.
  const named_ = [...new Set(node.parents)].filter((p) => !labels.numbers.has(p));
  const leaves = [
    named(yBar ?? filled(node.shape, node.dtype, 1), barOf(label)),
    ...named_.map((p) => named(nodes[p]!.value, labels.of.get(p)!)),
    named(node.value, label),
  ];
  const wanted = node.parents.map((p) => nodes[p]!.isActive);
  const receivers: number[] = [];
  const tape = trace(
    (bar, ...rest) => {
      const y = rest[named_.length]!;
      const x = node.parents.map((p) => rest[named_.indexOf(p)] ?? nodes[p]!.value);
      const given = at.op.vjp({ x, y, params: node.params }, bar!, wanted);
      return given.filter((xBar, k): xBar is Tensor => {
        if (xBar === null || !wanted[k]) return false;
        receivers.push(node.parents[k]!);
        return true;
      });
    },
    leaves,
    false,
  );
  if (receivers.length === 0) return null;
  const rule = programOf(tape);
  const lines = equations(rule);
  const gifts = rule.outputs.map((id, k) => ({ to: labels.of.get(receivers[k]!)!, ...lines.said.get(id)! }));
  return {
    latex: aligned([
      ...lines.shared.map(({ name, latex }) => `${latexName(name)} &= ${latex}`),
      ...gifts.map(({ to, latex }) => `${symbolOf(barOf(to))} &\\mathrel{\\text{+=}} ${latex}`),
    ]),
    text: [
      ...lines.shared.map(({ name, text }) => `${name} = ${text}`),
      ...gifts.map(({ to, text }) => `${barOf(to)} += ${text}`),
    ],
  };
}

/** What a cotangent is called: `muBar`, which is printed as mu with a bar. */
export function barOf(label: string): string {
  return `${label}Bar`;
}

/** A bar over the letter, not over its index too. */
function symbolOf(name: string): string {
  return latexName(name).replace(/\\(bar|overline)\{(\S+?)_\{(\w+)\}\}$/, "\\$1{$2}_{$3}");
}

interface Said {
  readonly latex: string;
  readonly text: string;
}

/** Every node of a short program as an expression of its leaves; what is used more than once has a line of its own. */
function equations(program: Program): {
  readonly said: ReadonlyMap<number, Said>;
  readonly shared: readonly ({ readonly name: string } & Said)[];
} {
  const labels = labelsOf(program);
  const uses = new Map<number, number>();
  const count = (id: number): Map<number, number> => uses.set(id, (uses.get(id) ?? 0) + 1);
  const order = inOrder(program).filter((id) => isNeeded(program, id));
  for (const id of order) program.nodes[id]!.parents.forEach(count);
  program.outputs.forEach(count);
  const said = new Map<number, Said>();
  const shared: ({ readonly name: string } & Said)[] = [];
  for (const id of order) {
    const node = program.nodes[id]!;
    const formula = node.op === null ? leafSaid(labels, id) : opSaid(node, said);
    if (node.op === null || uses.get(id) === 1 || formula.text.length <= SHORT) {
      said.set(id, formula);
      continue;
    }
    const name = `t${shared.length + 1}`;
    shared.push({ name, ...formula });
    said.set(id, { latex: latexName(name), text: name });
  }
  return { said, shared };
}

/** As long as this is what may be written twice. */
const SHORT = 14;

function isNeeded({ nodes, outputs }: Program, id: number): boolean {
  return (
    nodes[id]!.op === null || outputs.includes(id) || Object.values(nodes).some((n) => n.parents.includes(id))
  );
}

function leafSaid(labels: Labels, id: number): Said {
  const text = labels.of.get(id)!;
  return { text, latex: labels.numbers.has(id) ? latexNumber(text) : symbolOf(text) };
}

function opSaid({ op, parents, params }: Node, said: ReadonlyMap<number, Said>): Said {
  const parts = parents.map((p) => said.get(p)!);
  return {
    text: op!.text(
      parts.map(({ text }) => text),
      params,
    ),
    latex: nestedLatex(
      (symbols) => op!.latex(symbols, params),
      parts.map(({ latex }) => latex),
    ),
  };
}

function aligned(rows: readonly string[]): string {
  return `\\begin{aligned} ${rows.join(" \\\\ ")} \\end{aligned}`;
}
