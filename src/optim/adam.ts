import { scalar, type Tensor } from "../../graph/index.ts";
import { checkedOptions, NONE } from "../../graph/options.ts";
import { div, mul, pow, sub } from "../../ops/index.ts";
import type { Tree } from "../tree.ts";
import { checkedDecay, checkedEps } from "./checked.ts";
import { average } from "./formulas/average.ts";
import { averageSquare } from "./formulas/averageSquare.ts";
import { descendScaled } from "./formulas/descendScaled.ts";
import { checkedLearningRate, type LearningRate, type StepCount } from "./learningRate.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizer } from "./rule.ts";

export interface AdamOptions {
  /** 0.001 unless given. */
  readonly learningRate?: LearningRate;
  /** The weight of the old mean, often called beta1; 0.9 unless given. */
  readonly meanDecay?: number;
  /** The weight of the old mean square, often called beta2; 0.999 unless given. */
  readonly squareDecay?: number;
  /** Added to the root; 1e-8 unless given. */
  readonly eps?: number;
}

export interface AdamState {
  readonly step: StepCount;
  /** The mean of gradients, the old ones forgotten. */
  readonly mean: Tree;
  /** The mean of squared gradients, likewise. */
  readonly square: Tree;
}

export const ADAM: readonly string[] = ["learningRate", "meanDecay", "squareDecay", "eps"];

/**
 * Adam (Kingma & Ba 2015). With t counted from 1, so that the first step is t = 1:
 *
 *     m ← meanDecay m + (1 - meanDecay) g,       mHat = m / (1 - meanDecay^t)
 *     v ← squareDecay v + (1 - squareDecay) g²,  vHat = v / (1 - squareDecay^t)
 *     w ← w - rate mHat / (√vHat + eps)
 *
 * As in the paper, CS231n and PyTorch. Keras and TensorFlow have eps = 1e-7, and add it to √v before the bias is
 * corrected, which makes it larger by 1 / √(1 - squareDecay^t): by 32 at the first step.
 *
 * @throws ArgumentError, ShapeError, DTypeError for a learning rate that is none, a decay outside [0, 1), an eps that
 *   is not > 0, or options that are not these
 */
export function adam(options: AdamOptions = NONE): Optimizer<AdamState> {
  return adamLike("adam", checkedOptions("adam", options, ADAM), 0);
}

/** Adam whose parameters also lose rate * weightDecay of themselves at each step. */
export function adamLike(name: string, options: AdamOptions, weightDecay: number): Optimizer<AdamState> {
  const { learningRate = 0.001, meanDecay = 0.9, squareDecay = 0.999, eps = 1e-8 } = options;
  const ofMean = Object.freeze({ decay: checkedDecay(name, "meanDecay", meanDecay) });
  const ofSquare = Object.freeze({ decay: checkedDecay(name, "squareDecay", squareDecay) });
  const least = Object.freeze({ eps: checkedEps(name, eps) });
  return optimizer<"mean" | "square">({
    name,
    learningRate: checkedLearningRate(name, learningRate),
    kept: ["mean", "square"],
    begin(rate, step) {
      const by = {
        rest: weightDecay === 0 ? ONE : sub(1, mul(rate, weightDecay)),
        rate: div(rate, correctionOf(meanDecay, step)),
        correction: correctionOf(squareDecay, step),
      };
      return (w, g, before) => {
        const mean = average(before.mean, g, ofMean);
        const square = averageSquare(before.square, g, ofSquare);
        return { param: descendScaled(w, mean, square, by, least), mean, square };
      };
    },
  });
}

const ONE = scalar(1);

/** The weight that all gradients so far have together in an average that began at 0. */
function correctionOf(decay: number, step: StepCount): Tensor {
  return sub(1, pow(decay, step));
}
