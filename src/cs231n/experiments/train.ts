import type { CheckRow, Experiment, Table } from "../result.ts";
import type { Outcome, RunSpec } from "../running/group.ts";
import { type Context, counted, drawable, epochsOf, percent, trained } from "./context.ts";

const RUN: RunSpec = {
  hiddenDims: [100, 100, 100, 100, 100],
  normalization: "batchnorm",
  weightScale: 2e-2,
  optimizer: "adam",
  learningRate: 1e-3,
  batchSize: 50,
  epochs: 10,
};

/**
 * Losses that the course's solver prints for the network with batch norm, at seed 231 (`dx` by (x - mean) / sd). They
 * do not depend on the mean image: batch norm takes it out again.
 */
const PUBLISHED: Readonly<Record<number, string>> = {
  1: "2.340974",
  21: "2.039365",
  41: "2.041103",
  61: "1.753903",
  81: "1.246584",
  101: "1.320589",
};

/** After so many steps rounding decides: the last printed digit may be another. */
const BOUND = 1e-5;

/** A deep network with and without batch norm, on a thousand images. */
export async function trainExperiment(context: Context): Promise<Experiment> {
  const start = performance.now();
  // In float64: what is compared to six digits after a hundred steps should not hang on rounding.
  const [outcomes] = await trained(context, [[RUN, { ...RUN, normalization: null }]], { dtype: "float64" });
  const [normed, plain] = outcomes as readonly [Outcome, Outcome];
  const names = ["with batch norm", "without"] as const;
  const accuracies = (of: "trainAccuracy" | "valAccuracy"): Experiment["figures"][number]["series"] =>
    [normed, plain].map((outcome, k) => ({
      name: names[k]!,
      x: epochsOf(outcome[of]),
      y: outcome[of],
    }));
  const last = (outcome: Outcome): string => percent(outcome.trainAccuracy.at(-1)!);
  const lastVal = (outcome: Outcome): string => percent(outcome.valAccuracy.at(-1)!);
  return {
    name: "train",
    title: "A deep network with and without batch norm",
    summary: [
      "Five hidden layers of 100 units, Adam at 1e-3, minibatches of 50, ten epochs.",
      `After the last epoch the training accuracy is ${last(normed)} with batch norm and ${last(plain)} without it; that on the validation images ${lastVal(normed)} and ${lastVal(plain)}.`,
    ],
    figures: [
      {
        name: "train-loss",
        title: "Training loss",
        caption: "Each dot is the loss of a minibatch.",
        x: { label: "iteration" },
        y: { label: "loss" },
        mark: "dots",
        series: [normed, plain].map(({ lossHistory }, k) => ({
          name: names[k]!,
          x: counted(lossHistory.length),
          y: drawable(lossHistory),
        })),
      },
      {
        name: "train-accuracy",
        title: "Training accuracy",
        caption: "On the images trained on, after each epoch.",
        x: { label: "epoch" },
        y: { label: "accuracy", domain: [0, 1] },
        mark: "both",
        series: accuracies("trainAccuracy"),
      },
      {
        name: "train-validation",
        title: "Validation accuracy",
        caption: "On images not trained on, after each epoch.",
        x: { label: "epoch" },
        y: { label: "accuracy" },
        mark: "both",
        series: accuracies("valAccuracy"),
      },
    ],
    tables: [lossTable(normed, plain, context)],
    seconds: (performance.now() - start) / 1000,
  };
}

function lossTable(normed: Outcome, plain: Outcome, { isCourse, seed }: Context): Table {
  const isComparable = isCourse && seed === 231;
  const published = (iteration: number): string => (isComparable ? PUBLISHED[iteration]! : "-");
  return {
    title: "Losses that the solver prints",
    columns: ["iteration", "with batch norm, published", "with batch norm, ours", "without, ours"],
    rows: Object.keys(PUBLISHED).map((key) => {
      const k = Number(key);
      return [
        k,
        published(k),
        normed.lossHistory[k - 1]!.toFixed(6),
        (plain.lossHistory[k - 1] ?? Number.NaN).toFixed(6),
      ];
    }),
    note: isComparable
      ? "Without batch norm the loss depends on the mean image of all 49,000 training images, so it is not comparable."
      : "The published losses belong to CIFAR-10 and seed 231.",
  };
}

/** The printed losses as rows of the table of checks. */
export function trainChecks(experiment: Experiment): CheckRow[] {
  const table = experiment.tables[0];
  if (table === undefined) return [];
  return table.rows
    .filter(([, published]) => published !== "-")
    .map(([iteration, published, ours]): CheckRow => {
      const row = {
        section: "Batch normalization: training a deep network",
        what: `loss at iteration ${iteration}`,
        published: String(published),
        ours: String(ours),
      };
      if (published === ours) return { ...row, verdict: "same" };
      const isNear = Math.abs(Number(published) - Number(ours)) < BOUND;
      return {
        ...row,
        verdict: isNear ? "band" : "differs",
        note: "published runs differ from one another in the last digits, in float32",
      };
    });
}
