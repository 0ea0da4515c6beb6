import {
  type BackwardStep,
  type MaybeZero,
  named,
  type Program,
  programOf,
  pullback,
  scalar,
  type Tensor,
  type Trace,
  toExpressions,
  trace,
} from "../../../graph/index.ts";
import { labelsOf } from "../../../graph/print/program/labels.ts";
import { formulaText } from "../../../graph/print/program/text.ts";
import { add } from "../../../ops/index.ts";

/** One node on the way back. */
export interface Step {
  readonly name: string;
  /** What the node is: `div(centred, sigma)`. */
  readonly formula: string;
  readonly value: Tensor;
  /** How much the loss changes with this node's value: what has flowed in from the nodes that use it. */
  readonly cotangent: Tensor;
  readonly passes: readonly Pass[];
}

/** What a step hands to one of its parents. */
export interface Pass {
  readonly to: string;
  /** How it was made, as an expression: `scale(sigmaBar, div(0.5, sigma))`. */
  readonly rule: string;
  readonly cotangent: Tensor;
}

export interface WalkBack {
  /** The last node first. */
  readonly steps: readonly Step[];
  /** What has arrived at each input. */
  readonly gradients: readonly { readonly name: string; readonly from: number; readonly gradient: Tensor }[];
}

/** Walk a tape backwards from a cotangent of its one output, writing down every step. */
export function walkBack(tape: Trace, yBar: Tensor): WalkBack {
  const program = programOf(tape);
  const labels = labelsOf(program);
  const label = (id: number): string => labels.of.get(id)!;
  const lines = new Map(labels.lines.map((line) => [line.id, line]));
  const arrivals = new Map<number, number>();
  const steps: Step[] = [];

  const xBar = pullback(tape, [yBar], add, (step) => {
    const { index, node, yBar: cotangent } = step;
    const rules = rulesOf(program, step, label);
    const passes: Pass[] = [];
    step.xBar.forEach((bar, k) => {
      const parent = node.parents[k]!;
      if (bar === null || !program.nodes[parent]!.isActive) return;
      arrivals.set(parent, (arrivals.get(parent) ?? 0) + 1);
      passes.push({ to: label(parent), rule: rules[k]!, cotangent: bar });
    });
    const formula = formulaText(program, labels, lines.get(index)!);
    steps.push({ name: label(index), formula, value: node.value, cotangent, passes });
  });
  return {
    steps,
    gradients: xBar.flatMap((gradient, id) =>
      gradient === null ? [] : [{ name: label(id), from: arrivals.get(id) ?? 0, gradient }],
    ),
  };
}

/**
 * The step's rule as expressions, one a parent. Rules are written with ops, so they can be recorded like any
 * function: of the cotangent `yBar`, the value `y` and the parents, under the names that these have on the tape.
 */
function rulesOf({ nodes }: Program, { index, node }: BackwardStep, label: (id: number) => string): string[] {
  const { op, parents, params, value: y } = node;
  if (op === null) return [];
  const known = [...new Set(parents)];
  const bar = named(y, `${label(index)}Bar`);
  const leaves = [bar, named(y, label(index)), ...known.map((p) => named(nodes[p]!.value, label(p)))];
  const wanted = parents.map((p) => nodes[p]!.isActive);
  const tape = trace(
    (yBar, y, ...others) => {
      const x = parents.map((p) => others[known.indexOf(p)]!);
      return op.vjp({ x, y: y!, params }, yBar!, wanted).map((xBar: MaybeZero) => xBar ?? scalar(0));
    },
    leaves,
    false,
  );
  return toExpressions(programOf(tape));
}
