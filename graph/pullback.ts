import { blameCotangent, blameSeeds, unblamed } from "./blame.ts";
import { describe, RuleError } from "./errors.ts";
import { checkedFunction } from "./options.ts";
import { watch } from "./origin.ts";
import type { AnyPrimitive, Inputs, MaybeZero, Point } from "./primitive.ts";
import type { Node } from "./tape.ts";
import type { Tensor } from "./tensor.ts";
import type { Trace } from "./trace.ts";
import { appliedAt, assertFits, assertSeeds, assertTrace, pointOf } from "./walk.ts";

/** What the walk back does at one node: the cotangent that has flowed in, and what is passed on to each parent. */
export interface BackwardStep {
  readonly index: number;
  readonly node: Node;
  readonly yBar: Tensor;
  readonly xBar: readonly MaybeZero[];
}

/**
 * x̄ = Jᵀ ȳ: walk the tape backwards, adding where paths meet.
 *
 * A loop, not a recursion: its depth is that of the tape. Nodes that no cotangent reaches are passed over.
 *
 * @param yBar one cotangent for each output; null for zero
 * @param add the sum of two cotangents, by an op, so that the walk can be differentiated in its turn
 * @param visit sees each step as it is taken
 * @returns one cotangent for each leaf; null where none reached it
 * @throws ArgumentError, ShapeError, DTypeError where ȳ is not like the outputs
 * @throws RuleError where an op's vjp gives cotangents of the wrong number, shape or dtype
 * @throws NonFiniteError, under `withBlame`, where a cotangent is not finite
 */
export function pullback(
  trace: Trace,
  yBar: readonly MaybeZero[],
  add: (a: Tensor, b: Tensor) => Tensor,
  visit?: (step: BackwardStep) => void,
): MaybeZero[] {
  assertTrace("pullback", trace);
  checkedFunction("pullback", "add", add);
  const { nodes, inputs, outputs } = trace;
  assertSeeds(
    "pullback",
    yBar,
    outputs.map((i) => nodes[i]!),
  );
  if (watch.isBlaming) blameSeeds("pullback", "cotangent", yBar);
  const bars = new Array<MaybeZero>(nodes.length).fill(null);
  for (let k = 0; k < outputs.length; k++) {
    if (nodes[outputs[k]!]!.isActive) give(bars, outputs[k]!, yBar[k]!, add);
  }

  for (let i = nodes.length - 1; i >= inputs; i--) {
    const node = nodes[i]!;
    const bar = bars[i]!;
    if (bar === null || node.op === null) continue;
    bars[i] = null; // nothing reads it again: let it be collected
    const { op, parents } = node;
    const n = parents.length;
    const wanted = new Array<boolean>(n);
    for (let k = 0; k < n; k++) wanted[k] = nodes[parents[k]!]!.isActive;
    const at = pointOf(nodes, node);
    const xBar = watch.isBlaming ? unblamed(vjpOf, op, at, bar, wanted) : op.vjp(at, bar, wanted);
    if (!Array.isArray(xBar) || xBar.length !== n) {
      throw new RuleError(
        `vjp of ${op.name}`,
        `${n} cotangents, one an input`,
        Array.isArray(xBar) ? `${xBar.length}` : describe(xBar),
        `mend the rule: it returns an array, with null for zero${appliedAt(node)}`,
      );
    }
    for (let k = 0; k < n; k++) {
      const parent = parents[k]!;
      const d = xBar[k]!;
      if (!wanted[k] || d === null) continue;
      assertFits(node, "vjp", k, d, nodes[parent]!);
      if (!watch.isBlaming) {
        give(bars, parent, d, add);
        continue;
      }
      blameCotangent(nodes, node, k, d);
      unblamed(give, bars, parent, d, add);
      blameCotangent(nodes, node, k, bars[parent]!);
    }
    visit?.({ index: i, node, yBar: bar, xBar });
  }
  return bars.slice(0, inputs);
}

function give(bars: MaybeZero[], to: number, bar: MaybeZero, add: (a: Tensor, b: Tensor) => Tensor): void {
  if (bar === null) return;
  const soFar = bars[to]!;
  bars[to] = soFar === null ? bar : add(soFar, bar);
}

function vjpOf(
  op: AnyPrimitive,
  at: Point<Inputs, unknown>,
  yBar: Tensor,
  wanted: readonly boolean[],
): readonly MaybeZero[] {
  return op.vjp(at, yBar, wanted);
}
