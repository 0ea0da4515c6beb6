import { reshape, transpose } from "../../../ops/index.ts";
import { linspace, tensor } from "../../create/index.ts";
import {
  type FullyConnectedState,
  type Model,
  twoLayerNet as net,
  type Step,
  type TwoLayerParams,
} from "../../nn/index.ts";
import type { CheckRow } from "../result.ts";
import { gradientRows, type PublishedNetwork } from "./networkRows.ts";
import { tenDecimals } from "./printed.ts";
import { bounded, figure } from "./row.ts";

/**
 * Scores and losses as the notebook expects them (11 of 11 notebooks meet them), to eight and ten decimals; errors as
 * printed, to three digits.
 */
export const TWO_LAYER_NET = {
  scores: [
    [11.53165108, 12.2917344, 13.05181771, 13.81190102, 14.57198434, 15.33206765, 16.09215096],
    [12.05769098, 12.74614105, 13.43459113, 14.1230412, 14.81149128, 15.49994135, 16.18839143],
    [12.58373087, 13.20054771, 13.81736455, 14.43418138, 15.05099822, 15.66781506, 16.2846319],
  ],
  losses: [
    { reg: 0, loss: "3.4702243556" },
    { reg: 1, loss: "26.5948426952" },
  ],
  gradients: [
    {
      reg: 0,
      errors: {
        W1: ["1.83e-08", 1.22e-8, 1.83e-8],
        W2: ["3.12e-10", 3.12e-10, 3.21e-10, "3.20e-10 is what NumPy 2.4 gives"],
        b1: "9.83e-09",
        b2: "4.33e-10",
      },
    },
    {
      reg: 0.7,
      errors: {
        W1: "2.53e-07",
        W2: ["7.98e-08", 2.85e-8, 7.98e-8],
        b1: ["1.35e-08", 1.35e-8, 1.56e-8],
        b2: "7.76e-10",
      },
    },
  ] as readonly { readonly reg: number; readonly errors: PublishedNetwork["errors"] }[],
} as const;

/** The checks of `TwoLayerNet`: three examples of five numbers, fifty units, seven classes. */
export function twoLayerNet(): CheckRow[] {
  const section = "Two-layer network";
  const params = {
    W1: reshape(linspace(-0.7, 0.3, 250), [5, 50]),
    b1: linspace(-0.1, 0.9, 50),
    W2: reshape(linspace(-0.3, 0.4, 350), [50, 7]),
    b2: linspace(-0.9, 0.1, 7),
  };
  const x = transpose(reshape(linspace(-5.5, 4.5, 15), [5, 3]));
  const labels = tensor([0, 5, 1], { dtype: "int32" });
  const model = (reg: number): Model<TwoLayerParams, FullyConnectedState> =>
    net({ inputDim: 5, hiddenDim: 50, numClasses: 7, reg });
  const step = (reg: number): Step<TwoLayerParams, FullyConnectedState> => {
    const { loss, state } = model(reg);
    return loss({ params, state }, x, labels);
  };
  const { loss, state } = model(0);
  const scores = loss({ params, state }, x);
  const expected = TWO_LAYER_NET.scores.flat();
  return [
    bounded(section, {
      what: "scores, sum of differences",
      published: "below 1e-6",
      value: expected.reduce((total, score, i) => total + Math.abs(score - scores.data[i]!), 0),
      bound: 1e-6,
      note: "of 21 scores to eight decimals",
    }),
    ...TWO_LAYER_NET.losses.map(({ reg, loss: published }) =>
      figure(section, {
        what: `loss, reg ${reg}`,
        published,
        value: step(reg).loss,
        print: tenDecimals,
      }),
    ),
    ...TWO_LAYER_NET.gradients.flatMap(({ reg, errors }) =>
      gradientRows(`${section}, reg ${reg}`, { x, labels, params, reg }, step(reg).grads, errors),
    ),
  ];
}
