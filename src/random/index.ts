export type { MT19937State } from "./mt19937.ts";
export { NumPyRandom, numpyRandom } from "./numpyRandom.ts";
export { type FloatOption, Random, random } from "./random.ts";
export type { RandomSource, RandomState } from "./source.ts";
export type { StreamLabel, StreamState } from "./stream.ts";
