/** The same small network on Fisher's irises twice, with batch norm and without: same weights, same minibatches. */
import { div, mean, numpyRandom, random, relu, std, sub, type Tensor, take, tensor } from "wengert";
import { iris } from "wengert/data";
import {
  activation,
  batchNormLayer,
  dense,
  type Layer,
  modelOf,
  scaledNormal,
  sequential,
  softmaxLoss,
} from "wengert/nn";
import { sgd } from "wengert/optim";
import { type TrainingData, training } from "wengert/train";

/** A step of both. A loss is null once that network has diverged. */
export interface RaceStep {
  readonly step: number;
  readonly steps: number;
  readonly withNorm: number | null;
  readonly without: number | null;
  /** Of the flowers that were held out; where it was measured. */
  readonly accuracy: { readonly withNorm: number | null; readonly without: number | null } | null;
}

export interface Race {
  /** The next step; null when all are done. */
  step(): RaceStep | null;
}

const HIDDEN = 5;
const UNITS = 20;
const EPOCHS = 100;

/** @param scale the standard deviation of the initial weights */
export async function raceAt(scale: number): Promise<Race> {
  const data = await flowers();
  const runs = [lane(data, scale, true), lane(data, scale, false)] as const;
  return {
    step() {
      const [withNorm, without] = [runs[0](), runs[1]()];
      const told = withNorm ?? without;
      if (told === null) return null;
      const isMeasured = withNorm?.accuracy != null || without?.accuracy != null;
      return {
        step: told.iteration,
        steps: told.iterations,
        withNorm: withNorm?.loss ?? null,
        without: without?.loss ?? null,
        accuracy: isMeasured
          ? { withNorm: withNorm?.accuracy?.val ?? null, without: without?.accuracy?.val ?? null }
          : null,
      };
    },
  };
}

interface Step {
  readonly iteration: number;
  readonly iterations: number;
  readonly loss: number;
  readonly accuracy: { readonly val: number } | null;
}

/** One network on its way: each call is a step; null when it is at its end, or has diverged. */
function lane(data: TrainingData, scale: number, isNormalized: boolean): () => Step | null {
  const weights = scaledNormal(scale);
  const hidden = Array.from({ length: HIDDEN }, (): Layer[] => [
    dense(UNITS, { weights }),
    ...(isNormalized ? [batchNormLayer()] : []),
    activation(relu),
  ]);
  const net = sequential(...hidden.flat(), dense(3, { weights }));
  const model = modelOf(net, softmaxLoss, net.init(random(7), [4]));
  const options = {
    optimizer: sgd({ learningRate: 0.1 }),
    random: numpyRandom(1),
    batchSize: 40,
    epochs: EPOCHS,
  };
  const run = training(model, data, options);
  let hasDiverged = false;
  return () => {
    if (hasDiverged) return null;
    try {
      return run.step();
    } catch (error) {
      if (!(error instanceof Error && error.name === "DivergenceError")) throw error;
      hasDiverged = true;
      return null;
    }
  };
}

/** Standardised; every fifth flower is held out. */
async function flowers(): Promise<TrainingData> {
  const { x, labels } = await iris();
  const z = div(sub(x, mean(x, 0)), std(x, 0));
  const all = Array.from({ length: x.shape[0]! }, (_, i) => i);
  const rows = (isWanted: (i: number) => boolean): Tensor => tensor(Int32Array.from(all.filter(isWanted)));
  const [train, val] = [rows((i) => i % 5 !== 0), rows((i) => i % 5 === 0)];
  return {
    trainX: take(z, train, 0),
    trainY: take(labels, train, 0),
    valX: take(z, val, 0),
    valY: take(labels, val, 0),
  };
}
