/** What a fully connected network starts with: parameters and state, and what these are. */
import { ArgumentError, describe, filled, type Tensor } from "../../graph/index.ts";
import { cast, mul } from "../../ops/index.ts";
import { type MT19937State, NumPyRandom, numpyRandom } from "../random/index.ts";
import type { Settings } from "./fullyConnectedOptions.ts";
import { initialStatistics, type RunningStatistics } from "./statistics.ts";

/** W1, b1, gamma1, beta1, W2, ...: gammas and betas where there is a normalisation, and none behind the last layer. */
export type FullyConnectedParams = Readonly<Record<string, Tensor>>;

/** What moves along with a network without a gradient. */
export interface FullyConnectedState {
  /** One for each batch norm, from the first on. */
  readonly statistics: readonly RunningStatistics[];
  /** Where the source of the dropout masks stands; null without dropout. */
  readonly dropout: MT19937State | null;
}

/** W ~ weightScale · randn, drawn in order; b and beta 0, gamma 1. */
export function initialParams(settings: Settings): FullyConnectedParams {
  const { hiddenDims, inputDim, numClasses, normalization, weightScale, dtype, random } = settings;
  const params: Record<string, Tensor> = {};
  [...hiddenDims, numClasses].forEach((units, k) => {
    const inputs = k === 0 ? inputDim : hiddenDims[k - 1]!;
    params[`W${k + 1}`] = cast(mul(weightScale, random.randn(inputs, units)), dtype);
    params[`b${k + 1}`] = filled([units], dtype, 0);
    if (normalization === null || k === hiddenDims.length) return;
    params[`gamma${k + 1}`] = filled([units], dtype, 1);
    params[`beta${k + 1}`] = filled([units], dtype, 0);
  });
  return Object.freeze(params);
}

/** Statistics from zeros, and the source of the masks at its seed. */
export function initialState({
  hiddenDims,
  normalization,
  dropoutKeepRatio,
  dtype,
  seed,
}: Settings): FullyConnectedState {
  const normalised = normalization === "batchnorm" ? hiddenDims : [];
  return Object.freeze({
    statistics: Object.freeze(normalised.map((units) => initialStatistics([units], { variance: 0, dtype }))),
    dropout: dropoutKeepRatio === 1 ? null : numpyRandom(seed).state(),
  });
}

/** Of each batch norm. @throws ArgumentError where the state is that of another network */
export function runningOf(
  op: string,
  state: FullyConnectedState,
  settings: Settings,
): readonly RunningStatistics[] {
  const count = settings.normalization === "batchnorm" ? settings.hiddenDims.length : 0;
  const { statistics } = (state ?? {}) as Partial<FullyConnectedState>;
  if (Array.isArray(statistics) && statistics.length === count) return statistics;
  throw new ArgumentError(op, `a state with statistics of ${count} batch norms`, describe(statistics));
}

/** The source of the masks, from where it stood; null where everything is kept. */
export function sourceOf(state: FullyConnectedState, settings: Settings): NumPyRandom | null {
  return settings.dropoutKeepRatio === 1 ? null : NumPyRandom.from(state.dropout as MT19937State);
}
