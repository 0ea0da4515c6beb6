import { ArgumentError, describe, type Tensor, type TensorLike } from "../../graph/index.ts";
import { checkedOptions } from "../../graph/options.ts";
import type { Normalizing } from "../../ops/families/normalizing.ts";
import { fusedLayerNorm, layerNorm } from "../../ops/index.ts";

/**
 * Where a normalisation's gradient comes from: the tape of its composition, or the closed form of the fused op. They
 * give the same, up to rounding; the fused form is faster, the tape shows every step.
 */
export type Gradients = "tape" | "fused";

/** @throws ArgumentError for anything else */
export function checkedGradients(op: string, gradients: Gradients | undefined): Gradients {
  if (gradients === undefined) return "tape";
  if (gradients === "tape" || gradients === "fused") return gradients;
  throw new ArgumentError(op, 'gradients to be "tape" or "fused"', describe(gradients));
}

/** Layer norm in either form. @throws as layerNorm does, and ArgumentError for other options */
export function layerNormOf(
  op: string,
  x: TensorLike,
  gamma: TensorLike,
  beta: TensorLike,
  options: Normalizing & { readonly gradients?: Gradients },
): Tensor {
  const { gradients, ...how } = checkedOptions(op, options, ["axes", "eps", "gradients"]);
  const normalize = checkedGradients(op, gradients) === "fused" ? fusedLayerNorm : layerNorm;
  return normalize(x, gamma, beta, how);
}
