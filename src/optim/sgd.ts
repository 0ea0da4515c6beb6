import { checkedOptions, NONE } from "../../graph/options.ts";
import { descend } from "./formulas/descend.ts";
import { checkedLearningRate, type LearningRate, type StepCount } from "./learningRate.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizer } from "./rule.ts";

export interface SgdOptions {
  /** 0.01 unless given. */
  readonly learningRate?: LearningRate;
}

export interface SgdState {
  readonly step: StepCount;
}

const WHOLE = Object.freeze({ decay: 1 });

/**
 * Stochastic gradient descent: w ← w - rate g.
 *
 * @throws ArgumentError, ShapeError, DTypeError for a learning rate that is none, or options that are not these
 */
export function sgd(options: SgdOptions = NONE): Optimizer<SgdState> {
  const { learningRate = 0.01 } = checkedOptions("sgd", options, ["learningRate"]);
  return optimizer<never>({
    name: "sgd",
    learningRate: checkedLearningRate("sgd", learningRate),
    kept: [],
    begin: (rate) => (w, g) => ({ param: descend(w, g, rate, WHOLE) }),
  });
}
