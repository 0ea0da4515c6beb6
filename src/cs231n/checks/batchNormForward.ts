import { batchNormInference } from "../../../ops/index.ts";
import { tensor } from "../../create/index.ts";
import {
  batchNormTraining,
  foldStatistics,
  initialStatistics,
  type RunningStatistics,
} from "../../nn/index.ts";
import type { CheckRow } from "../result.ts";
import { activations, drawnWeights, moments } from "./normalization.ts";
import { CourseRandom } from "./numpy/random.ts";
import { bounded, figures } from "./row.ts";

/** As printed by all of 17 public notebooks, to eight decimals. */
export const BATCH_NORM_FORWARD = {
  meansBefore: "-2.3814598, -13.18038246, 1.91780462",
  stdsBefore: "27.18502186, 34.21455511, 37.68611762",
  stdsNormalized: "0.99999999, 1., 1.",
  meansScaled: "11., 12., 13.",
  stdsScaled: "0.99999999, 1.99999999, 2.99999999",
} as const;

/** By 16 and 15 of 17, to eight decimals. */
export const BATCH_NORM_TEST = {
  means: "-0.03927354, -0.04349152, -0.10452688",
  stds: "1.01531428, 1.01238373, 0.97819988",
} as const;

/** The check of `batchnorm_forward` in training mode. */
export function batchNormForward(): CheckRow[] {
  const section = "Batch normalization: forward, training";
  const random = new CourseRandom(231);
  const X = random.randn(200, 50);
  const a = activations(X, ...drawnWeights(random));
  const before = moments(a, 0);
  const normalized = moments(batchNormTraining(a, 1, 0).y, 0);
  const scaled = moments(batchNormTraining(a, tensor([1, 2, 3]), tensor([11, 12, 13])).y, 0);
  const p = BATCH_NORM_FORWARD;
  return [
    figures(section, "means before", p.meansBefore, before.means.data),
    figures(section, "stds before", p.stdsBefore, before.stds.data),
    bounded(section, {
      what: "largest mean, gamma 1, beta 0",
      published: "about 1e-16",
      value: Math.max(...Array.from(normalized.means.data, Math.abs)),
      bound: 1e-14,
      note: "rounding noise, another in every notebook: below 1e-14 is right",
    }),
    figures(section, "stds, gamma 1, beta 0", p.stdsNormalized, normalized.stds.data),
    figures(section, "means, gamma 1 2 3, beta 11 12 13", p.meansScaled, scaled.means.data),
    figures(section, "stds, gamma 1 2 3, beta 11 12 13", p.stdsScaled, scaled.stds.data),
  ];
}

/** The check in test mode, after fifty passes in training mode. */
export function batchNormTest(): CheckRow[] {
  const section = "Batch normalization: forward, test";
  const random = new CourseRandom(231);
  const weights = drawnWeights(random);
  let running: RunningStatistics = initialStatistics([3], { variance: 0 });
  for (let t = 0; t < 50; t++) {
    const a = activations(random.randn(200, 50), ...weights);
    running = foldStatistics(running, batchNormTraining(a, 1, 0).statistics, { decay: 0.9, correction: 0 });
  }
  const y = batchNormInference(activations(random.randn(200, 50), ...weights), running, 1, 0);
  const { means, stds } = moments(y, 0);
  return [
    figures(section, "means", BATCH_NORM_TEST.means, means.data),
    figures(section, "stds", BATCH_NORM_TEST.stds, stds.data),
  ];
}
