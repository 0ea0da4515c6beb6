/** The passes of a derivation: each a rewrite of the whole program, its patches kept. */
import {
  type AnyPrimitive,
  inOrder,
  isFloat,
  type Node,
  type Program,
  type Rewrite,
  rewrite,
} from "../../graph/index.ts";
import { Algebra, type Setting } from "./algebra/algebra.ts";
import { factorTerm } from "./algebra/term.ts";
import { VIEWS } from "./algebra/views.ts";
import type { Titled } from "./notation/equations.ts";
import type { Law } from "./rules/law.ts";
import type { Count } from "./rules/means.ts";
import { NAMES, PRODUCTS } from "./rules/products.ts";
import { SUMS } from "./rules/sums.ts";

/** What passes keep in mind from one to the next. */
export interface State {
  readonly program: Program;
  readonly bars: readonly Titled[];
  /** How many of them, at the end, are the inputs'. */
  readonly inputBars: number;
  /** The forward pass's nodes. */
  readonly forward: ReadonlySet<number>;
  readonly counts: readonly Count[];
}

export interface Pass {
  readonly rewrite: Rewrite;
  readonly state: State;
  /** By which laws. */
  readonly used: readonly Law[];
}

/** Formulas by these laws, in every equation of a cotangent. */
export function byLaws(state: State, laws: readonly Law[]): Pass {
  const { program, bars, forward, counts } = state;
  const order = inOrder(program);
  const isNamed = (id: number): boolean => program.nodes[id]!.name !== null;
  const setting: Setting = {
    inputs: new Set(program.inputs),
    named: new Set(order.filter(isNamed)),
    forward: order.filter((id) => isNamed(id) && forward.has(id) && program.nodes[id]!.op !== null),
    counts: new Map(counts.map(({ key, id }) => [key, id])),
    laws,
  };
  const algebra = new Algebra(program, setting);
  if (laws.includes(NAMES)) algebra.knowDefinitions(NAMES);
  const roots = new Set([...bars.flatMap(({ id }) => (id === null ? [] : [id])), ...program.outputs]);
  const instead = new Map<number, number>();
  const changed = new Map<number, Node>();
  for (const id of order) {
    const node = program.nodes[id]!;
    if (!roots.has(id) || node.op === null || forward.has(id) || !isFloat(node.dtype)) continue;
    const terms = algebra.define(id);
    const written = algebra.write(terms, node);
    if (written === id) continue;
    const made = algebra.nodes.of(written);
    const isOther = made.op === null || made.name !== null;
    if (isOther || node.name === null) instead.set(id, written);
    else changed.set(id, { ...made, name: node.name, origin: node.origin });
    if (isOther)
      algebra.readInstead(id, terms.length === 0 ? [] : made.name === null ? terms : [factorTerm(written)]);
  }
  for (const [id, node] of algebra.nodes.made) changed.set(id, node);
  return { ...finished(state, changed, instead), used: [...algebra.used] };
}

/** Take names away: what had one is put in wherever it stood. Names of results stay. */
export function withoutNames(
  state: State,
  isSpare: (name: string) => boolean,
  isKept: (id: number) => boolean,
): Pass {
  const changed = new Map<number, Node>();
  const first = state.bars.length - state.inputBars;
  for (const [key, node] of Object.entries(state.program.nodes)) {
    const id = Number(key);
    if (node.name === null || !isSpare(node.name) || isKept(id)) continue;
    // A cotangent may be that of several nodes, and go by the name of another.
    const other = state.bars.find(
      ({ id: of, label }, k) => of === id && label !== node.name && (k >= first || !isSpare(label)),
    );
    changed.set(id, { ...node, name: other?.label ?? null });
  }
  const made = finished(state, changed, new Map());
  const { program } = made.state;
  const result = made.state.bars.length - state.inputBars;
  const bars = made.state.bars.filter(
    ({ id, label }, k) => k >= result || id === null || !isSpare(label) || program.nodes[id]!.name === label,
  );
  return { ...made, state: { ...made.state, bars } };
}

function finished(
  state: State,
  changed: ReadonlyMap<number, Node>,
  instead: ReadonlyMap<number, number>,
): Pass {
  const { program, counts } = state;
  const to = (id: number): number => instead.get(id) ?? id;
  const nodes = new Map(
    Object.entries(program.nodes).map(([id, node]): [number, Node] => [Number(id), node]),
  );
  for (const [id, node] of changed) nodes.set(id, node);
  for (const [id, node] of nodes) {
    if (node.parents.some((p) => instead.has(p))) nodes.set(id, { ...node, parents: node.parents.map(to) });
  }
  const outputs = program.outputs.map(to);
  const live = new Set<number>();
  const stack = [...outputs, ...program.inputs, ...counts.map(({ id }) => id)];
  while (stack.length > 0) {
    const id = stack.pop()!;
    if (live.has(id)) continue;
    live.add(id);
    stack.push(...nodes.get(id)!.parents);
  }
  const pass = rewrite(program, (draft) => {
    for (const [id, node] of nodes) if (live.has(id) && node !== program.nodes[id]) draft.nodes[id] = node;
    if (instead.size > 0) draft.outputs = outputs;
    for (const id of Object.keys(program.nodes).map(Number)) if (!live.has(id)) delete draft.nodes[id];
  });
  const bars = state.bars
    .map(({ label, id }) => ({ label, id: id === null ? null : to(id) }))
    .filter(({ id }) => id === null || live.has(id));
  return { rewrite: pass, used: [], state: { ...state, program: pass.after, bars } };
}

/** Ops that formulas are taken apart into. */
const ARITHMETIC: ReadonlySet<AnyPrimitive> = new Set(
  [...PRODUCTS.readings, ...SUMS.readings].map(([op]) => op).filter((op) => !VIEWS.includes(op)),
);

/** Nodes that something reads as a whole: an op that is not arithmetic. */
export function readWhole({ nodes }: Program): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const { op, parents } of Object.values(nodes)) {
    if (op !== null && !ARITHMETIC.has(op) && !VIEWS.includes(op)) for (const p of parents) ids.add(p);
  }
  return ids;
}

export function isArithmetic(op: AnyPrimitive): boolean {
  return ARITHMETIC.has(op) || VIEWS.includes(op);
}
