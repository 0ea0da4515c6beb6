import type { CheckRow, Experiment, Figure, Results, Series } from "../../src/cs231n/result.ts";

/** Made-up results with everything that a report has to show: nothing in them has been measured. */

const SCALES = Array.from({ length: 20 }, (_, k) => 10 ** (-4 + (4 * k) / 19));

/** Two curves against the weight scale; the loss of the plain net leaves the figure, and then overflows. */
export const scaleLoss: Figure = {
  name: "scale-final-loss",
  title: "Final training loss against the weight scale",
  caption: "With batch normalization the loss hardly depends on the scale of the weights.",
  x: { label: "Weight scale", scale: "log" },
  y: { label: "Mean loss of the last 100 iterations", domain: [1, 3.5] },
  mark: "both",
  series: [
    { name: "Batch normalization", x: SCALES, y: SCALES.map((s) => 1.4 + 0.1 * Math.log10(s / 0.05) ** 2) },
    {
      name: "No normalization",
      x: SCALES,
      y: SCALES.map((s, k) => (k > 17 ? null : k > 15 ? 46 * 10 ** (k - 15) : 2.3 - s * 10)),
    },
  ],
};

/** A deterministic stand-in for noise. */
function wobble(k: number): number {
  return Math.sin(k * 12.9898) * Math.cos(k * 4.1414);
}

export const lossDots: Figure = {
  name: "train-loss",
  title: "Training loss",
  caption: "The loss of each of 200 iterations.",
  x: { label: "Iteration" },
  y: { label: "Loss" },
  mark: "dots",
  series: ["Batch normalization", "No normalization"].map((name, s) => ({
    name,
    x: Array.from({ length: 200 }, (_, k) => k + 1),
    y: Array.from(
      { length: 200 },
      (_, k) => 1.1 + s * 0.35 + 1.2 * Math.exp(-k / 60) + 0.25 * wobble(k + 999 * s),
    ),
  })),
};

const EPOCHS = Array.from({ length: 11 }, (_, k) => k);

export const accuracyCurves: Figure = {
  name: "batch-size-train-accuracy",
  title: "Training accuracy by batch size, for batch normalization, layer normalization and neither of them",
  caption: "Small batches spoil batch normalization, not layer normalization.",
  x: { label: "Epoch" },
  y: { label: "Accuracy on the training images" },
  mark: "line",
  series: [
    ["No normalization, batch 5", 0.628],
    ["Batch norm, batch 5", 0.445],
    ["Batch norm, batch 10", 0.649],
    ["Batch norm, batch 50", 0.86],
    ["Layer norm, batch 5", 0.699],
    ["Layer norm, batch 10", 0.788],
    ["Layer norm, batch 50", 0.833],
  ].map(
    ([name, end]): Series => ({
      name: String(name),
      x: EPOCHS,
      y: EPOCHS.map(
        (e) => 0.12 + (Number(end) - 0.12) * (1 - Math.exp(-e / 3.5)) + 0.012 * wobble(e + 31 * Number(end)),
      ),
    }),
  ),
};

/** Ours over published ones, both axes logarithmic, over many decades. */
export const againstPublished: Figure = {
  name: "gradient-errors",
  title: "Gradient error against the step",
  caption: "Truncation on the right, rounding on the left.",
  x: { label: "Step h", scale: "log" },
  y: { label: "Relative error", scale: "log" },
  mark: "line",
  series: [false, true].flatMap((dashed): Series[] =>
    ["float64", "float32"].map((group, g) => {
      const x = Array.from({ length: 41 }, (_, k) => 10 ** (-10 + k / 4));
      const y = x.map((h) => (1 + (dashed ? 0.6 : 0)) * (h * h + (g === 0 ? 1e-16 : 6e-8) / h));
      return { name: dashed ? `${group}, published` : group, group, dashed, x, y };
    }),
  ),
};

