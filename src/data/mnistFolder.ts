import { checkedInteger, checkedOptions, NONE } from "../../graph/options.ts";
import { unusable } from "./error.ts";
import { type FilePath, type Folder, listed } from "./file.ts";
import { pairFrom } from "./mnist.ts";
import { type ImageOptions, imageOptions, type Labelled } from "./pixels.ts";

/** What is in a folder of MNIST. */
export interface Mnist {
  readonly train: Labelled;
  readonly test: Labelled;
}

/** How much is read, and as what. */
export interface MnistOptions extends Pick<ImageOptions, "dtype" | "unit"> {
  /** Only so many training images from the beginning, not all. */
  readonly train?: number;
  /** Only so many test images from the beginning, not all. */
  readonly test?: number;
}

/**
 * MNIST from a folder with its four files, `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the two of `t10k`,
 * gzip'ed or not, with a dash or (as some archives have it) a dot before `idx`.
 *
 * @throws DataError where one is not there, or damaged
 * @throws ShapeError where there is not one label an image
 */
export async function findMnist(folder: FilePath, options: MnistOptions = NONE): Promise<Mnist> {
  const { train, test, ...how } = checkedOptions("findMnist", options, ["dtype", "unit", "train", "test"]);
  const reading = imageOptions("findMnist", how, []);
  const count = (name: string, given: number | undefined): number | null =>
    given === undefined ? null : checkedInteger("findMnist", name, given, 0);
  const wanted = { train: count("train", train), test: count("test", test) };
  const inside = await listed("findMnist", folder);
  const files = {
    train: [fileIn(inside, "train-images", 3), fileIn(inside, "train-labels", 1)],
    test: [fileIn(inside, "t10k-images", 3), fileIn(inside, "t10k-labels", 1)],
  } as const;
  const pair = (part: "train" | "test"): Promise<Labelled> =>
    pairFrom("findMnist", ...files[part], { ...reading, first: wanted[part] });
  return { train: await pair("train"), test: await pair("test") };
}

function fileIn({ source, names, at }: Folder, stem: string, rank: 1 | 3): string {
  const spellings = ["-", "."].flatMap((dash) =>
    ["", ".gz"].map((end) => `${stem}${dash}idx${rank}-ubyte${end}`),
  );
  const found = spellings.find((name) => names.includes(name));
  if (found !== undefined) return at(found);
  const expected = `${spellings[0]} (or with .gz) in ${source.file}`;
  throw unusable(source, expected, "none");
}
