import type { Tensor } from "../../graph/index.ts";
import { checkedInteger, checkedOptions, NONE } from "../../graph/options.ts";
import { decoded, recordsIn } from "./cifar10.ts";
import { unusable } from "./error.ts";
import { type FilePath, type Folder, listed, type Opened, opened } from "./file.ts";
import { readMean } from "./meanImage.ts";
import { type ImageOptions, imageOptions, type Labelled } from "./pixels.ts";

/** What is in a folder of CIFAR-10. */
export interface Cifar10 {
  readonly train: Labelled;
  readonly test: Labelled;
  /** The mean image that lies beside them, [3, 32, 32]; null where none does. */
  readonly mean: Tensor | null;
}

/** How much is read, and as what. */
export interface Cifar10Options extends Pick<ImageOptions, "dtype" | "unit"> {
  /** Only so many training images from the beginning, not all. */
  readonly train?: number;
  /** Only so many test images from the beginning, not all. */
  readonly test?: number;
}

const BATCHES: readonly string[] = [1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`);
const TEST_BATCH = "test_batch.bin";
/** Where the official archive puts its files. */
const UNPACKED = "cifar-10-batches-bin";
const SAMPLES = { train: /^cifar10_train.*\.bin$/, test: /^cifar10_test.*\.bin$/ } as const;
const MEAN = /^mean_image.*hwc_f64\.bin$/;

/**
 * CIFAR-10 from a folder: the official `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin` (or the folder
 * `cifar-10-batches-bin` that they were unpacked to), or samples named `cifar10_train*.bin` and `cifar10_test*.bin`.
 *
 * All 50,000 training images are 1.2 GB as float64 and half of that as float32; `train` reads fewer.
 *
 * @throws DataError where there are no such files, or only some, or one is damaged
 */
export async function findCifar10(folder: FilePath, options: Cifar10Options = NONE): Promise<Cifar10> {
  const { train, test, ...how } = checkedOptions("findCifar10", options, ["dtype", "unit", "train", "test"]);
  const reading = imageOptions("findCifar10", how, []);
  const wanted = { train: countOf("train", train), test: countOf("test", test) };
  const place = await listed("findCifar10", folder);
  const { inside, files } = await layoutOf(place);
  const from = async (names: readonly string[], first: number | null): Promise<Labelled> =>
    decoded(await openedUpTo(inside, names, first), { ...reading, first });
  const mean = only(inside, MEAN);
  return {
    train: await from(files.train, wanted.train),
    test: await from(files.test, wanted.test),
    mean: mean === null ? null : await readMean("findCifar10", inside.at(mean), reading),
  };
}

function countOf(name: string, count: number | undefined): number | null {
  return count === undefined ? null : checkedInteger("findCifar10", name, count, 0);
}

interface Layout {
  readonly inside: Folder;
  readonly files: { readonly train: readonly string[]; readonly test: readonly string[] };
}

async function layoutOf(place: Folder): Promise<Layout> {
  const inside = place.names.includes(UNPACKED) ? await listed("findCifar10", place.at(UNPACKED)) : place;
  const { names } = inside;
  const official = [...BATCHES, TEST_BATCH];
  if (official.some((name) => names.includes(name))) {
    const missing = official.filter((name) => !names.includes(name));
    if (missing.length === 0) return { inside, files: { train: BATCHES, test: [TEST_BATCH] } };
    throw unusable(
      inside.source,
      `all of ${official.join(", ")} in ${inside.source.file}`,
      `no ${missing.join(", ")}`,
    );
  }
  const train = only(inside, SAMPLES.train);
  const test = only(inside, SAMPLES.test);
  if (train !== null && test !== null) return { inside, files: { train: [train], test: [test] } };
  throw unusable(
    inside.source,
    `${BATCHES[0]} to ${BATCHES[4]} and ${TEST_BATCH}, or cifar10_train*.bin and cifar10_test*.bin, in ${inside.source.file}`,
    train !== null ? `${train} alone` : test !== null ? `${test} alone` : "none of them",
    names.includes("data_batch_1") ? "this is the version for Python: get the binary one" : "",
  );
}

/** The one file with such a name, or null. @throws DataError where there are several */
function only({ source, names }: Folder, pattern: RegExp): string | null {
  const [name = null, ...others] = names.filter((candidate) => pattern.test(candidate));
  if (others.length === 0) return name;
  throw unusable(source, `one file like ${name} in ${source.file}`, `${[name, ...others].join(", ")}`);
}

/** As many of the files as it takes to have so many records. */
async function openedUpTo(
  folder: Folder,
  names: readonly string[],
  first: number | null,
): Promise<readonly Opened[]> {
  const files: Opened[] = [];
  let records = 0;
  for (const name of names) {
    if (first !== null && records >= first && files.length > 0) break;
    const file = await opened("findCifar10", folder.at(name), { gzip: false });
    records += recordsIn(file);
    files.push(file);
  }
  return files;
}
