import { layerNorm } from "../../../ops/index.ts";
import type { CheckRow } from "../result.ts";
import { backwardRows, type NormErrors } from "./backwardRows.ts";
import { activations, drawnWeights, moments } from "./normalization.ts";
import { normInputs } from "./normInputs.ts";
import * as course from "./numpy/layers.ts";
import { CourseRandom } from "./numpy/random.ts";
import { bounded, figures, lastBits } from "./row.ts";

/** As printed by all of 14 notebooks, to eight decimals. */
export const LAYER_NORM_FORWARD = {
  meansBefore: "-59.06673243, -47.60782686, -43.31137368, -26.40991744",
  stdsBefore: "10.07429373, 28.39478981, 35.28360729, 4.01831507",
  stdsNormalized: "0.99999995, 0.99999999, 1., 0.99999969",
  meansScaled: "5., 5., 5., 5.",
  stdsScaled: "2.99999985, 2.99999998, 2.99999999, 2.99999907",
} as const;

/** As printed by 9, 13 and 9 of 14 notebooks. */
export const LAYER_NORM_BACKWARD: NormErrors = {
  dx: "1.433615657860454e-09",
  dgamma: "4.519489546032799e-12",
  dbeta: "2.276445013433725e-12",
};

/** The check of `layernorm_forward`. */
export function layerNormForward(): CheckRow[] {
  const section = "Layer normalization: forward";
  const random = new CourseRandom(231);
  const X = random.randn(4, 50);
  const a = activations(X, ...drawnWeights(random));
  const before = moments(a, 1);
  const normalized = moments(layerNorm(a, 1, 0), 1);
  const scaled = moments(layerNorm(a, 3, 5), 1);
  const p = LAYER_NORM_FORWARD;
  return [
    figures(section, "means before", p.meansBefore, before.means.data),
    figures(section, "stds before", p.stdsBefore, before.stds.data),
    bounded(section, {
      what: "largest mean, gamma 1, beta 0",
      published: "about 1e-16",
      value: Math.max(...Array.from(normalized.means.data, Math.abs)),
      bound: 1e-14,
      note: "rounding noise: below 1e-14 is right",
    }),
    figures(section, "stds, gamma 1, beta 0", p.stdsNormalized, normalized.stds.data),
    figures(section, "means, gamma 3, beta 5", p.meansScaled, scaled.means.data),
    figures(section, "stds, gamma 3, beta 5", p.stdsScaled, scaled.stds.data),
  ];
}

/** The check of `layernorm_backward`: the tape's gradients against differences. */
export function layerNormBackward(): CheckRow[] {
  const { x, gamma, beta, yBar } = normInputs(4, 5);
  const how = { layer: layerNorm, course: course.layerNorm, inputs: [x, gamma, beta], yBar } as const;
  return backwardRows("Layer normalization: backward", how, LAYER_NORM_BACKWARD, {
    dx: lastBits(LAYER_NORM_BACKWARD.dx),
  });
}
