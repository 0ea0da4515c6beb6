import { ArgumentError, describe } from "../../graph/index.ts";
import { checkedFinite, checkedInteger, checkedOptions } from "../../graph/options.ts";
import { NumPyRandom, numpyRandom } from "../random/index.ts";
import { checkedKeep } from "./dropout.ts";
import { type FloatDType, floatOf } from "./floatDType.ts";
import { checkedGradients, type Gradients } from "./gradients.ts";

export type Normalization = null | "batchnorm" | "layernorm";

/** What `fullyConnectedNet` is made from: the options of CS231n's FullyConnectedNet, and a few more. */
export interface FullyConnectedOptions {
  /** The number of units in each hidden layer; none makes it a linear classifier. */
  readonly hiddenDims: readonly number[];
  /** How many numbers an example consists of: 3072 unless said otherwise, 3·32·32. */
  readonly inputDim?: number;
  /** 10 unless said otherwise. */
  readonly numClasses?: number;
  /** The probability that a unit is kept, above 0; 1 (as it is unless said otherwise) is no dropout. */
  readonly dropoutKeepRatio?: number;
  /** What comes between each affine layer and its relu: nothing, unless said otherwise. */
  readonly normalization?: Normalization;
  /** Of the weights: 0.5 reg Σ W² is added to the loss. 0 unless said otherwise. */
  readonly reg?: number;
  /** The standard deviation of the initial weights: 1e-2 unless said otherwise. */
  readonly weightScale?: number;
  /** Of the parameters, and what examples are cast to: float32 unless said otherwise. */
  readonly dtype?: FloatDType;
  /** Of the dropout masks, which are NumPy's: 123 unless said otherwise. */
  readonly seed?: number;
  /**
   * When the masks' source starts from the seed. "once" (unless said otherwise): with the network; from then on it
   * moves, and where it stands is part of the state. "eachPass": in every dropout layer at every forward pass, as
   * CS231n does where it checks gradients; layers of one size then have one mask, the same at every step, so it is no
   * good for training. (Nor is it needed for checking: the same state gives the same masks.)
   */
  readonly dropoutSeeding?: "once" | "eachPass";
  /**
   * What the initial weights are drawn from, W1 first: NumPy's legacy source, or a seed of one; 231 unless said
   * otherwise. A source is moved on: several networks may draw from one, one after the other.
   */
  readonly random?: NumPyRandom | number;
  /** Where the gradients of the normalisation come from: the tape unless said otherwise. */
  readonly gradients?: Gradients;
}

const NAMES: readonly (keyof FullyConnectedOptions)[] = [
  "hiddenDims",
  "inputDim",
  "numClasses",
  "dropoutKeepRatio",
  "normalization",
  "reg",
  "weightScale",
  "dtype",
  "seed",
  "dropoutSeeding",
  "random",
  "gradients",
];

/** The same with nothing left out. */
export type Settings = {
  readonly [K in Exclude<keyof FullyConnectedOptions, "random">]-?: Exclude<
    FullyConnectedOptions[K],
    undefined
  >;
} & { readonly random: NumPyRandom };

/** @throws ArgumentError, DTypeError naming the option that is wrong */
export function settingsOf(op: string, options: FullyConnectedOptions): Settings {
  const given = checkedOptions(op, options, NAMES);
  const { dropoutKeepRatio = 1, normalization = null, dropoutSeeding = "once" } = given;
  if (![null, "batchnorm", "layernorm"].includes(normalization)) {
    const expected = 'normalization to be null, "batchnorm" or "layernorm"';
    throw new ArgumentError(op, expected, describe(normalization));
  }
  if (!["once", "eachPass"].includes(dropoutSeeding)) {
    throw new ArgumentError(op, 'dropoutSeeding to be "once" or "eachPass"', describe(dropoutSeeding));
  }
  return {
    hiddenDims: checkedDims(op, given.hiddenDims),
    inputDim: checkedInteger(op, "inputDim", given.inputDim ?? 3072, 1),
    numClasses: checkedInteger(op, "numClasses", given.numClasses ?? 10, 1),
    dropoutKeepRatio: checkedKeep(op, "dropoutKeepRatio", dropoutKeepRatio),
    normalization,
    reg: notNegative(op, "reg", given.reg ?? 0),
    weightScale: notNegative(op, "weightScale", given.weightScale ?? 1e-2),
    dtype: floatOf(op, given.dtype, "float32"),
    seed: checkedInteger(op, "seed", given.seed ?? 123, 0, 2 ** 32 - 1),
    dropoutSeeding,
    random: sourceOf(op, given.random ?? 231),
    gradients: checkedGradients(op, given.gradients),
  };
}

function checkedDims(op: string, dims: unknown): readonly number[] {
  if (!Array.isArray(dims)) throw new ArgumentError(op, "hiddenDims to be an array of sizes", describe(dims));
  return Object.freeze(Array.from(dims, (dim, k) => checkedInteger(op, `hiddenDims[${k}]`, dim, 1)));
}

function notNegative(op: string, what: string, value: unknown): number {
  const number = checkedFinite(op, what, value);
  if (number >= 0) return number;
  throw new ArgumentError(op, `${what} not to be negative`, describe(value));
}

function sourceOf(op: string, random: unknown): NumPyRandom {
  if (random instanceof NumPyRandom) return random;
  const remedy = "its weights are NumPy's: numpyRandom(231)";
  if (typeof random === "number") return numpyRandom(checkedInteger(op, "random", random, 0, 2 ** 32 - 1));
  throw new ArgumentError(op, "random to be a NumPyRandom, or a seed of one", describe(random), remedy);
}
