import {
  type AnyPrimitive,
  inOrder,
  isFloat,
  type Node,
  type Program,
  type Rewrite,
  RuleError,
  rewrite,
  sameShape,
  type Tensor,
} from "../../../graph/index.ts";
import { commit, constantsOf, handName, isMereNumbers, reading } from "../../../graph/passes/reading.ts";
import type { AlgebraRule, Application, Replacement, Site } from "./rule.ts";

/** A pass by rules, and which rule was applied to which node, in that order. */
export interface RuleRewrite extends Rewrite {
  readonly applied: readonly { readonly rule: string; readonly id: number }[];
}

/** How often one node may be rewritten in one pass: our own rules need a handful. */
const MOST = 1000;

/**
 * One pass over the nodes in order; at each, rules are tried until none applies.
 *
 * @throws RuleError where that does not come to an end
 */
export function rewriteByRules(program: Program, rules: readonly AlgebraRule[]): RuleRewrite {
  const order = inOrder(program);
  const pass = new Pass(program, rules);
  for (const id of order) pass.visit(id);
  const { changed, instead, applied } = pass;
  return { ...rewrite(program, (draft) => commit(draft, changed, instead)), applied };
}

/** Of rules that undo each other, or one that finds its own work. */
function endless({ name }: AlgebraRule): RuleError {
  const remedy = "let what it makes be shorter than what it finds, or no work for a rule";
  return new RuleError("simplify", `rule ${name} to come to an end`, `${MOST} rewrites of one node`, remedy);
}

class Pass {
  readonly changed: Map<number, Node> = new Map();
  readonly instead: Map<number, number> = new Map();
  readonly applied: { readonly rule: string; readonly id: number }[] = [];
  readonly #program: Program;
  readonly #constants: Set<number>;
  readonly #byOp: Map<AnyPrimitive, readonly AlgebraRule[]> = new Map();
  readonly #rules: readonly AlgebraRule[];
  #next: number;

  constructor(program: Program, rules: readonly AlgebraRule[]) {
    this.#program = program;
    this.#rules = rules;
    this.#constants = new Set(constantsOf(program));
    this.#next = Object.keys(program.nodes).reduce((most, id) => Math.max(most, Number(id)), -1) + 1;
  }

  visit(id: number): void {
    const original = this.#program.nodes[id]!;
    let node = reading(original, this.instead);
    const before = this.applied.length;
    for (let op = node.op; op !== null; op = node.op) {
      const found = this.#found(op, node);
      if (found === null) break;
      const [rule, replacement] = found;
      if (this.applied.length - before === MOST) throw endless(rule);
      this.applied.push({ rule: rule.name, id });
      if (typeof replacement === "number") {
        this.instead.set(id, replacement);
        this.#keepName(node, replacement);
        return;
      }
      node = this.#applied(node, replacement);
    }
    if (node !== original) this.changed.set(id, node);
  }

  /** The first rule that applies, and what it puts there. */
  #found(op: AnyPrimitive, node: Node): readonly [AlgebraRule, Replacement] | null {
    const site: Site = { op, node, parents: node.parents, of: this.#of, constant: this.#constant };
    for (const rule of this.#rulesOf(op)) {
      const replacement = rule.rewrite(site);
      if (replacement !== null && this.#fits(node, replacement)) return [rule, replacement];
    }
    return null;
  }

  #rulesOf(op: AnyPrimitive): readonly AlgebraRule[] {
    let rules = this.#byOp.get(op);
    if (rules === undefined) {
      rules = this.#rules.filter(({ ops }) => ops === null || ops.includes(op));
      this.#byOp.set(op, rules);
    }
    return rules;
  }

  /** Same shape, same dtype: `[3] · ones([2, 3])` is no x · 1. */
  #fits({ shape, dtype }: Node, replacement: Replacement): boolean {
    if (typeof replacement === "number") {
      const other = this.#of(replacement);
      return other.dtype === dtype && sameShape(other.shape, shape);
    }
    const { op, params, parents } = replacement;
    const x = parents.map((p) => (typeof p === "number" ? this.#of(p) : p));
    return op.dtype(x, params) === dtype && sameShape(op.shape(x, params), shape);
  }

  /** The node with another op in it. Its value is the same, or the rule would not be one. */
  #applied(node: Node, { op, params, parents }: Application): Node {
    const ids = parents.map((p) => (typeof p === "number" ? p : this.#added(p)));
    const isActive = isFloat(node.dtype) && ids.some((p) => this.#of(p).isActive);
    return { ...node, op, params, parents: ids, isActive };
  }

  #added(value: Tensor): number {
    const id = this.#next++;
    const { shape, dtype } = value;
    this.#constants.add(id);
    this.changed.set(id, {
      op: null,
      params: undefined,
      parents: [],
      shape,
      dtype,
      value,
      isActive: false,
      name: null,
      origin: null,
    });
    return id;
  }

  #keepName(node: Node, other: number): void {
    const named = handName(node, this.#of(other));
    if (named !== this.#of(other)) this.changed.set(other, named);
  }

  readonly #of = (id: number): Node => this.changed.get(id) ?? this.#program.nodes[id]!;

  readonly #constant = (id: number): Tensor | null => {
    const { value } = this.#of(id);
    return this.#constants.has(id) && isMereNumbers(value) ? value : null;
  };
}
