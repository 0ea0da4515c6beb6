/**
 * Fused normalisations work in float64, derivatives as well as values: the variance of float32 numbers need not be a
 * float32, and their mean, rounded to one, may be off by more than they differ.
 */
import type { Tensor } from "../../graph/tensor.ts";
import { cast } from "../cast.ts";
import type { Fused, Shortcuts } from "./fused.ts";
import { type NormParams, normDType, type XGammaBeta } from "./normalizing.ts";

/** The composition, on inputs widened to float64; what comes of it is rounded once. */
export function composedInFloat64(
  compose: (x: Tensor, gamma: Tensor, beta: Tensor, params: NormParams) => Tensor,
): Fused<XGammaBeta, NormParams>["reference"] {
  return ([x, gamma, beta], params) =>
    cast(compose(wide(x), wide(gamma), wide(beta), params), normDType("reference", x, gamma, beta));
}

/** The closed form likewise. */
export function backwardInFloat64(
  backward: (x: XGammaBeta, params: NormParams, yBar: Tensor) => XGammaBeta,
): Shortcuts<XGammaBeta, NormParams>["closedForm"] {
  return ({ x: [x, gamma, beta], y, params }, yBar) => {
    const bars = backward([wide(x), wide(gamma), wide(beta)], params, wide(yBar));
    return [cast(bars[0], y.dtype), cast(bars[1], y.dtype), cast(bars[2], y.dtype)];
  };
}

function wide(x: Tensor): Tensor {
  return cast(x, "float64");
}
