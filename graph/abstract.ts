/**
 * Tensors of which only shape and dtype are known: what a function is given to find out what it does to any numbers.
 */
import type { DType } from "./dtype.ts";
import { TraceError } from "./errors.ts";
import { userFrame } from "./origin.ts";
import type { Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Stands where the numbers of an abstract tensor would be. */
function unknown(): never {
  const line = userFrame();
  throw new TraceError(
    "compile",
    "ops on tensors, whose numbers are not known while f is being traced",
    `a reading of numbers${line === null ? "" : ` at ${line}`}`,
    "choose by where(cond, a, b), which takes both; or let it depend on the shape, or on an argument outside the tree",
  );
}

/** A tensor without numbers. Reading them is an error that names the line. */
export function abstractTensor(shape: Shape, dtype: DType, name: string | null = null): Tensor {
  return new Tensor(shape, dtype, unknown, null, name);
}

export function isAbstract({ storage }: Tensor): boolean {
  return storage === unknown;
}

/** How many functions are being traced abstractly: while it is 0, no tensor that matters is abstract. */
let depth = 0;

/** f's result; ops on abstract tensors give abstract tensors meanwhile. */
export function abstractly<T>(f: () => T): T {
  depth++;
  try {
    return f();
  } finally {
    depth--;
  }
}

/** Whether an op on these can only say what its result will be like. */
export function isAbstractly(x: readonly Tensor[]): boolean {
  return depth > 0 && x.some(isAbstract);
}

export function isTracingAbstractly(): boolean {
  return depth > 0;
}

/**
 * Whoever has a state of its own that an op moves on asks this before: in a function that is traced once and run many
 * times, it would move once.
 *
 * @param isOwn whether it was made while the function was being traced: then it is made anew each time, in effect
 * @throws TraceError where a function is being traced abstractly
 */
export function assertNotTraced(what: string, isOwn: boolean): void {
  if (depth === 0 || isOwn) return;
  const line = userFrame();
  throw new TraceError(
    "compile",
    "a function whose calls differ in their arguments alone",
    `${what}${line === null ? "" : ` at ${line}`}, which would give the same numbers at every call`,
    "draw outside, and pass what was drawn as an argument",
  );
}
