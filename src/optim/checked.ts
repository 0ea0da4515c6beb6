/** What optimisers and schedules are given, looked at before it is used. */
import { seen } from "../../graph/bind.ts";
import { ArgumentError, DTypeError, describe, isFloat, type Tensor } from "../../graph/index.ts";
import { counterparts, type Flat, flatten } from "../tree.ts";

/**
 * The weight of what was, in a decaying average.
 *
 * @throws ArgumentError unless 0 <= decay < 1
 */
export function checkedDecay(op: string, what: string, decay: unknown): number {
  if (typeof decay === "number" && decay >= 0 && decay < 1) return decay;
  throw new ArgumentError(op, `${what} to be a number from 0 to below 1`, describe(decay));
}

/** @throws ArgumentError unless it is a finite number >= 0 */
export function checkedNonNegative(op: string, what: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new ArgumentError(op, `${what} to be a finite number >= 0`, describe(value));
}

/**
 * What keeps a quotient finite where the gradient has always been 0.
 *
 * @throws ArgumentError unless it is a finite number > 0
 */
export function checkedEps(op: string, eps: unknown): number {
  if (typeof eps === "number" && eps > 0 && eps < Number.POSITIVE_INFINITY) return eps;
  const remedy = "with eps = 0, a parameter that never had a gradient would become NaN";
  throw new ArgumentError(op, "eps to be a finite number > 0", describe(eps), remedy);
}

/**
 * A tree of float tensors, taken apart.
 *
 * @throws ArgumentError for what is no tree of tensors, DTypeError for int32 and bool ones: both name the path
 */
export function checkedTree<P>(op: string, what: string, tree: unknown): Flat<P> {
  if (tree === null || tree === undefined) {
    throw new ArgumentError(op, `${what} to be a tensor or a tree of tensors`, describe(tree));
  }
  const flat = flatten<P>(op, what, tree);
  counterparts(op, what, tree, tree).forEach(({ value, path }, k) => {
    if (typeof value === "number") {
      const remedy = "write scalar(x), or tensor(x)";
      throw new ArgumentError(op, `${what}${path} to be a tensor`, describe(value), remedy);
    }
    const { dtype } = flat.leaves[k]!;
    if (isFloat(dtype)) return;
    const remedy = "leave out of the tree what is not trained";
    throw new DTypeError(op, `${what}${path} to be float64 or float32`, dtype, remedy);
  });
  return flat;
}

/** Whether an open tape is taking down what happens to it: its number must not decide anything then. */
export function isOnTape(x: Tensor): boolean {
  return seen(x).place !== null;
}
