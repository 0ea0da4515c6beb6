import type { CheckRow } from "../result.ts";
import { affineBackward, affineForward, affineReluBackward, reluBackward, reluForward } from "./affine.ts";
import { batchNormBackward, twoBackwards } from "./batchNormBackward.ts";
import { batchNormForward, batchNormTest } from "./batchNormForward.ts";
import { batchNormNetwork } from "./batchNormNetwork.ts";
import { dropoutBackward, dropoutForward, dropoutForward2017 } from "./dropout.ts";
import { dropoutNetwork } from "./dropoutNetwork.ts";
import { fullyConnected } from "./fullyConnected.ts";
import { layerNormBackward, layerNormForward } from "./layerNorm.ts";
import { losses } from "./losses.ts";
import { optimisers } from "./optimisers.ts";
import { twoLayerNet } from "./twoLayerNet.ts";

/** The check cells of the course's notebooks, in the order in which they are reported. */
export const CELLS: readonly (() => readonly CheckRow[])[] = [
  batchNormForward,
  batchNormTest,
  batchNormBackward,
  twoBackwards,
  batchNormNetwork,
  layerNormForward,
  layerNormBackward,
  affineForward,
  affineBackward,
  reluForward,
  reluBackward,
  affineReluBackward,
  losses,
  twoLayerNet,
  fullyConnected,
  optimisers,
  dropoutForward,
  dropoutForward2017,
  dropoutBackward,
  dropoutNetwork,
];

/**
 * Every figure that the check cells of CS231n's assignment 2 print, beside ours. Inputs are drawn as the notebooks draw
 * them, gradients are the tape's; they are measured as there, against differences of the course's forward passes in
 * NumPy's arithmetic. (These printed errors are errors of such differences: they hang on how a forward pass is
 * rounded, down to its last bit.)
 *
 * @param onDone told how many cells are done, of how many
 */
export function checks(onDone: (done: number, of: number) => void = () => undefined): readonly CheckRow[] {
  return CELLS.flatMap((cell, k) => {
    const rows = cell();
    onDone(k + 1, CELLS.length);
    return rows;
  });
}
