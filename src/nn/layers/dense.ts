import {
  ArgumentError,
  checkedShape,
  describe,
  filled,
  type Shape,
  ShapeError,
  Tensor,
} from "../../../graph/index.ts";
import { checkedFlag, checkedInteger, checkedOptions, NONE } from "../../../graph/options.ts";
import { add, matmul } from "../../../ops/index.ts";
import { checkedSource } from "../../random/source.ts";
import { floatOf } from "../floatDType.ts";
import { type Initializer, kaimingNormal } from "../initializers.ts";
import { inputOf, type Layer } from "./layer.ts";

export interface DenseParams {
  /** [inputs, units] */
  readonly W: Tensor;
  /** [units] */
  readonly b: Tensor;
}

export interface DenseOptions {
  /** Where the weights come from: kaimingNormal unless said otherwise. */
  readonly weights?: Initializer;
  /** Whether there is one, zeros at first: yes unless it is false (before a batch norm it has no effect). */
  readonly bias?: boolean;
}

/**
 * A layer y = x W + b, over the last axis: examples [..., D] become [..., units]. (`flatten()` makes one row of an
 * image.)
 *
 * @throws ArgumentError for what is no number of units, and for other options
 */
export function dense(
  units: number,
  options: DenseOptions & { readonly bias: false },
): Layer<Pick<DenseParams, "W">, null>;
export function dense(
  units: number,
  options?: DenseOptions & { readonly bias?: true },
): Layer<DenseParams, null>;
export function dense(
  units: number,
  options: DenseOptions = NONE,
): Layer<DenseParams, null> | Layer<Pick<DenseParams, "W">, null> {
  checkedInteger("dense", "units", units, 1);
  const { weights = kaimingNormal, bias } = checkedOptions("dense", options, ["weights", "bias"]);
  if (typeof weights !== "function") {
    throw new ArgumentError("dense", "weights to be an initializer, a function", describe(weights));
  }
  const isBiased = checkedFlag("dense", "bias", bias, true);
  const layer: Layer<Partial<DenseParams>, null> = {
    init(random, shape, given = NONE) {
      const { dtype } = checkedOptions("dense", given, ["dtype"]);
      const float = floatOf("dense", dtype, "float64");
      const source = checkedSource("dense", "random", random);
      const W = weights(source, [lastOf(checkedShape("dense", shape)), units], { dtype: float });
      const out = [...shape.slice(0, -1), units];
      return { params: isBiased ? { W, b: filled([units], float, 0) } : { W }, state: null, shape: out };
    },
    apply(at, x) {
      const t = inputOf("dense", at, x);
      const { W, b } = at.params;
      if (!(W instanceof Tensor)) throw new ArgumentError("dense", "params with a tensor W", describe(W));
      const inputs = W.shape[0];
      if (t.rank < 2 || t.shape[t.rank - 1] !== inputs) {
        const expected = `x of shape [N, ..., ${inputs}]`;
        throw new ShapeError("dense", expected, `[${t.shape}]`, "flatten() makes rows");
      }
      const y = matmul(t, W);
      return { y: b === undefined ? y : add(y, b), state: null };
    },
  };
  // With a bias or without is what `bias` has said.
  return layer as Layer<DenseParams, null>;
}

/** How many features an example has. @throws ShapeError for one without an axis */
function lastOf(shape: Shape): number {
  const inputs = shape.at(-1);
  if (inputs !== undefined) return inputs;
  throw new ShapeError("dense", "examples of shape [..., D]", `[${shape}]`, "flatten() makes rows");
}
