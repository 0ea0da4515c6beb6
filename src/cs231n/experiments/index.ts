import { batchExperiment, layerNormExperiment } from "./batch.ts";
import type { Runner } from "./context.ts";
import { optimExperiment } from "./optim.ts";
import { scaleExperiment } from "./scale.ts";
import { trainExperiment } from "./train.ts";

/** By their names on the command line, in the order in which all are run. */
export const EXPERIMENTS: Readonly<Record<string, Runner>> = {
  train: trainExperiment,
  scale: scaleExperiment,
  batch: batchExperiment,
  layernorm: layerNormExperiment,
  optim: optimExperiment,
};
