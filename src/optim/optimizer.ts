import type { Tensor } from "../../graph/index.ts";
import type { Tree } from "../tree.ts";

/** A learning rate: a number, or a function of how many steps were taken before this one. */
export type Schedule = number | ((step: number) => number);

/** Parameters and optimiser state after a step. */
export interface Updated<P extends Tree, S> {
  readonly params: P;
  readonly state: S;
}

/** How a step is taken this time. */
export interface UpdateOptions {
  /**
   * The learning rate is multiplied by it: a decay that whoever trains decides on. 1 unless given. A float tensor of
   * rank 0 may be the argument of a compiled step, and change from call to call.
   */
  readonly factor?: number | Tensor;
}

/**
 * An update rule: a pure function of parameters, gradients and state, all of them immutable trees of tensors. The
 * state holds nothing but tensors and plain data, so that it can be written to a file.
 */
export interface Optimizer<S extends Tree = Tree> {
  /** As in "adam". */
  readonly name: string;
  /** The state before the first step, for parameters like these. */
  init(params: Tree): S;
  /** The next parameters and state. @throws ShapeError, DTypeError where the gradients are not like the parameters */
  update<P extends Tree>(params: P, grads: P, state: S, options?: UpdateOptions): Updated<P, S>;
}
