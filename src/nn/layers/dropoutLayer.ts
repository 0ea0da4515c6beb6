import { checkedShape } from "../../../graph/index.ts";
import { checkedInteger, checkedOptions, NONE } from "../../../graph/options.ts";
import { random as randomOf } from "../../random/index.ts";
import { checkedSource, type RandomState, seedFrom, sourceAt } from "../../random/source.ts";
import { checkedKeep, dropout } from "../dropout.ts";
import { checkedApply, inputOf, type Layer, type Nothing } from "./layer.ts";

export interface DropoutLayerOptions {
  /** The probability that an element is kept, above 0 and at most 1. */
  readonly keep: number;
  /** Of the masks; unless it is given, it is drawn from the source that the network is initialised with. */
  readonly seed?: number;
}

/**
 * A layer of inverted dropout. Where its generator stands is its state, so that a run can be resumed bit for bit, and
 * the same state gives the same mask.
 *
 * @throws ArgumentError where keep is no such probability, or seed no integer
 */
export function dropoutLayer(options: DropoutLayerOptions): Layer<Nothing, RandomState> {
  const { keep, seed } = checkedOptions("dropoutLayer", options, ["keep", "seed"]);
  checkedKeep("dropoutLayer", "keep", keep);
  if (seed !== undefined) checkedInteger("dropoutLayer", "seed", seed, Number.MIN_SAFE_INTEGER);
  return {
    init(random, shape) {
      const own = seed ?? seedFrom(checkedSource("dropoutLayer", "random", random));
      const state = randomOf(own, "dropout").state();
      return { params: NONE, state, shape: checkedShape("dropoutLayer", shape) };
    },
    apply(at, x, options) {
      const t = inputOf("dropoutLayer", at, x);
      const { state } = at;
      const { mode, random } = checkedApply("dropoutLayer", options);
      if (mode === "evaluation") return { y: t, state };
      const source = random ?? sourceAt(state);
      const y = dropout(t, { keep, mode, random: source });
      return { y, state: random === undefined ? source.state() : state };
    },
  };
}
