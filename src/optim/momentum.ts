import { checkedFlag, checkedOptions, NONE } from "../../graph/options.ts";
import { add } from "../../ops/index.ts";
import type { Tree } from "../tree.ts";
import { checkedDecay } from "./checked.ts";
import { descend } from "./formulas/descend.ts";
import { descendAhead } from "./formulas/descendAhead.ts";
import { checkedLearningRate, type LearningRate, type StepCount } from "./learningRate.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizer } from "./rule.ts";

export interface MomentumOptions {
  /** 0.01 unless given. */
  readonly learningRate?: LearningRate;
  /** The weight of the old velocity, often called the momentum; 0.9 unless given. */
  readonly velocityDecay?: number;
  /** Step to where the velocity will have led by one step more; false unless given. */
  readonly nesterov?: boolean;
}

export interface MomentumState {
  readonly step: StepCount;
  readonly velocity: Tree;
}

/**
 * Gradient descent with a velocity, v ← decay v - rate g:
 *
 *     w ← w + v                      (Polyak)
 *     w ← w + decay v - rate g       (Nesterov, in the form that needs the gradient at w alone)
 *
 * The rate is in the velocity, as in CS231n and Keras: when it changes, the velocity follows over the next steps. In
 * PyTorch it is not (v ← decay v + g, w ← w - rate v), so a new rate works on the whole velocity at once, and a
 * velocity of PyTorch's is -v / rate of ours. With a rate that stays, the parameters are the same.
 *
 * @throws ArgumentError, ShapeError, DTypeError for a learning rate that is none, a decay outside [0, 1), or options
 *   that are not these
 */
export function momentum(options: MomentumOptions = NONE): Optimizer<MomentumState> {
  const { learningRate = 0.01, velocityDecay = 0.9, nesterov } = checkedOptions("momentum", options, NAMES);
  const decay = checkedDecay("momentum", "velocityDecay", velocityDecay);
  const isNesterov = checkedFlag("momentum", "nesterov", nesterov, false);
  const params = Object.freeze({ decay });
  return optimizer<"velocity">({
    name: "momentum",
    learningRate: checkedLearningRate("momentum", learningRate),
    kept: ["velocity"],
    begin: (rate) => (w, g, before) => {
      const velocity = descend(before.velocity, g, rate, params);
      const param = isNesterov ? descendAhead(w, velocity, g, rate, params) : add(w, velocity);
      return { param, velocity };
    },
  });
}

const NAMES = ["learningRate", "velocityDecay", "nesterov"];
