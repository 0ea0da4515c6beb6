import type { Experiment, Figure, Series } from "../result.ts";
import type { Outcome, RunSpec } from "../running/group.ts";
import { type Context, epochsOf, percent, trained } from "./context.ts";
import { limits } from "./limits.ts";

const SIZES: readonly number[] = [5, 10, 50];

const RUN: RunSpec = {
  hiddenDims: [100, 100, 100, 100, 100],
  normalization: null,
  weightScale: 2e-2,
  optimizer: "adam",
  learningRate: 10 ** -3.5,
  batchSize: 5,
  epochs: 10,
};

/** How the size of minibatches limits batch norm, which has nothing else to take its statistics from. */
export async function batchExperiment(context: Context): Promise<Experiment> {
  return sizes(context, {
    name: "batch",
    title: "Batch norm and batch size",
    normalization: "batchnorm",
    called: "batch norm",
    limit: "what it normalises by comes from so few images that it is mostly noise",
  });
}

/** The same for layer norm, whose statistics are those of an example, however many there are. */
export async function layerNormExperiment(context: Context): Promise<Experiment> {
  const start = performance.now();
  const bySize = await sizes(context, {
    name: "layernorm",
    title: "Layer norm and batch size",
    normalization: "layernorm",
    called: "layer norm",
    limit: "what it normalises by comes from one image, but the gradient from so few",
  });
  const tables = [...bySize.tables, ...(await limits(context))];
  return { ...bySize, tables, seconds: (performance.now() - start) / 1000 };
}

interface About {
  readonly name: string;
  readonly title: string;
  readonly normalization: "batchnorm" | "layernorm";
  readonly called: string;
  /** Why it should lose where it does lose to no normalisation. */
  readonly limit: string;
}

async function sizes(context: Context, about: About): Promise<Experiment> {
  const start = performance.now();
  const { normalization, called, name } = about;
  const runs = [RUN, ...SIZES.map((batchSize): RunSpec => ({ ...RUN, normalization, batchSize }))];
  const outcomes = (
    await trained(
      context,
      runs.map((run) => [run]),
    )
  ).map(([outcome]) => outcome!);
  const names = ["none, 5", ...SIZES.map((size) => `${called}, ${size}`)];
  const final = outcomes.map(({ trainAccuracy }) => trainAccuracy.at(-1)!);
  const beats = SIZES.filter((_, k) => final[k + 1]! > final[0]!);
  const figure = (which: "training" | "validation", of: "trainAccuracy" | "valAccuracy"): Figure => ({
    name: `${name}-${which}`,
    title: `${which === "training" ? "Training" : "Validation"} accuracy, by batch size`,
    caption:
      which === "training"
        ? "After each epoch, so that larger batches have taken fewer steps."
        : "On images not trained on.",
    x: { label: "epoch" },
    y: { label: "accuracy" },
    mark: "both",
    series: outcomes.map(
      (outcome, k): Series => ({
        name: names[k]!,
        dashed: k === 0,
        x: epochsOf(outcome[of]),
        y: outcome[of],
      }),
    ),
  });
  return {
    name,
    title: about.title,
    summary: [
      `Five hidden layers of 100 units, Adam at 10^-3.5, ten epochs; minibatches of 5, 10 and 50 images with ${called}, and of 5 without any normalisation.`,
      `Training accuracy at the end: ${names.map((run, k) => `${percent(final[k]!)} (${run})`).join(", ")}. ${verdict(about, beats)}`,
    ],
    figures: [figure("training", "trainAccuracy"), figure("validation", "valAccuracy")],
    tables: [
      {
        title: "At the end",
        columns: ["normalisation, batch size", "training accuracy", "validation accuracy"],
        rows: outcomes.map((outcome: Outcome, k) => [
          names[k]!,
          outcome.trainAccuracy.at(-1)!.toFixed(3),
          outcome.valAccuracy.at(-1)!.toFixed(3),
        ]),
      },
    ],
    seconds: (performance.now() - start) / 1000,
  };
}

function verdict({ called, limit }: About, beats: readonly number[]): string {
  if (beats.length === SIZES.length) return `At every size ${called} does better than nothing.`;
  const loses = SIZES.filter((size) => !beats.includes(size));
  return `At ${loses.join(", ")} ${called} does not pay: ${limit}.`;
}
