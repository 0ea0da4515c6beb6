import type { Tensor } from "../../graph/index.ts";
import { checkedInteger, checkedOptions, NONE } from "../../graph/options.ts";
import { netOf } from "./fullyConnectedNet.ts";
import { type FullyConnectedOptions, settingsOf } from "./fullyConnectedOptions.ts";
import type { FullyConnectedState } from "./fullyConnectedStart.ts";
import type { Model } from "./model.ts";

/** What `twoLayerNet` is made from: the options of CS231n's TwoLayerNet, and a few more. */
export interface TwoLayerOptions
  extends Pick<
    FullyConnectedOptions,
    "inputDim" | "numClasses" | "reg" | "weightScale" | "dtype" | "random"
  > {
  /** 100 unless said otherwise. */
  readonly hiddenDim?: number;
}

export type TwoLayerParams = Readonly<Record<"W1" | "b1" | "W2" | "b2", Tensor>>;

/**
 * CS231n's TwoLayerNet: affine - relu - affine - softmax, as a {@link Model}.
 *
 * A `fullyConnectedNet` of one hidden layer, but that weights are 1e-3 · randn and parameters float64 unless said
 * otherwise.
 *
 * @throws ArgumentError, DTypeError naming the option that is wrong
 */
export function twoLayerNet(options: TwoLayerOptions = NONE): Model<TwoLayerParams, FullyConnectedState> {
  const { hiddenDim, ...given } = checkedOptions("twoLayerNet", options, [
    "inputDim",
    "hiddenDim",
    "numClasses",
    "weightScale",
    "reg",
    "dtype",
    "random",
  ]);
  const units = checkedInteger("twoLayerNet", "hiddenDim", hiddenDim ?? 100, 1);
  const settings = settingsOf("twoLayerNet", {
    ...given,
    weightScale: given.weightScale ?? 1e-3,
    dtype: given.dtype ?? "float64",
    hiddenDims: [units],
  });
  // One hidden layer without a normalisation has these four parameters.
  return netOf("twoLayerNet", settings) as Model<TwoLayerParams, FullyConnectedState>;
}
