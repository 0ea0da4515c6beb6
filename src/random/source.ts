/** Either of the library's two kinds of random source, for whoever does not mind which. */
import { ArgumentError, describe, type Tensor } from "../../graph/index.ts";
import type { MT19937State } from "./mt19937.ts";
import { NumPyRandom } from "./numpyRandom.ts";
import { Random } from "./random.ts";
import type { StreamState } from "./stream.ts";

/** What `random(seed)` makes, or `numpyRandom(seed)`, to draw as NumPy does. Every draw moves it on. */
export type RandomSource = Random | NumPyRandom;

/** Where a source stands: plain data, fit for JSON. */
export type RandomState = StreamState | MT19937State;

/** @throws ArgumentError for anything but a source, a bare seed above all */
export function checkedSource(op: string, what: string, source: unknown): RandomSource {
  if (source instanceof Random || source instanceof NumPyRandom) return source;
  const remedy = "random(7) makes one, and numpyRandom(231)";
  throw new ArgumentError(op, `${what} to be a source of random numbers`, describe(source), remedy);
}

/** A source that goes on where the state was taken. @throws ArgumentError for what is no such state */
export function sourceAt(state: RandomState): RandomSource {
  const isNumPy = typeof state === "object" && state !== null && "key" in state;
  return isNumPy ? NumPyRandom.from(state) : Random.from(state);
}

/** So many of 0 .. n - 1, any of them several times, as int32: `np.random.choice(n, count)`. */
export function choose(source: RandomSource, n: number, count: number): Tensor {
  return source instanceof NumPyRandom ? source.choice(n, [count]) : source.integers([count], { high: n });
}

/** A seed for another source: one draw. */
export function seedFrom(source: RandomSource): number {
  const seed = source instanceof Random ? source.integers([], { high: 2 ** 31 }) : source.randint(0, 2 ** 31);
  return seed.item();
}