const SECTIONS: readonly (readonly [string, readonly (readonly [string, string, string])[]])[] = [
  [
    "Batch normalization: forward, train",
    [
      ["means before", "-2.3814598, -13.18038246, 1.91780462", "-2.38145980, -13.18038246, 1.91780462"],
      ["stds before", "27.18502186, 34.21455511, 37.68611762", "27.18502186, 34.21455511, 37.68611762"],
      [
        "means after (gamma 1, beta 0)",
        "5.33e-17, 7.05e-17, 1.86e-17",
        "5.3290705e-17, 7.0499162e-17, 1.8596236e-17",
      ],
      ["stds after (gamma 1, beta 0)", "0.99999999, 1., 1.", "0.99999999, 1.00000000, 1.00000000"],
    ],
  ],
  [
    "Batch normalization: backward",
    [
      ["dx error", "1.7029258328157158e-09", "1.7029258328157158e-09"],
      ["dgamma error", "7.420414216247087e-13", "7.420414216247087e-13"],
      ["dbeta error", "2.8795057655839487e-12", "2.8795057655839487e-12"],
    ],
  ],
  [
    "Network with batch normalization: gradient check, reg 3.14",
    [
      ["Initial loss", "6.996533220108303", "6.996533220108303"],
      ...["W1", "W2", "W3", "b1", "b2", "b3", "beta1", "beta2", "gamma1", "gamma2"].map(
        (name) => [`${name} relative error`, "1.98e-06", "1.98e-06"] as const,
      ),
    ],
  ],
  [
    "Optimisers",
    ["sgd_momentum", "rmsprop", "adam"].flatMap((name) =>
      ["next_w error", "velocity error", "cache error", "v error"].map(
        (what) => [`${name}: ${what}`, "8.882347033505819e-09", "8.882347033505819e-09"] as const,
      ),
    ),
  ],
];

const NOTES: Readonly<Record<CheckRow["verdict"], string>> = {
  same: "",
  band: "rounding noise: published from 2.2e-13 to 1.4e-11",
  within: "at most 1e-8",
  differs: "the ninth digit is another",
  "not comparable": "needs the mean of all 49,000 training images, of which the first 1000 are here",
};

export const checks: readonly CheckRow[] = SECTIONS.flatMap(([section, rows], s) =>
  rows.map(([what, published, ours], k): CheckRow => {
    const others = ["band", "within", "not comparable", "differs"] as const;
    const verdict = k === rows.length - 1 ? others[s]! : "same";
    return {
      section,
      what,
      published,
      ours,
      verdict,
      ...(NOTES[verdict] === "" ? {} : { note: NOTES[verdict] }),
    };
  }),
);

const scale: Experiment = {
  name: "scale",
  title: "Weight scale",
  summary: [
    "A net with seven hidden layers of 50 was trained at 20 weight scales from 1e-4 to 1, with batch normalization and without.",
    "Without it, 3 of 20 scales came to more than 60 % on the training images; with it, 14.",
  ],
  figures: [scaleLoss, againstPublished],
  tables: [
    {
      title: "Best accuracies by weight scale",
      columns: [
        "Weight scale",
        "Batch norm: train",
        "Batch norm: validation",
        "None: train",
        "None: validation",
        "Final loss",
      ],
      rows: SCALES.map((s, k) => [
        s,
        0.329 + k / 100,
        0.2 + k / 200,
        0.112,
        0.119,
        k > 17 ? Number.NaN : 2.25 + k / 7,
      ]),
      note: "NaN where the loss overflowed.",
    },
  ],
  seconds: 132.4,
};

const train: Experiment = {
  name: "train",
  title: "Training with and without batch normalization",
  summary: ["Six layers, 1000 training images, 10 epochs."],
  figures: [lossDots],
  tables: [],
  seconds: 8.53,
};

const batchSize: Experiment = {
  name: "batch-size",
  title: "Batch size",
  summary: ["Six layers, batches of 5, 10 and 50."],
  figures: [accuracyCurves],
  tables: [
    {
      title: "Accuracy after 10 epochs",
      columns: ["Net", "Train", "Published"],
      rows: [["Batch norm, batch 5", 0.445, "0.445"]],
    },
  ],
  seconds: 64,
};

export const sample: Results = {
  data: "CIFAR-10, the first 1000 training and test images",
  seed: 231,
  environment: { node: "v20.20.2", platform: "linux x64", wengert: "0.1.0" },
  engine: "compiled",
  checks,
  experiments: [train, scale, batchSize],
};
