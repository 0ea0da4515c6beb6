/** The way through CS231n's fully connected network, in training and in evaluation. */
import { ArgumentError, describe, Tensor } from "../../graph/index.ts";
import { batchNormInference, relu, type Statistics } from "../../ops/index.ts";
import { type NumPyRandom, numpyRandom } from "../random/index.ts";
import { affine } from "./affine.ts";
import { batchNormTraining } from "./batchNormTraining.ts";
import { masked } from "./dropout.ts";
import type { Settings } from "./fullyConnectedOptions.ts";
import { type FullyConnectedParams, type FullyConnectedState, runningOf } from "./fullyConnectedStart.ts";
import { layerNormOf } from "./gradients.ts";

/** What becomes of the k-th affine layer's result (from 0) on both sides of the relu. */
export interface Pass {
  normalized(h: Tensor, gamma: Tensor, beta: Tensor, k: number): Tensor;
  thinned(h: Tensor): Tensor;
}

/** The scores. @throws ArgumentError where a parameter is missing; ShapeError, DTypeError where one does not fit */
export function forward(
  op: string,
  params: FullyConnectedParams,
  x: Tensor,
  settings: Settings,
  pass: Pass,
): Tensor {
  const of = (name: string): Tensor => {
    const found = params[name];
    if (found instanceof Tensor) return found;
    throw new ArgumentError(op, `params to hold a tensor ${name}`, describe(found));
  };
  const { hiddenDims, normalization } = settings;
  let h = x;
  for (let k = 1; k <= hiddenDims.length; k++) {
    h = affine(h, of(`W${k}`), of(`b${k}`));
    if (normalization !== null) h = pass.normalized(h, of(`gamma${k}`), of(`beta${k}`), k - 1);
    h = pass.thinned(relu(h));
  }
  const last = hiddenDims.length + 1;
  return affine(h, of(`W${last}`), of(`b${last}`));
}

/** Batch norm by the batch's own statistics, which are put into `found`; dropout by the source. */
export function training(settings: Settings, source: NumPyRandom | null, found: Statistics[]): Pass {
  const { normalization, gradients, dropoutKeepRatio: keep, dropoutSeeding, seed } = settings;
  return {
    normalized(h, gamma, beta) {
      if (normalization === "layernorm") return layerNormOf("layerNorm", h, gamma, beta, { gradients });
      const { y, statistics } = batchNormTraining(h, gamma, beta, { gradients });
      found.push({ mean: statistics.mean, variance: statistics.variance });
      return y;
    },
    thinned(h) {
      if (source === null) return h;
      return masked(h, keep, dropoutSeeding === "eachPass" ? numpyRandom(seed) : source);
    },
  };
}

/** Batch norm by running statistics; no dropout. @throws ArgumentError where there are none */
export function evaluation(op: string, state: FullyConnectedState, settings: Settings): Pass {
  const { normalization, gradients } = settings;
  const running = runningOf(op, state, settings);
  return {
    normalized: (h, gamma, beta, k) =>
      normalization === "layernorm"
        ? layerNormOf("layerNorm", h, gamma, beta, { gradients })
        : batchNormInference(h, running[k]!, gamma, beta),
    thinned: (h) => h,
  };
}
