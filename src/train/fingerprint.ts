/** What makes two runs the same run: everything that decides on their numbers, as far as it can be seen. */
import { type Data, filled, fromData, type Tensor } from "../../graph/index.ts";
import { take } from "../../ops/index.ts";
import type { Model } from "../nn/model.ts";
import { NumPyRandom } from "../random/index.ts";
import type { RandomState } from "../random/source.ts";
import { flatten, type Tree } from "../tree.ts";
import { PARTS, type TrainingData } from "./data.ts";
import type { LoopOptions } from "./options.ts";
import { wordsOf } from "./wordsOf.ts";

/** Plain data. How many epochs there are does not count: a run may be made longer. */
export interface Fingerprint {
  /** What has to be equal. */
  readonly exact: Readonly<Record<string, string | number>>;
  /**
   * What has to be nearly so, since engines differ in the last bits of `exp` and the like. Neither the model nor the
   * optimiser shows its settings; so each is asked for a number that depends on them.
   */
  readonly near: Readonly<Record<string, number>>;
}

/** @param start where the source stood before the first step */
export function fingerprintOf<P extends Tree, S, O extends Tree>(
  model: Model<P, S>,
  data: TrainingData,
  options: LoopOptions<O>,
  start: RandomState,
): Fingerprint {
  const { batchSize, learningRateDecay, trainSamples, optimizer, random } = options;
  const contents = PARTS.map((part) => [part, described(data[part])] as const);
  return {
    exact: {
      batchSize,
      learningRateDecay,
      trainSamples,
      optimizer: optimizer.name,
      random: `${random instanceof NumPyRandom ? "numpyRandom" : "random"} at ${hash(Uint32Array.from(wordsOf(start)))}`,
      ...Object.fromEntries(contents),
    },
    near: {
      "the model's first parameters, in a weighted sum": weighted(model.params),
      "the model's loss on the first samples": firstLoss(model, data, batchSize),
      "the optimizer's first steps, in a weighted sum": firstSteps(model.params, options),
    },
  };
}

/**
 * In what a run differs from one that was saved, in words; empty where it is the same. Where anything else differs
 * already, numbers that depend on it would say so once more: they are left out.
 */
export function mismatches(saved: Fingerprint, here: Fingerprint, isAlike: boolean): readonly string[] {
  const exact = Object.keys(here.exact)
    .filter((key) => saved.exact[key] !== here.exact[key])
    .map((key) => `${key} is ${here.exact[key]}, and was ${saved.exact[key]}`);
  if (exact.length > 0 || !isAlike) return exact;
  return Object.keys(here.near)
    .filter((key) => !isNear(saved.near[key], here.near[key]!))
    .map((key) => `${key} is ${here.near[key]}, and was ${saved.near[key]}`);
}

function isNear(a: number | undefined, b: number): boolean {
  if (a === undefined) return false;
  return Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
}

function described(x: Tensor): string {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = x.data.subarray() as Data;
  const words =
    BYTES_PER_ELEMENT >= 4
      ? new Uint32Array(buffer, byteOffset, byteLength / 4)
      : new Uint8Array(buffer, byteOffset, byteLength);
  return `${x.dtype}[${x.shape}] ${hash(words)}`;
}

/** 64 bits of all that is in there. It tells data sets apart; it is no protection against forgery. */
function hash(words: Uint32Array | Uint8Array): string {
  let a = 0x243f6a88;
  let b = words.length | 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    // Turned, so that the high bits, signs and exponents, reach the low ones.
    const product = Math.imul(a ^ word, 0x9e3779b1);
    a = (product << 15) | (product >>> 17);
    const other = Math.imul(b ^ word, 0x85ebca77) + a;
    b = (other << 13) | (other >>> 19);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

function weighted(tree: Tree): number {
  let total = 0;
  let k = 0;
  for (const { data } of flatten("train", "the parameters", tree).leaves) {
    for (let i = 0; i < data.length; i++) total += data[i]! * Math.cos(k++);
  }
  return total;
}

function firstLoss<P extends Tree, S>(model: Model<P, S>, data: TrainingData, batchSize: number): number {
  const n = data.trainX.shape[0]!;
  const rows = fromData(
    [batchSize],
    "int32",
    Int32Array.from({ length: batchSize }, (_, i) => i % n),
  );
  return model.loss(model, take(data.trainX, rows, 0), take(data.trainY, rows, 0)).loss;
}

/** Three steps on parameters of the model's names, dtypes and ranks, but small: two show decays, three a bias. */
function firstSteps<O extends Tree>(params: Tree, { optimizer }: LoopOptions<O>): number {
  const flat = flatten<Tree>("train", "the parameters", params);
  const small = flat.rebuild(
    flat.leaves.map(({ shape, dtype }) =>
      filled(
        shape.map((n) => Math.min(n, 2)),
        dtype,
        0.5,
      ),
    ),
  );
  const { leaves, rebuild } = flatten<Tree>("train", "the parameters", small);
  let at = { params: small, state: optimizer.init(small) };
  for (const size of [1e-3, 1, -0.25]) {
    const grads = rebuild(leaves.map(({ shape, dtype }) => filled(shape, dtype, size)));
    at = optimizer.update(at.params, grads, at.state);
  }
  return weighted(at.params);
}
