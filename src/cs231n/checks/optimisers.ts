import type { Tensor } from "../../../graph/index.ts";
import { reshape } from "../../../ops/index.ts";
import { linspace, tensor } from "../../create/index.ts";
import { adam, momentum, rmsprop } from "../../optim/index.ts";
import type { CheckRow } from "../result.ts";
import { relError } from "./differences.ts";
import { figure } from "./row.ts";
import { ADAM, MOMENTUM, type PublishedUpdate, RMSPROP } from "./updates.ts";

/** The checks of `sgd_momentum`, `rmsprop` and `adam`: one step from a place, with a gradient. */
export function optimisers(): CheckRow[] {
  const w = from(-0.4, 0.6);
  const dw = from(-0.6, 0.4);
  const afterMomentum = momentum({ learningRate: 1e-3 }).update(w, dw, { step: 0, velocity: from(0.6, 0.9) });
  const afterRmsprop = rmsprop({ learningRate: 1e-2 }).update(w, dw, { step: 0, square: from(0.6, 0.9) });
  // t = 5 in the notebook's config, which is advanced before it is used.
  const before = { step: 5, mean: from(0.6, 0.9), square: from(0.7, 0.5) };
  const afterAdam = adam({ learningRate: 1e-2 }).update(w, dw, before);
  return [
    ...rows("SGD with momentum", MOMENTUM, {
      next_w: afterMomentum.params,
      velocity: afterMomentum.state.velocity as Tensor,
    }),
    ...rows("RMSProp", RMSPROP, {
      next_w: afterRmsprop.params,
      cache: afterRmsprop.state.square as Tensor,
    }),
    ...rows("Adam", ADAM, {
      next_w: afterAdam.params,
      v: afterAdam.state.square as Tensor,
      m: afterAdam.state.mean as Tensor,
    }),
  ];
}

/** Twenty numbers, as four rows. */
function from(start: number, stop: number): Tensor {
  return reshape(linspace(start, stop, 20), [4, 5]);
}

function rows(
  section: string,
  published: Readonly<Record<string, PublishedUpdate>>,
  results: Readonly<Record<string, Tensor>>,
): CheckRow[] {
  return Object.entries(results).map(([name, result]) => {
    const { expected, error } = published[name]!;
    const value = relError(tensor(expected, { shape: [4, 5] }), result);
    return figure(section, { what: `${name} error`, published: error, value });
  });
}
