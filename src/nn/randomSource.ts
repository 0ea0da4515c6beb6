import { ArgumentError, describe } from "../../graph/index.ts";
import { type MT19937State, NumPyRandom, Random, type StreamState } from "../random/index.ts";

/** Where random numbers come from: what `random(seed)` or `numpyRandom(seed)` makes. Every draw moves it on. */
export type RandomSource = Random | NumPyRandom;

/** Where a source stands: plain data, fit for JSON. */
export type RandomState = StreamState | MT19937State;

/** @throws ArgumentError for anything but a source */
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

/** A seed for another source: one draw. */
export function seedFrom(source: RandomSource): number {
  const seed = source instanceof Random ? source.integers([], { high: 2 ** 31 }) : source.randint(0, 2 ** 31);
  return seed.item();
}
