/** What the two walks share: a tape seen as one linear map, checked as it is applied. */
import { ArgumentError, DTypeError, describe, RuleError, ShapeError } from "./errors.ts";
import type { MaybeZero, Point } from "./primitive.ts";
import { sameShape } from "./shape.ts";
import type { Node } from "./tape.ts";
import { type Spec, Tensor } from "./tensor.ts";
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
 * @param input which input's cotangent it is; null for the tangent of the output
 * @throws RuleError naming the op whose rule broke that.
 */
export function assertFits(
  node: Node,
  rule: "jvp" | "vjp",
  input: number | null,
  d: MaybeZero,
  primal: Spec,
): void {
  if (d === null) return;
  const isTensor = d instanceof Tensor;
  if (isTensor && d.dtype === primal.dtype && sameShape(d.shape, primal.shape)) return;
  const what = input === null ? "a tangent" : `a cotangent for input ${input}`;
  throw new RuleError(
    `${rule} of ${node.op?.name}`,
    `${what} of ${primal.dtype}[${primal.shape}]`,
    isTensor ? `${d.dtype}[${d.shape}]` : describe(d),
    isTensor
      ? `mend the rule: a differential has the shape and dtype of its primal${appliedAt(node)}`
      : `mend the rule: a differential is a tensor, or null for zero${appliedAt(node)}`,
  );
}

/** The end of a sentence about a node: the user's line, where it is known. */
export function appliedAt({ origin }: Node): string {
  return origin === null ? "" : `; it was applied at ${origin}`;
}

/**
 * What a caller gives a walk to begin with: a differential for each of these nodes, or null.
 *
 * @throws ArgumentError, ShapeError, DTypeError where it is anything else
 */
export function assertSeeds(op: string, d: readonly MaybeZero[], primals: readonly Spec[]): void {
  if (!Array.isArray(d) || d.length !== primals.length) {
    const received = Array.isArray(d) ? `${d.length}` : describe(d);
    throw new ArgumentError(op, `an array of ${primals.length} differentials`, received);
  }
  for (let k = 0; k < primals.length; k++) {
    const seed: unknown = d[k];
    const { shape, dtype } = primals[k]!;
    if (seed === null) continue;
    if (!(seed instanceof Tensor)) {
      throw new ArgumentError(op, "differentials that are tensors, or null for zero", describe(seed));
    }
    if (!sameShape(seed.shape, shape)) {
      throw new ShapeError(op, `a differential of shape [${shape}], as its primal`, `[${seed.shape}]`);
    }
    if (seed.dtype !== dtype)
      throw new DTypeError(op, `a differential of ${dtype}, as its primal`, seed.dtype);
  }
}

/** @throws ArgumentError for anything but what `trace` returns */
export function assertTrace(op: string, trace: Trace): void {
  const given: Partial<Trace> | null | undefined = trace;
  if (Array.isArray(given?.nodes) && Array.isArray(given.outputs) && typeof given.inputs === "number") return;
  throw new ArgumentError(op, "a closed tape, as trace returns it", describe(trace));
}
