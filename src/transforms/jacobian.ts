import {
  allocate,
  filled,
  fromData,
  isFloat,
  type MaybeZero,
  NotDifferentiableError,
  pullback,
  pushforward,
  type Shape,
  type Tensor,
  type Trace,
} from "../../graph/index.ts";
import { checkedFunction } from "../../graph/options.ts";
import { add, reshape, stack } from "../../ops/index.ts";
import type { AllLoose, AllTraced, Tree } from "../tree.ts";
import { run } from "./run.ts";

/** A tree like the output with, at each of its tensors, the inputs' tuple. */
export type Jacobian<Y, X> = Y extends Tensor
  ? X
  : Y extends object
    ? { [K in keyof Y]: Jacobian<Y[K], X> }
    : Y;

/**
 * All first derivatives of f: for an output y and an input x the tensor dy/dx of shape `[...y.shape, ...x.shape]` and
 * of x's dtype.
 *
 *     const [A] = jacobian((x) => matmul(A, x))(x);
 *
 * Forward mode, a pass for each number that goes in, where fewer go in than come out; else reverse mode, a pass for
 * each that comes out. f runs once. What it returns can be differentiated again.
 *
 * @param f from trees of tensors to a tree of tensors
 * @throws NotDifferentiableError where an input or output is int32 or bool
 * @throws ArgumentError where f returns anything but a tree of tensors
 */
export function jacobian<X extends readonly unknown[], Y extends Tree>(
  f: (...x: X) => Y,
): (...x: AllLoose<X>) => Jacobian<Y, AllTraced<X>> {
  checkedFunction("jacobian", "f", f);
  // What f takes and what it will be given differ in this alone, that f may take numbers too.
  return (...x) => jacobianAt<X, Y>("jacobian", f as (...x: AllTraced<X>) => Y, x);
}

/** As {@link jacobian}, at a point, for whoever has another name. */
export function jacobianAt<X extends readonly unknown[], Y>(
  op: string,
  f: (...x: AllTraced<X>) => Y,
  x: AllLoose<X>,
): Jacobian<Y, AllTraced<X>> {
  const { tape, x: inputs, y } = run<X, Y>(op, f, x, true);
  y.leaves.forEach(({ dtype }, k) => {
    if (isFloat(dtype)) return;
    throw new NotDifferentiableError(
      op,
      "f to return floats",
      `${dtype} for f's result${y.path(k)}`,
      "leave it out",
    );
  });
  const numbersIn = total(inputs.leaves);
  const numbersOut = total(y.leaves);
  // Forwards a block comes in its output's dtype: with float32 beside float64 only backwards gives the input's.
  const isOneDType = new Set([...inputs.leaves, ...y.leaves].map(({ dtype }) => dtype)).size <= 1;
  const blocks =
    isOneDType && numbersIn <= numbersOut
      ? byColumns(tape, inputs.leaves, y.leaves)
      : byRows(tape, inputs.leaves, y.leaves);
  // A leaf of the output is replaced by a tree here, which is what the type of the result says.
  const parts: readonly unknown[] = blocks.map((row) => inputs.rebuild(row));
  const tree: unknown = y.rebuild(parts as readonly Tensor[]);
  return tree as Jacobian<Y, AllTraced<X>>;
}

/** Backwards: the row of each number that comes out. */
function byRows(tape: Trace, x: readonly Tensor[], y: readonly Tensor[]): Tensor[][] {
  return y.map((output, j) => {
    const rows = overBasis(output, (bar) => pullback(tape, oneOf(y, j, bar), add));
    return x.map((input, k) =>
      block(
        rows.map((row) => row[k]!),
        input,
        0,
        [...output.shape, ...input.shape],
      ),
    );
  });
}

/** Forwards: the column of each number that goes in. */
function byColumns(tape: Trace, x: readonly Tensor[], y: readonly Tensor[]): Tensor[][] {
  const columns = x.map((input, k) => overBasis(input, (dot) => pushforward(tape, oneOf(x, k, dot))));
  return y.map((output, j) =>
    x.map((input, k) =>
      block(
        columns[k]!.map((column) => column[j]!),
        output,
        output.rank,
        [...output.shape, ...input.shape],
      ),
    ),
  );
}

/** Differentials side by side along a new axis; by ops, so that they are differentiated in their turn. */
function block(parts: readonly MaybeZero[], like: Tensor, axis: number, shape: Shape): Tensor {
  if (parts.every((part) => part === null)) return filled(shape, like.dtype, 0);
  return reshape(
    stack(
      parts.map((part) => part ?? filled(like.shape, like.dtype, 0)),
      axis,
    ),
    shape,
  );
}

/** What `along` makes of each unit tensor of x's space: 1 at one place, 0 elsewhere. */
function overBasis<T>({ shape, dtype, size }: Tensor, along: (unit: Tensor) => T): T[] {
  return Array.from({ length: size }, (_, i) => {
    const data = allocate(dtype, size);
    data[i] = 1;
    return along(fromData(shape, dtype, data));
  });
}

function oneOf(all: readonly Tensor[], at: number, d: Tensor): MaybeZero[] {
  return all.map((_, k) => (k === at ? d : null));
}

function total(leaves: readonly Tensor[]): number {
  return leaves.reduce((sum, { size }) => sum + size, 0);
}
