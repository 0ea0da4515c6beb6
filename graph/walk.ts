/** What the two walks share: a tape seen as one linear map, checked as it is applied. */
import { RuleError } from "./errors.ts";
import type { AnyPrimitive, MaybeZero, Point } from "./primitive.ts";
import { sameShape } from "./shape.ts";
import type { Node } from "./tape.ts";
import type { Spec, Tensor } from "./tensor.ts";
import type { Trace } from "./trace.ts";

/** Where a node's op was applied. */
export function pointOf(nodes: Trace["nodes"], node: Node): Point<readonly Tensor[], unknown> {
  const { parents } = node;
  const x = new Array<Tensor>(parents.length);
  for (let k = 0; k < x.length; k++) x[k] = nodes[parents[k]!]!.value;
  return { x, y: node.value, params: node.params };
}

/**
 * A differential lies in the tangent space of its primal: same shape, same dtype.
 *
 * @throws RuleError naming the op whose rule broke that.
 */
export function assertFits(
  op: AnyPrimitive,
  rule: "jvp" | "vjp",
  what: string,
  d: MaybeZero,
  primal: Spec,
): void {
  if (d === null || (d.dtype === primal.dtype && sameShape(d.shape, primal.shape))) return;
  throw new RuleError(
    `${rule} of ${op.name}`,
    `${what} of ${primal.dtype}[${primal.shape}]`,
    `${d.dtype}[${d.shape}]`,
    "mend the rule: a differential has the shape and dtype of its primal",
  );
}
