/** What the transforms share: a function of trees, traced as a function of tensors. */
import {
  ArgumentError,
  DTypeError,
  describe,
  filled,
  fromData,
  isFloat,
  type MaybeZero,
  NotDifferentiableError,
  type Numbers,
  ShapeError,
  sameShape,
  type Tensor,
  type Trace,
  trace,
} from "../../graph/index.ts";
import { type AllLoose, type AllTraced, type Flat, flatten } from "../tree.ts";

/** A function's run on trees: the tape, and how inputs and outputs were put together. */
export interface Run<X, Y> {
  readonly tape: Trace;
  readonly x: Flat<X>;
  readonly y: Flat<Y>;
}

/**
 * Run f on traced copies of x.
 *
 * @throws ArgumentError where an input or the output is no tree of tensors (a promise, say)
 */
export function run<X extends readonly unknown[], Y>(
  op: string,
  f: (...x: AllTraced<X>) => Y,
  x: AllLoose<X>,
  isDifferentiated: boolean,
): Run<AllTraced<X>, Y> {
  if (typeof f !== "function") throw new ArgumentError(op, "a function first", describe(f));
  const flat = flatten<AllTraced<X>>(op, "input ", x);
  let y: Flat<Y> | undefined;
  const tape = trace(
    (...leaves) => {
      y = flatten<Y>(op, "f's result", f(...flat.rebuild(leaves)));
      return y.leaves;
    },
    flat.leaves,
    isDifferentiated,
  );
  const values = tape.outputs.map((i) => tape.nodes[i]!.value);
  return { tape, x: flat, y: { ...y!, leaves: values } };
}

/** @throws NotDifferentiableError where an input is not float: it has no tangent space. */
export function assertDifferentiable(op: string, { leaves, path }: Flat<unknown>): void {
  leaves.forEach(({ dtype }, k) => {
    if (isFloat(dtype)) return;
    throw new NotDifferentiableError(
      op,
      "float64 or float32 inputs",
      `${dtype} for input ${path(k)}`,
      "close over it instead of passing it, or cast it",
    );
  });
}

/**
 * Differentials for the leaves of a flat tree, from a tree like it (null for zero).
 *
 * @throws ShapeError, DTypeError where one is not in the tangent space of its primal
 */
export function differentials(op: string, what: string, tree: unknown, like: Flat<unknown>): MaybeZero[] {
  if (tree === null || tree === undefined) return like.leaves.map(() => null);
  const given = flatten<unknown>(op, what, tree);
  if (given.leaves.length !== like.leaves.length) {
    throw new ShapeError(
      op,
      `${what} of ${like.leaves.length} tensors, as the primal`,
      `${given.leaves.length}`,
    );
  }
  return given.leaves.map((d, k) => {
    const primal = like.leaves[k]!;
    const where = `${what}${given.path(k)}`;
    if (!sameShape(d.shape, primal.shape)) {
      throw new ShapeError(op, `${where} of shape [${primal.shape}], as the primal`, `[${d.shape}]`);
    }
    if (d.dtype !== primal.dtype) {
      throw new DTypeError(
        op,
        `${where} of ${primal.dtype}, as the primal`,
        d.dtype,
        `cast it to ${primal.dtype}`,
      );
    }
    return d;
  });
}

/** Zeros where no differential arrived. */
export function materialize(d: readonly MaybeZero[], like: readonly Tensor[]): Tensor[] {
  return d.map((t, k) => t ?? filled(like[k]!.shape, like[k]!.dtype, 0));
}

/**
 * Results that share no storage with each other or with what the caller holds. Walks pass one tensor on to several
 * inputs (both arms of a sum), which is harmless among immutable values, but a caller may well hand storage to code
 * that writes.
 */
export function unaliased(results: Tensor[], held: readonly (Tensor | null)[]): Tensor[] {
  const taken = new Set<unknown>(held.map((t) => t?.storage));
  return results.map((t) => {
    if (t.place !== null) return t;
    if (!taken.has(t.storage)) {
      taken.add(t.storage);
      return t;
    }
    const numbers: Numbers = t.data;
    return fromData(t.shape, t.dtype, numbers.slice());
  });
}
