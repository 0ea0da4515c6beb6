/** What the experiments train on: CIFAR-10 where it is, or else digits that come from npm, so that they always run. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { DType } from "../../graph/index.ts";
import { centered, findCifar10, meanOf, mnistDigits, shuffled, splitRows } from "../data/index.ts";
import { numpyRandom } from "../random/index.ts";
import type { TrainingData } from "../train/index.ts";

/** The course trains its small networks on the first thousand images. */
const TRAIN = 1000;
const VAL = 1000;

/** Where to read from: plain data, so that a worker can be told. */
export type Place = { readonly cifar10: string } | { readonly mnist: true };

export interface Dataset {
  /** What it is, in a sentence. */
  readonly name: string;
  /** Whether the losses published for the course are those of these images. */
  readonly isCourse: boolean;
  readonly inputDim: number;
  readonly data: TrainingData;
}

/** Folders looked into where none was named. */
const USUAL: readonly string[] = ["../shared/data", "data"];

/**
 * The folder that was named, or the first of the usual ones that has CIFAR-10 in it; MNIST where none has.
 *
 * @throws DataError where the folder that was named has no CIFAR-10, or a damaged one
 */
export async function findData(folder: string | undefined): Promise<Place> {
  if (folder !== undefined) {
    await findCifar10(folder, { train: 1, test: 1 });
    return { cifar10: resolve(folder) };
  }
  for (const usual of USUAL) {
    if (!existsSync(usual)) continue;
    const isThere = await findCifar10(usual, { train: 1, test: 1 }).then(
      () => true,
      () => false,
    );
    if (isThere) return { cifar10: resolve(usual) };
  }
  return { mnist: true };
}

/** @throws DataError where files are damaged, or the package mnist is not installed */
export async function load(place: Place, dtype: DType): Promise<Dataset> {
  return "cifar10" in place ? cifar10(place.cifar10, dtype) : mnist(dtype);
}

/**
 * The course subtracts the mean of its 49,000 training images. Where there are not so many, the mean image beside
 * the sample stands in for it, or else the mean of the images trained on.
 */
async function cifar10(folder: string, dtype: DType): Promise<Dataset> {
  const { train, test, mean } = await findCifar10(folder, { dtype, train: TRAIN, test: VAL });
  const mu = mean ?? meanOf(train.x);
  const subtracted = mean === null ? "their mean" : "the mean image that lies beside them";
  return {
    name: `CIFAR-10: ${train.x.shape[0]} training images, ${test.x.shape[0]} test images for validation, less ${subtracted}`,
    isCourse: true,
    inputDim: 3072,
    data: {
      trainX: centered(train.x, mu),
      trainY: train.labels,
      valX: centered(test.x, mu),
      valY: test.labels,
    },
  };
}

async function mnist(dtype: DType): Promise<Dataset> {
  const perClass = (TRAIN + VAL) / 10;
  const digits = await mnistDigits({ perClass, dtype });
  const parts = splitRows(shuffled(digits, numpyRandom(231)), [TRAIN, VAL]);
  const [train, val] = [parts[0]!, parts[1]!];
  const mu = meanOf(train.x);
  return {
    name: `MNIST (no CIFAR-10 was found): ${TRAIN} training and ${VAL} validation digits of the package mnist, less their mean`,
    isCourse: false,
    inputDim: 784,
    data: {
      trainX: centered(train.x, mu),
      trainY: train.labels,
      valX: centered(val.x, mu),
      valY: val.labels,
    },
  };
}
