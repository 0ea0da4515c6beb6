/** A program as equations: one for each node that has a name, formulas of named nodes on the right. */
import { type AnyPrimitive, inOrder, type Node, numberText, type Program } from "../../../graph/index.ts";
import { latexName, latexNumber } from "../../../graph/print/program/symbols.ts";
import { Div, MatMul, Mul, Reciprocal, Scale } from "../../../ops/index.ts";
import { atom, type Expression, SUM } from "./expression.ts";
import { fraction, NOTATIONS } from "./table.ts";

/** `label = right`, where the right side is what the node is. */
export interface Equation {
  readonly label: string;
  /** The node that it defines; null where the program has none, since a structural zero arrived. */
  readonly id: number | null;
  readonly text: string;
  readonly latex: string;
}

/** What is to be written: a node, under a label that may differ from the node's own name. */
export interface Titled {
  readonly label: string;
  readonly id: number | null;
}

export function equationsOf(program: Program, titles: readonly Titled[]): readonly Equation[] {
  const writer = new Writer(program);
  // That an input is itself need not be said.
  const told = titles.filter(
    ({ label, id }) => id === null || label !== program.nodes[id]!.name || !writer.isInput(id),
  );
  return told.map(({ label, id }) => {
    const right = id === null ? atom("0", "0") : writer.definition(label, id);
    return { label, id, text: `${label} = ${right.text}`, latex: `${latexName(label)} &= ${right.latex}` };
  });
}

class Writer {
  readonly #nodes: Program["nodes"];
  readonly #inputs: ReadonlySet<number>;
  readonly #done: Map<number, Expression> = new Map();
  readonly #hasMatrices: boolean;

  constructor(program: Program) {
    this.#nodes = program.nodes;
    this.#inputs = new Set(program.inputs);
    this.#hasMatrices = Object.values(program.nodes).some(({ op }) => op !== null && MATRIX_OPS.includes(op));
    // In order, so that no formula is deeper than the stack.
    for (const id of inOrder(program)) this.#done.set(id, this.#written(id));
  }

  /** By the node's name, if it has one that is not the label itself. */
  definition(label: string, id: number): Expression {
    const { name, op } = this.#nodes[id]!;
    return name !== null && name !== label ? named(name) : op === null ? this.#source(id) : this.#formula(id);
  }

  isInput(id: number): boolean {
    return this.#inputs.has(id);
  }

  #written(id: number): Expression {
    const { name, op } = this.#nodes[id]!;
    if (name !== null) return named(name);
    return op === null ? this.#source(id) : this.#formula(id);
  }

  #source(id: number): Expression {
    const { value, dtype, name } = this.#nodes[id]!;
    if (this.#inputs.has(id)) return named(name ?? `x${id}`);
    const first = value.data[0];
    let isUniform = value.size > 0 && dtype !== "bool";
    for (let i = 1; i < value.size; i++) isUniform &&= value.data[i] === first;
    if (!isUniform || first === undefined) return named(`c${id}`);
    const text = numberText(first, dtype);
    const number = atom(text, latexNumber(text));
    return first < 0 ? { ...number, binds: SUM, bindsInLatex: SUM } : number;
  }

  #formula(id: number): Expression {
    const node = this.#nodes[id]!;
    const { op, params, parents } = node;
    const fraction = this.#fraction(node);
    if (fraction !== null) return fraction;
    const parts = parents.map((p) => this.#done.get(p)!);
    const at = { node, parts, parents: parents.map((p) => this.#nodes[p]!), hasMatrices: this.#hasMatrices };
    const known = NOTATIONS.get(op!)?.(at) ?? null;
    if (known !== null) return known;
    const text = op!.text(
      parts.map((part) => part.text),
      params,
    );
    const latex = op!.latex(
      parts.map(({ latex: own, bindsInLatex }) => (bindsInLatex < 4 ? `\\left(${own}\\right)` : own)),
      params,
    );
    const isCall = /^\\operatorname\{\w+\}\\left\(.*\\right\)$/.test(latex);
    return { ...atom(text, latex), bindsInLatex: isCall ? 4 : SUM };
  }

  /** a · (1/b) is a/b; and so is a / b. */
  #fraction({ op, parents }: Node): Expression | null {
    const [a, b] = parents as readonly [number, number];
    const { op: inner, name, parents: below } = op === Scale ? this.#nodes[b]! : NOTHING;
    const isInverse = inner === Reciprocal && name === null;
    if (op !== Div && !isInverse) return null;
    return fraction(this.#factors(a), this.#done.get(a)!, this.#done.get(isInverse ? below[0]! : b)!);
  }

  /** What a nameless product is made of, one level down and to the left. */
  #factors(id: number): readonly Expression[] {
    const factors: Expression[] = [];
    let left = id;
    for (;;) {
      const { op, name, parents } = this.#nodes[left]!;
      const isProduct = name === null && (op === Scale || op === Mul);
      if (!isProduct || this.#hasMatrices || this.#fraction(this.#nodes[left]!) !== null) break;
      factors.unshift(this.#done.get(parents[1]!)!);
      left = parents[0]!;
    }
    return [this.#done.get(left)!, ...factors];
  }
}

const NOTHING = { op: null, name: null, parents: [] as readonly number[] };

const MATRIX_OPS: readonly AnyPrimitive[] = [MatMul];

function named(name: string): Expression {
  return atom(name, latexName(name));
}
