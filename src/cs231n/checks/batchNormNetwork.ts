import { fullyConnectedNet } from "../../nn/index.ts";
import type { CheckRow } from "../result.ts";
import { CHECKED, drawnExamples, drawnParams, networkRows, type PublishedNetwork } from "./networkRows.ts";
import { CourseRandom } from "./numpy/random.ts";

/** As printed by 16 and 15 of 17 notebooks: losses as they are, errors to three digits. */
export const BATCH_NORM_NETWORK: readonly (PublishedNetwork & { readonly reg: number })[] = [
  {
    reg: 0,
    loss: "2.2611955101340957",
    errors: {
      W1: "1.10e-04",
      W2: ["2.85e-06", 2.4e-6, 5.7e-6],
      W3: ["4.05e-10", 3.4e-10, 4.1e-10],
      b1: null,
      b2: null,
      b3: ["1.01e-10", 4.8e-11, 1.2e-10],
      beta1: "7.33e-09",
      beta2: "1.89e-09",
      gamma1: ["6.96e-09", 6.96e-9, 7.57e-9],
      gamma2: ["1.96e-09", 1.6e-9, 3.4e-9],
    },
  },
  {
    reg: 3.14,
    loss: "6.996533220108303",
    errors: {
      W1: "1.98e-06",
      W2: "2.28e-06",
      W3: "1.11e-08",
      b1: null,
      b2: null,
      b3: ["1.42e-10", 1.42e-10, 2.23e-10],
      beta1: "6.65e-09",
      beta2: "3.48e-09",
      gamma1: ["8.80e-09", 5.94e-9, 8.8e-9],
      gamma2: ["5.28e-09", 4.14e-9, 5.28e-9],
    },
  },
];

/** The check of `FullyConnectedNet` with batch normalization. */
export function batchNormNetwork(): CheckRow[] {
  const random = new CourseRandom(231);
  const examples = drawnExamples(random);
  return BATCH_NORM_NETWORK.flatMap(({ reg, ...published }) => {
    const options = { ...CHECKED, reg, normalization: "batchnorm" } as const;
    const params = drawnParams(random, fullyConnectedNet(options).params);
    return networkRows(
      `Batch normalization: network, reg ${reg}`,
      options,
      { ...examples, params, reg },
      published,
    );
  });
}
