import {
  type AnyPrimitive,
  allocate,
  deferred,
  inOrder,
  isFloat,
  type Node,
  type Program,
  type Rewrite,
  RuleError,
  rewrite,
  sameShape,
  sizeOf,
  Tensor,
} from "../../../graph/index.ts";
import { commit, constantsOf, handName, isMereNumbers, reading } from "../../../graph/passes/reading.ts";
import { Known } from "./known.ts";
import { Readers } from "./readers.ts";
import type { AlgebraRule, Application, Replacement, Site } from "./rule.ts";
import { specOf } from "./spec.ts";

/** A pass by rules, and which rule was applied to which node, in that order. */
export interface RuleRewrite extends Rewrite {
  readonly applied: readonly { readonly rule: string; readonly id: number }[];
}

/** How often one node may be rewritten in one pass: our own rules need a handful. */
const MOST = 1000;

/**
 * One pass over the nodes in order; at each, rules are tried until none applies. What a rule adds is a place for rules
 * too. Nodes on which no output depends are left alone.
 *
 * @throws RuleError where that does not come to an end
 */
export function rewriteByRules(program: Program, rules: readonly AlgebraRule[]): RuleRewrite {
  const pass = new Pass(program, rules);
  for (const id of inOrder(program)) pass.visit(id);
  const { instead, applied } = pass;
  return { ...rewrite(program, (draft) => commit(draft, pass.kept(), instead)), applied };
}

/** Of rules that undo each other, or one that finds its own work. */
function endless({ name }: AlgebraRule): RuleError {
  const remedy = "let what it makes be shorter than what it finds, or no work for a rule";
  return new RuleError("simplify", `rule ${name} to come to an end`, `${MOST} rewrites of one node`, remedy);
}

const UNNAMED = { name: null, origin: null } as const;

function isApplication(part: Replacement): part is Application {
  return typeof part === "object" && !(part instanceof Tensor);
}

class Pass {
  readonly changed: Map<number, Node> = new Map();
  readonly instead: Map<number, number> = new Map();
  readonly applied: { readonly rule: string; readonly id: number }[] = [];
  readonly #program: Program;
  readonly #constants: Set<number>;
  readonly #byOp: Map<AnyPrimitive, readonly AlgebraRule[]> = new Map();
  readonly #rules: readonly AlgebraRule[];
  readonly #readers: Readers;
  readonly #known: Known;
  #next: number;
  /** Rewrites at the node of the program that is being visited, and at all that were added there. */
  #rewrites = 0;

  constructor(program: Program, rules: readonly AlgebraRule[]) {
    this.#program = program;
    this.#rules = rules;
    this.#constants = new Set(constantsOf(program));
    this.#readers = new Readers(program, this.#of);
    this.#known = new Known(this.#of);
    this.#next = Object.keys(program.nodes).reduce((most, id) => Math.max(most, Number(id)), -1) + 1;
  }

  visit(id: number): void {
    if (this.#readers.isDead(id)) return;
    const original = this.#program.nodes[id]!;
    const node = reading(original, this.instead);
    this.#rewrites = 0;
    if (node !== original) this.#set(id, node);
    this.#settle(id);
  }

  /** What changed and is read: what was only needed on the way is left out. */
  kept(): ReadonlyMap<number, Node> {
    return new Map([...this.changed].filter(([id]) => !this.#readers.isDead(id)));
  }

  /** Apply rules to this node until none does; returns who stands for it then. */
  #settle(id: number): number {
    let node = this.#of(id);
    for (let op = node.op; op !== null; op = node.op) {
      const found = this.#found(op, id, node);
      if (found === null) break;
      const [rule, replacement] = found;
      if (++this.#rewrites > MOST) throw endless(rule);
      this.applied.push({ rule: rule.name, id });
      const there = this.#find(replacement);
      if (there === null && isApplication(replacement)) {
        node = this.#applied(node, replacement);
        this.#set(id, node);
        continue;
      }
      const other = there ?? this.#idOf(replacement);
      this.instead.set(id, other);
      this.#readers.replace(id, other);
      const named = handName(node, this.#of(other));
      if (named !== this.#of(other)) this.changed.set(other, named);
      return other;
    }
    if (node.op !== null) this.#known.add(id);
    else if (this.#constants.has(id)) this.#known.addConstant(id);
    return id;
  }

  /** The first rule that applies, and what it puts there. */
  #found(op: AnyPrimitive, id: number, node: Node): readonly [AlgebraRule, Replacement] | null {
    const site: Site = {
      id,
      op,
      node,
      parents: node.parents,
      of: this.#of,
      constant: this.#constant,
      readers: (other) => this.#readers.of(other),
      isReturned: (other) => this.#readers.isReturned(other),
      find: this.#find,
    };
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
    const other = specOf(this.#of, replacement);
    return other.dtype === dtype && sameShape(other.shape, shape);
  }

  /** The node with another op in it. Its value is the same, or the rule would not be one. */
  #applied(node: Node, { op, params, parents }: Application): Node {
    const ids = parents.map((p) => this.#idOf(p));
    const isActive = isFloat(node.dtype) && ids.some((p) => this.#of(p).isActive);
    return { ...node, op, params, parents: ids, isActive };
  }

  #idOf(part: Replacement): number {
    if (typeof part === "number") return part;
    return isApplication(part) ? this.#added(part) : this.#constantOf(part);
  }

  /** A node for it: one that is there, or a new one, simplified in its turn. */
  #added(application: Application): number {
    const there = this.#known.find(application);
    if (there !== null) return there;
    const ids = application.parents.map((p) => this.#idOf(p));
    const { op, params } = application;
    const again = this.#known.find({ op, params, parents: ids });
    if (again !== null) return again;
    const x = ids.map(this.#of);
    const id = this.#next++;
    const dtype = op.dtype(x, params);
    const shape = op.shape(x, params);
    const isActive = isFloat(dtype) && x.some((p) => p.isActive);
    // What it would have been worth on the tape: hardly anybody looks.
    const value = deferred(shape, dtype, () => {
      const data = allocate(dtype, sizeOf(shape));
      op.kernel(
        x.map((node) => node.value),
        params,
        { shape, dtype, data },
      );
      return data;
    });
    this.#set(id, { op, params, parents: ids, shape, dtype, value, isActive, ...UNNAMED });
    return this.#settle(id);
  }

  #constantOf(value: Tensor): number {
    const there = this.#known.find(value);
    if (there !== null) return there;
    const id = this.#next++;
    const { shape, dtype } = value;
    this.#constants.add(id);
    const none = { op: null, params: undefined, parents: [], isActive: false };
    this.#set(id, { ...none, shape, dtype, value, ...UNNAMED });
    this.#known.addConstant(id);
    return id;
  }

  #set(id: number, node: Node): void {
    this.#readers.change(id, () => {
      // Parents come before their readers also among what was changed, so that each patch leaves a program.
      this.changed.delete(id);
      this.changed.set(id, node);
    });
  }

  readonly #of = (id: number): Node => this.changed.get(id) ?? this.#program.nodes[id]!;

  readonly #find = (part: Replacement): number | null => {
    const id = this.#known.find(part);
    return id === null || this.#readers.isDead(id) ? null : id;
  };

  readonly #constant = (id: number): Tensor | null => {
    if (!this.#constants.has(id)) return null;
    const { value } = this.#of(id);
    return isMereNumbers(value) ? value : null;
  };
}
