import { adam, momentum, type Optimizer, rmsprop, sgd } from "../../optim/index.ts";
import { NumPyRandom } from "../../random/index.ts";
import { DivergenceError, train } from "../../train/index.ts";
import type { Dataset } from "../dataset.ts";
import { type Group, networks, type Outcome, type RunSpec } from "./group.ts";

/** Train the networks of a group, one after the other. */
export async function runGroup(group: Group, { data, inputDim }: Dataset): Promise<readonly Outcome[]> {
  const random = NumPyRandom.from(group.random);
  const nets = networks(group, { samples: data.trainX.shape[0]!, inputDim }, random);
  const outcomes: Outcome[] = [];
  for (const [k, run] of group.runs.entries()) {
    const { batchSize, epochs } = run;
    const options = { optimizer: ruleOf(run), random, batchSize, epochs };
    const result = await train(nets[k]!, data, options).catch((error: unknown) => {
      // A loss that overflows is a finding here, not a failure.
      if (error instanceof DivergenceError) return error.result;
      throw error;
    });
    outcomes.push({
      lossHistory: result.lossHistory,
      trainAccuracy: result.trainAccuracyHistory,
      valAccuracy: result.valAccuracyHistory,
      ended: result.ended,
    });
  }
  return outcomes;
}

function ruleOf({ optimizer, learningRate }: RunSpec): Optimizer {
  switch (optimizer) {
    case "sgd":
      return sgd({ learningRate });
    case "momentum":
      return momentum({ learningRate });
    case "rmsprop":
      return rmsprop({ learningRate });
    case "adam":
      return adam({ learningRate });
  }
}
