import { toAgreeWith } from "./toAgreeWith.ts";
import { toBeCloseToTensor } from "./toBeCloseToTensor.ts";
import { toHaveCorrectGradients } from "./toHaveCorrectGradients.ts";

/** All of them, for any `expect` that can be extended: vitest's, and Jest's by `expect.extend(matchers)`. */
export const matchers: {
  readonly toAgreeWith: typeof toAgreeWith;
  readonly toBeCloseToTensor: typeof toBeCloseToTensor;
  readonly toHaveCorrectGradients: typeof toHaveCorrectGradients;
} = { toAgreeWith, toBeCloseToTensor, toHaveCorrectGradients };
