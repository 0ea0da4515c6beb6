import { fullyConnectedNet } from "../../nn/index.ts";
import type { CheckRow } from "../result.ts";
import { CHECKED, drawnExamples, drawnParams, networkRows, type PublishedNetwork } from "./networkRows.ts";
import { CourseRandom } from "./numpy/random.ts";

/** As printed by 15 and 14 notebooks: losses as they are, errors to three digits. (Newer versions of NumPy differ.) */
export const FULLY_CONNECTED: readonly (PublishedNetwork & { readonly reg: number })[] = [
  {
    reg: 0,
    loss: "2.3004790897684924",
    errors: {
      W1: ["1.48e-07", 1.03e-7, 1.48e-7],
      W2: "2.21e-05",
      W3: ["3.53e-07", 3.53e-7, 4.56e-7],
      b1: ["5.38e-09", 4.66e-9, 5.38e-9],
      b2: "2.09e-09",
      b3: ["5.80e-11", 5.8e-11, 1.69e-10],
    },
  },
  {
    reg: 3.14,
    loss: "7.052114776533016",
    errors: {
      W1: "3.90e-09",
      W2: "6.87e-08",
      W3: "2.13e-08",
      b1: "1.48e-08",
      b2: "1.72e-09",
      b3: "1.57e-10",
    },
  },
];

/** The check of `FullyConnectedNet` without a normalization. */
export function fullyConnected(): CheckRow[] {
  const random = new CourseRandom(231);
  const examples = drawnExamples(random);
  return FULLY_CONNECTED.flatMap(({ reg, ...published }) => {
    const options = { ...CHECKED, reg };
    const params = drawnParams(random, fullyConnectedNet(options).params);
    return networkRows(
      `Fully connected network, reg ${reg}`,
      options,
      { ...examples, params, reg },
      published,
    );
  });
}
