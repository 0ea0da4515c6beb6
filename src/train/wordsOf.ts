import type { RandomState } from "../random/source.ts";

/**
 * The words that integers come from, and the place in them. Not the normal deviate that may wait beside them: drawing
 * indices leaves it alone, and the last bit of it is the engine's.
 */
export function wordsOf(state: RandomState): readonly number[] {
  return "key" in state ? [...state.key, state.position] : state.words;
}
