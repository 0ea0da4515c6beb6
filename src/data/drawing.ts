/** The rows that chance chooses. */
import { ArgumentError, describe, type Tensor } from "../../graph/index.ts";
import { NumPyRandom } from "../random/numpyRandom.ts";
import { Random } from "../random/random.ts";

/** What random rows are drawn from: `random(231)`, or `numpyRandom(231)` to draw as NumPy does. */
export type RandomSource = Random | NumPyRandom;

/** @throws ArgumentError for anything else, a bare seed above all */
export function checkedSource(op: string, random: RandomSource): RandomSource {
  if (random instanceof Random || random instanceof NumPyRandom) return random;
  const remedy = "the same seed gives the same rows: random(231)";
  throw new ArgumentError(op, "a source made by random(seed) or numpyRandom(seed)", describe(random), remedy);
}

/** So many of n rows, any of them several times: `np.random.choice(n, count)`. */
export function drawnRows(random: RandomSource, n: number, count: number): Tensor {
  if (random instanceof NumPyRandom) return random.choice(n, [count]);
  return random.integers([count], { high: n });
}
