import { applyPatches, type Patch } from "immer";
import { inOrder, type Program, type Rewrite } from "../../graph/index.ts";
import { labelsOf } from "../../graph/print/program/labels.ts";
import { formulaText } from "../../graph/print/program/text.ts";
import type { PassChange, PassNode, PassReplay, PassStep } from "./document.ts";

/** A pass that was made: its name, and its patches. `simplify(...).steps` are these. */
export interface Pass extends Rewrite {
  readonly pass: string;
  /** Which rule of algebra was applied to which node, in a pass by rules. */
  readonly applied?: readonly { readonly rule: string; readonly id: number }[];
}

/** Passes as plain data, patch by patch. */
export function passReplay(passes: readonly Pass[]): PassReplay | null {
  const [first] = passes;
  if (first === undefined) return null;
  const before = viewOf(first.before);
  return {
    before: { nodes: [...before.values()], outputs: [...first.before.outputs] },
    steps: passes.map(stepOf),
  };
}

function stepOf({ pass, before, patches, applied = [] }: Pass): PassStep {
  const rules = new Map(applied.map(({ id, rule }) => [id, rule]));
  const changes: PassChange[][] = [];
  let program = before;
  let view = viewOf(before);
  let waiting: Patch[] = [];
  for (const patch of patches) {
    waiting.push(patch);
    const next = applyPatches(program, waiting);
    // Patches of one recipe may only make sense together.
    if (!isWhole(next)) continue;
    const nextView = viewOf(next);
    const found = changesBetween(view, nextView, rules);
    if (String(program.outputs) !== String(next.outputs)) {
      found.push({ kind: "outputs", outputs: [...next.outputs] });
    }
    if (found.length > 0) changes.push(found);
    program = next;
    view = nextView;
    waiting = [];
  }
  return { pass, patches: changes };
}

/** Whether everything that is used is there. */
function isWhole({ nodes, outputs }: Program): boolean {
  const isThere = (id: number): boolean => nodes[id] !== undefined;
  return outputs.every(isThere) && Object.values(nodes).every(({ parents }) => parents.every(isThere));
}

function viewOf(program: Program): Map<number, PassNode> {
  const labels = labelsOf(program);
  const inputs = new Set(program.inputs);
  const lines = new Map(labels.lines.map((line) => [line.id, line]));
  const view = new Map<number, PassNode>();
  for (const id of inOrder(program)) {
    const line = lines.get(id);
    if (line === undefined) continue;
    const parents = program.nodes[id]!.parents.filter((p) => !labels.numbers.has(p));
    const text = formulaText(program, labels, line);
    view.set(id, { id, label: line.label, text, parents: [...parents], isInput: inputs.has(id) });
  }
  return view;
}

function changesBetween(
  before: ReadonlyMap<number, PassNode>,
  after: ReadonlyMap<number, PassNode>,
  rules: ReadonlyMap<number, string>,
): PassChange[] {
  const changes: PassChange[] = [];
  for (const id of before.keys()) if (!after.has(id)) changes.push({ kind: "drop", id });
  for (const [id, node] of after) {
    if (JSON.stringify(before.get(id)) !== JSON.stringify(node))
      changes.push({ kind: "put", node, rule: rules.get(id) ?? null });
  }
  return changes;
}
