import {
  bind,
  type Inputs,
  isFloat,
  type MaybeZero,
  type Point,
  type Primitive,
  pullback,
  type Tensor,
  trace,
} from "../../../graph/index.ts";
import { add, type Fused } from "../../../ops/index.ts";
import { isOther, type Mutant } from "./mutate.ts";
import { cotangentLike } from "./points.ts";
import { ruleAt } from "./rule.ts";

/** Rounding, where a mutation only changes the order of operations. */
export const ROUNDING = 1e-14;

/**
 * Why no test could tell this mutant from the op: at all these points it gives the same gradients, and the same
 * derivatives of them. Null if it can be told.
 */
export function whyEquivalent<I extends Inputs, P>(
  op: Fused<I, P>,
  mutant: Mutant<I, P>,
  points: readonly Point<I, P>[],
): string | null {
  const agree = (bars: typeof gradients): boolean =>
    points.every((at, k) => apart(bars(mutant.op, at, k), bars(op, at, k)).every((e) => e <= ROUNDING));
  if (!agree(gradients) || !agree(derivatives)) return null;
  const isReference = points.every((at) => comesFromReference(op, at));
  return isReference
    ? `same gradients at ${points.length} random points; every order above the first comes from the reference`
    : `same gradients, and derivatives of them, at ${points.length} random points`;
}

/** x̄ for a random ȳ, of the k-th point. */
export function gradients<I extends Inputs, P>(
  op: Primitive<I, P>,
  at: Point<I, P>,
  k: number,
): readonly MaybeZero[] {
  return op.vjp(at, cotangentLike(at.y, k, "first"), wantedOf(at.x));
}

/** Of <z, vjp(x, ȳ)>, with respect to x and ȳ. */
function derivatives<I extends Inputs, P>(
  op: Primitive<I, P>,
  at: Point<I, P>,
  k: number,
): readonly MaybeZero[] {
  const tape = differentiatedRule(op, at, cotangentLike(at.y, k, "first"));
  const z = tape.outputs.map((i, j) => cotangentLike(tape.nodes[i]!, k, "second", j));
  return pullback(tape, z, add);
}

function differentiatedRule<I extends Inputs, P>(
  op: Primitive<I, P>,
  { x, params }: Point<I, P>,
  yBar: Tensor,
): ReturnType<typeof trace> {
  return trace(
    (...leaves) => {
      const t = leaves.slice(0, -1) as Inputs as I;
      const bars: readonly MaybeZero[] = op.vjp(
        { x: t, y: bind(op, t, params), params },
        leaves.at(-1)!,
        wantedOf(t),
      );
      return bars.filter((bar) => bar !== null);
    },
    [...x, yBar],
    true,
  );
}

/** Whether the rule, while it is differentiated, is another than the one that was mutated. */
function comesFromReference<I extends Inputs, P>(op: Fused<I, P>, { x, y, params }: Point<I, P>): boolean {
  let isReference = false;
  trace(
    (...leaves) => {
      const at = { x: leaves as Inputs as I, y: bind(op, leaves as Inputs as I, params), params };
      const yBar = cotangentLike(y);
      isReference = isOther(op, at, yBar, ruleAt(op, at, yBar));
      return [at.y];
    },
    x,
    true,
  );
  return isReference;
}

function wantedOf<I extends Inputs>(x: I): { readonly [K in keyof I]: boolean } {
  return x.map((t) => isFloat(t.dtype)) as readonly boolean[] as { readonly [K in keyof I]: boolean };
}

/** How far apart each two tensors are, in parts of the largest entry expected: a large input must not hide a small one. */
export function apart(value: readonly MaybeZero[], expected: readonly MaybeZero[]): number[] {
  return value.map((t, k) => {
    const u = expected[k] ?? null;
    const n = (t ?? u)?.size ?? 0;
    let largest = 0;
    let difference = 0;
    for (let i = 0; i < n; i++) {
      const p = t?.data[i] ?? 0;
      const q = u?.data[i] ?? 0;
      if (Number.isFinite(q)) largest = Math.max(largest, Math.abs(q));
      if (!Object.is(p, q)) difference = Math.max(difference, Math.abs(p - q));
    }
    // NaN is not close to anything but itself.
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    return difference === 0 ? 0 : difference / largest;
  });
}
