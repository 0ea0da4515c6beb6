import { blameSeeds, blameTangent, unblamed } from "./blame.ts";
import { watch } from "./origin.ts";
import type { AnyPrimitive, Inputs, MaybeZero, Point } from "./primitive.ts";
import type { Trace } from "./trace.ts";
import { assertFits, assertSeeds, assertTrace, pointOf } from "./walk.ts";

/**
 * ẏ = J ẋ: walk the tape forwards.
 *
 * @param xDot one tangent for each leaf; null for zero
 * @returns one tangent for each output; null where none reached it
 * @throws ArgumentError, ShapeError, DTypeError where ẋ is not like the leaves
 * @throws RuleError where an op's jvp gives a tangent of the wrong shape or dtype
 * @throws NonFiniteError, under `withBlame`, where a tangent is not finite
 */
export function pushforward(trace: Trace, xDot: readonly MaybeZero[]): MaybeZero[] {
  assertTrace("pushforward", trace);
  const { nodes, inputs, outputs } = trace;
  assertSeeds("pushforward", xDot, nodes.slice(0, inputs));
  if (watch.isBlaming) blameSeeds("pushforward", "tangent", xDot);
  const dots = new Array<MaybeZero>(nodes.length).fill(null);
  for (let i = 0; i < inputs; i++) dots[i] = nodes[i]!.isActive ? xDot[i]! : null;
  for (let i = inputs; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (node.op === null || !node.isActive) continue;
    const xDots = node.parents.map((p) => dots[p]!);
    if (xDots.every((dot) => dot === null)) continue;
    const at = pointOf(nodes, node);
    const yDot = watch.isBlaming ? unblamed(jvpOf, node.op, at, xDots) : node.op.jvp(at, xDots);
    assertFits(node, "jvp", null, yDot, node);
    if (watch.isBlaming) blameTangent(nodes, node, yDot);
    dots[i] = yDot;
  }
  return outputs.map((i) => dots[i]!);
}

function jvpOf(op: AnyPrimitive, at: Point<Inputs, unknown>, xDots: readonly MaybeZero[]): MaybeZero {
  return op.jvp(at, xDots);
}
