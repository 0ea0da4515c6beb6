import { ShapeError, type Tensor } from "../../graph/index.ts";
import { argmax, slice } from "../../ops/index.ts";
import type { Model, Standing } from "../nn/model.ts";
import type { Tree } from "../tree.ts";

/** Samples that are looked at together: a whole data set would make scores, and all between, as large. */
const CHUNK = 100;

/**
 * The share of samples whose label has the highest score, in evaluation mode.
 *
 * @throws ShapeError where the model's scores are not [samples, classes]
 */
export function accuracyOf<P extends Tree, S>(
  model: Model<P, S>,
  at: Standing<P, S>,
  x: Tensor,
  labels: Tensor,
): number {
  const n = x.shape[0]!;
  let right = 0;
  for (let start = 0; start < n; start += CHUNK) {
    const count = Math.min(CHUNK, n - start);
    const scores = model.loss(at, slice(x, [[start, start + count]]));
    if (scores.rank !== 2 || scores.shape[0] !== count) {
      throw new ShapeError("train", `the model's scores to be [${count}, classes]`, `[${scores.shape}]`);
    }
    const best = argmax(scores, 1).data;
    for (let i = 0; i < count; i++) if (best[i] === labels.data[start + i]) right++;
  }
  return right / n;
}
