import type { Experiment, Figure } from "../result.ts";
import type { Outcome, RunSpec } from "../running/group.ts";
import { type Context, counted, drawable, epochsOf, percent, trained } from "./context.ts";

/**
 * The course compares on 4,000 images for 5 epochs of batches of 100: 200 steps. On a thousand images that takes 20.
 */
const RUN: Omit<RunSpec, "optimizer" | "learningRate"> = {
  hiddenDims: [100, 100, 100, 100, 100],
  normalization: null,
  weightScale: 5e-2,
  batchSize: 100,
  epochs: 20,
};

/** The course's learning rates. */
const RULES: readonly Pick<RunSpec, "optimizer" | "learningRate">[] = [
  { optimizer: "sgd", learningRate: 5e-3 },
  { optimizer: "momentum", learningRate: 5e-3 },
  { optimizer: "rmsprop", learningRate: 1e-4 },
  { optimizer: "adam", learningRate: 1e-3 },
];

/** Update rules side by side, from the same weights and on the same minibatches. */
export async function optimExperiment(context: Context): Promise<Experiment> {
  const start = performance.now();
  const groups = RULES.map((rule): RunSpec[] => [{ ...RUN, ...rule }]);
  const outcomes = (await trained(context, groups, { isRestarted: true })).map(([outcome]) => outcome!);
  const names = RULES.map(({ optimizer }) => optimizer);
  const accuracy = (which: "training" | "validation", of: "trainAccuracy" | "valAccuracy"): Figure => ({
    name: `optim-${which}`,
    title: `${which === "training" ? "Training" : "Validation"} accuracy, by update rule`,
    caption: "After each epoch.",
    x: { label: "epoch" },
    y: { label: "accuracy" },
    mark: "both",
    series: outcomes.map((outcome, k) => ({ name: names[k]!, x: epochsOf(outcome[of]), y: outcome[of] })),
  });
  const final = (outcome: Outcome): string => percent(outcome.trainAccuracy.at(-1)!);
  return {
    name: "optim",
    title: "Update rules",
    summary: [
      "Five hidden layers of 100 units without normalisation, minibatches of 100, 200 steps, each rule with the course's learning rate, from the same weights and on the same minibatches.",
      `Training accuracy at the end: ${outcomes.map((outcome, k) => `${final(outcome)} (${names[k]})`).join(", ")}.`,
    ],
    figures: [
      {
        name: "optim-loss",
        title: "Training loss, by update rule",
        caption: "The loss of each minibatch.",
        x: { label: "iteration" },
        y: { label: "loss" },
        mark: "dots",
        series: outcomes.map(({ lossHistory }, k) => ({
          name: names[k]!,
          x: counted(lossHistory.length),
          y: drawable(lossHistory),
        })),
      },
      accuracy("training", "trainAccuracy"),
      accuracy("validation", "valAccuracy"),
    ],
    tables: [
      {
        title: "At the end",
        columns: ["rule", "learning rate", "training accuracy", "validation accuracy"],
        rows: outcomes.map((outcome, k) => [
          names[k]!,
          RULES[k]!.learningRate,
          outcome.trainAccuracy.at(-1)!.toFixed(3),
          outcome.valAccuracy.at(-1)!.toFixed(3),
        ]),
      },
    ],
    seconds: (performance.now() - start) / 1000,
  };
}
