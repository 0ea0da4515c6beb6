import type { Experiment, Figure } from "../result.ts";
import type { Outcome, RunSpec } from "../running/group.ts";
import { type Context, meanOfLast, percent, trained } from "./context.ts";

/** 10^-4 to 1, in equal steps of the exponent: `np.logspace(-4, 0, 20)`. */
const SCALES: readonly number[] = Array.from({ length: 20 }, (_, k) => 10 ** (-4 + (4 * k) / 19));

const RUN: Omit<RunSpec, "weightScale"> = {
  hiddenDims: [50, 50, 50, 50, 50, 50, 50],
  normalization: "batchnorm",
  optimizer: "adam",
  learningRate: 1e-3,
  batchSize: 50,
  epochs: 10,
};

/** How much the scale of the first weights matters, with batch norm and without. */
export async function scaleExperiment(context: Context): Promise<Experiment> {
  const start = performance.now();
  const groups = SCALES.map((weightScale): RunSpec[] => [
    { ...RUN, weightScale },
    { ...RUN, weightScale, normalization: null },
  ]);
  const outcomes = await trained(context, groups);
  const normed = outcomes.map(([outcome]) => summed(outcome!));
  const plain = outcomes.map(([, outcome]) => summed(outcome!));
  const best = (of: readonly Summary[]): string => {
    const k = of.reduce((at, { train }, i) => (train > of[at]!.train ? i : at), 0);
    return `${percent(of[k]!.train)} at ${SCALES[k]!.toPrecision(2)}`;
  };
  const above = (of: readonly Summary[]): number => of.filter(({ train }) => train > 0.25).length;
  const figure = (
    name: string,
    title: string,
    caption: string,
    of: keyof Summary,
    y: Figure["y"],
  ): Figure => ({
    name: `scale-${name}`,
    title,
    caption,
    x: { label: "weight scale", scale: "log" },
    y,
    mark: "both",
    series: [
      { name: "with batch norm", x: SCALES, y: normed.map((s) => s[of]) },
      { name: "without", x: SCALES, y: plain.map((s) => s[of]) },
    ],
  });
  return {
    name: "scale",
    title: "Weight scale",
    summary: [
      "Seven hidden layers of 50 units, trained from 20 scales of the first weights.",
      `With batch norm ${above(normed)} of 20 scales reach a training accuracy of more than 25 %, without it ${above(plain)}; the best are ${best(normed)} with it and ${best(plain)} without.`,
    ],
    figures: [
      figure(
        "validation",
        "Best validation accuracy",
        "Of all epochs, for each scale of the first weights.",
        "val",
        { label: "accuracy" },
      ),
      figure(
        "training",
        "Best training accuracy",
        "Of ten classes one in ten is a guess: where small weights let the signal die out, nothing better is learnt.",
        "train",
        { label: "accuracy" },
      ),
      figure(
        "loss",
        "Final training loss",
        "The mean of the last 100 iterations. log 10 = 2.30 is the loss of a guess.",
        "loss",
        { label: "loss", domain: [1, 3.5] },
      ),
    ],
    tables: [
      {
        title: "All scales",
        columns: [
          "weight scale",
          "best training accuracy, batch norm",
          "without",
          "best validation accuracy, batch norm",
          "without",
          "final loss, batch norm",
          "without",
        ],
        rows: SCALES.map((scale, k) => [
          scale.toExponential(2),
          normed[k]!.train.toFixed(3),
          plain[k]!.train.toFixed(3),
          normed[k]!.val.toFixed(3),
          plain[k]!.val.toFixed(3),
          told(normed[k]!.loss),
          told(plain[k]!.loss),
        ]),
      },
    ],
    seconds: (performance.now() - start) / 1000,
  };
}

interface Summary {
  readonly train: number;
  readonly val: number;
  readonly loss: number | null;
}

function summed({ trainAccuracy, valAccuracy, lossHistory }: Outcome): Summary {
  return {
    train: Math.max(...trainAccuracy),
    val: Math.max(...valAccuracy),
    loss: meanOfLast(lossHistory, 100),
  };
}

function told(loss: number | null): string {
  if (loss === null) return "not finite";
  return loss < 1000 ? loss.toFixed(3) : loss.toExponential(1);
}
