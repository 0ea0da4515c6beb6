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
  Tensor,
  type Trace,
  trace,
} from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";
import { scalar } from "../../graph/tensor.ts";
import { type AllLoose, type AllTraced, counterparts, type Flat, flatten, flattenResult } from "../tree.ts";

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
 * @throws NotDifferentiableError, before f is run, where it is to be differentiated and an input is int32 or bool
 */
export function run<X extends readonly unknown[], Y>(
  op: string,
  f: (...x: AllTraced<X>) => Y,
  x: AllLoose<X>,
  isDifferentiated: boolean,
): Run<AllTraced<X>, Y> {
  checkedFunction(op, "f", f);
  if (!Array.isArray(x)) {
    throw new ArgumentError(op, "the inputs in an array", describe(x), `write ${op}(f, [x], ...)`);
  }
  const flat = flatten<AllTraced<X>>(op, "input ", x);
  if (isDifferentiated) assertDifferentiable(op, flat);
  let y: Flat<Y> | undefined;
  const tape = trace(
    (...leaves) => {
      y = flattenResult<Y>(op, f(...flat.rebuild(leaves)));
      return y.leaves;
    },
    flat.leaves,
    isDifferentiated,
  );
  const values = tape.outputs.map((i) => tape.nodes[i]!.value);
  return { tape, x: flat, y: { ...y!, leaves: values } };
}

/**
 * @throws NotDifferentiableError where an input is not float: it has no tangent space
 * @throws ArgumentError where there is no input
 */
function assertDifferentiable(op: string, { leaves, path }: Flat<unknown>): void {
  if (leaves.length === 0) throw new ArgumentError(op, "at least one tensor or number as input", "none");
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
 * Differentials for the leaves of a flat tree, from a tree like it (null for zero). A number adopts the dtype of its
 * primal.
 *
 * @throws ArgumentError where it is no such tree
 * @throws ShapeError, DTypeError where one is not in the tangent space of its primal
 */
export function differentials(op: string, what: string, tree: unknown, like: Flat<unknown>): MaybeZero[] {
  return counterparts(op, what, tree, like.tree).map(({ value, path }, k) => {
    if (value === null) return null;
    const primal = like.leaves[k]!;
    const where = `${what}${path}`;
    const d = typeof value === "number" ? scalar(value, primal.dtype) : value;
    if (!(d instanceof Tensor)) {
      throw new ArgumentError(
        op,
        `${where} to be a tensor of ${primal.dtype}[${primal.shape}], as the primal`,
        describe(d),
        "null stands for zero",
      );
    }
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

/**
 * Tangents for all leaves of the inputs, from a tree for each input.
 *
 * @throws ArgumentError, ShapeError, DTypeError unless there is one for each, like it, or null
 */
export function tangents(op: string, x: readonly unknown[], xDot: readonly unknown[]): MaybeZero[] {
  for (const [what, given] of [
    ["inputs", x],
    ["tangents", xDot],
  ] as const) {
    if (Array.isArray(given)) continue;
    throw new ArgumentError(op, `the ${what} in an array`, describe(given), `write ${op}(f, [x], [xDot])`);
  }
  if (xDot.length !== x.length)
    throw new ArgumentError(op, `${x.length} tangents, one an input`, `${xDot.length}`);
  return x.flatMap((input, k) =>
    differentials(op, `the tangent of input ${k}`, xDot[k], flatten(op, `input ${k}`, input)),
  );
}
