import { scalar } from "../../graph/index.ts";
import { checkedOptions, NONE } from "../../graph/options.ts";
import type { Tree } from "../tree.ts";
import { checkedDecay, checkedEps } from "./checked.ts";
import { averageSquare } from "./formulas/averageSquare.ts";
import { descendScaled } from "./formulas/descendScaled.ts";
import { checkedLearningRate, type LearningRate, type StepCount } from "./learningRate.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizer } from "./rule.ts";

export interface RmspropOptions {
  /** 0.01 unless given. */
  readonly learningRate?: LearningRate;
  /** The weight of the old mean square; 0.99 unless given. */
  readonly squareDecay?: number;
  /** Added to the root; 1e-8 unless given. */
  readonly eps?: number;
}

export interface RmspropState {
  readonly step: StepCount;
  /** The mean of squared gradients, the old ones forgotten. */
  readonly square: Tree;
}

const NAMES = ["learningRate", "squareDecay", "eps"];
const ONE = scalar(1);

/**
 * RMSProp (Tieleman & Hinton 2012), every element's step over the size of its gradients:
 *
 *     s ← decay s + (1 - decay) g²
 *     w ← w - rate g / (√s + eps)
 *
 * s begins at 0, and its bias is not corrected. Defaults are CS231n's and PyTorch's; Keras has a decay of 0.9 and
 * eps = 1e-7.
 *
 * @throws ArgumentError, ShapeError, DTypeError for a learning rate that is none, a decay outside [0, 1), an eps that
 *   is not > 0, or options that are not these
 */
export function rmsprop(options: RmspropOptions = NONE): Optimizer<RmspropState> {
  const { learningRate = 0.01, squareDecay = 0.99, eps = 1e-8 } = checkedOptions("rmsprop", options, NAMES);
  const ofSquare = Object.freeze({ decay: checkedDecay("rmsprop", "squareDecay", squareDecay) });
  const least = Object.freeze({ eps: checkedEps("rmsprop", eps) });
  return optimizer<"square">({
    name: "rmsprop",
    learningRate: checkedLearningRate("rmsprop", learningRate),
    kept: ["square"],
    begin: (rate) => (w, g, before) => {
      const square = averageSquare(before.square, g, ofSquare);
      return { param: descendScaled(w, g, square, { rest: ONE, rate, correction: ONE }, least), square };
    },
  });
}
