import type { Tensor } from "../../../graph/index.ts";
import { cast, div, less } from "../../../ops/index.ts";
import { fullyConnectedNet } from "../../nn/index.ts";
import type { CheckRow } from "../result.ts";
import { CHECKED, drawnExamples, drawnParams, networkRows, type PublishedNetwork } from "./networkRows.ts";
import { CourseRandom } from "./numpy/random.ts";

const SEED = 123;

/**
 * As printed by 12 of 17 notebooks: losses as they are, errors to three digits. Without dropout the network is that
 * of the check without a normalization, and so are its errors.
 */
export const DROPOUT_NETWORK: readonly (PublishedNetwork & { readonly keep: number })[] = [
  { keep: 1, loss: "2.3004790897684924", errors: {} },
  {
    keep: 0.75,
    loss: "2.302371489704412",
    errors: {
      W1: "1.90e-07",
      W2: "4.76e-06",
      W3: "2.60e-08",
      b1: "4.73e-09",
      b2: "1.82e-09",
      b3: "1.70e-10",
    },
  },
  {
    keep: 0.5,
    loss: "2.3042759220785896",
    errors: {
      W1: "3.11e-07",
      W2: "1.84e-08",
      W3: "5.35e-08",
      b1: "5.37e-09",
      b2: "2.99e-09",
      b3: "1.13e-10",
    },
  },
];

/** The check of `FullyConnectedNet` with dropout, which the course seeds anew at every pass. */
export function dropoutNetwork(): CheckRow[] {
  let random = new CourseRandom(231);
  const examples = drawnExamples(random);
  return DROPOUT_NETWORK.flatMap(({ keep, ...published }) => {
    const options = { ...CHECKED, dropoutKeepRatio: keep, dropoutSeeding: "eachPass", seed: SEED } as const;
    const params = drawnParams(random, fullyConnectedNet(options).params);
    const masks = keep === 1 ? [] : CHECKED.hiddenDims.map((units) => mask(units, keep));
    // There, seeding the dropout seeds everything: the next weights are drawn behind the last layer's mask.
    if (keep < 1) {
      random = new CourseRandom(SEED);
      random.rand(2, CHECKED.hiddenDims[1]);
    }
    return networkRows(
      `Dropout: network, keep ${keep}`,
      options,
      { ...examples, params, reg: 0, masks },
      published,
    );
  });
}

/** For two examples: 1 / keep where a unit is kept, else 0. */
function mask(units: number, keep: number): Tensor {
  const isKept = less(new CourseRandom(SEED).rand(2, units), keep);
  return div(cast(isKept, "float64"), keep);
}
