import { asTensor, type Shape, type Tensor } from "../../../graph/index.ts";
import { checkedOptions } from "../../../graph/options.ts";
import { checkedSource, type RandomSource } from "../../random/source.ts";
import type { Tree } from "../../tree.ts";
import type { FloatDType } from "../floatDType.ts";
import { assertStanding } from "../makeModel.ts";
import { checkedMode, type Mode } from "../mode.ts";
import type { Standing } from "../model.ts";

/**
 * A layer, or a whole network: a pair of pure functions. Built-in ones are made by functions (`dense(100)`); any
 * object with these two is one.
 *
 * P is the type of its parameters, a tree of tensors (`{}` where it has none); S that of its state, which moves along
 * without a gradient: tensors (running statistics) and plain data (where a generator stands), null where there is
 * none.
 */
export interface Layer<P extends Tree = Tree, S = unknown> {
  /**
   * Parameters and state to begin with, for examples of this shape; and the shape of what becomes of one.
   *
   * @param shape of one example: that of x without its first axis
   */
  init(random: RandomSource, shape: Shape, options?: InitOptions): Initialized<P, S>;
  /**
   * What becomes of a batch, and the state after it: in evaluation that is the state before it.
   *
   * @param x [N, ...shape]
   */
  apply(at: Standing<P, S>, x: Tensor, options: ApplyOptions): Applied<S>;
}

/** Of a layer without parameters. */
export type Nothing = Readonly<Record<string, never>>;

export interface InitOptions {
  /** Of parameters and statistics: float64 unless it is float32. */
  readonly dtype?: FloatDType;
}

export interface Initialized<P extends Tree, S> extends Standing<P, S> {
  /** Of what becomes of one example. */
  readonly shape: Shape;
}

export interface ApplyOptions {
  readonly mode: Mode;
  /** What dropout draws from, in training, in place of the generators that are part of the state. */
  readonly random?: RandomSource;
}

export interface Applied<S> {
  readonly y: Tensor;
  readonly state: S;
}

/** What a layer is applied to. @throws ArgumentError where there are no parameters, or x is no tensor */
export function inputOf(op: string, at: Standing<Tree, unknown>, x: Tensor): Tensor {
  assertStanding(op, at);
  return asTensor(op, x, "float64", "x");
}

/** @throws ArgumentError for other options, no mode, or a source that is none */
export function checkedApply(op: string, options: ApplyOptions): ApplyOptions {
  const { mode, random } = checkedOptions(op, options, ["mode", "random"]);
  checkedMode(op, mode);
  if (random !== undefined) checkedSource(op, "random", random);
  return options;
}
