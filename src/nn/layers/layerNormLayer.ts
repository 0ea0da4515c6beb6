import { type Axes, AxisError, checkedShape, filled, normalizeAxes } from "../../../graph/index.ts";
import { checkedOptions, NONE } from "../../../graph/options.ts";
import { type Normalizing, normOptions } from "../../../ops/families/normalizing.ts";
import { floatOf } from "../floatDType.ts";
import { checkedGradients, type Gradients, layerNormOf } from "../gradients.ts";
import type { ScaleAndShift } from "./batchNormLayer.ts";
import { inputOf, type Layer } from "./layer.ts";

const OP = "layerNormLayer";

/**
 * A layer of layer norm, over the last axis unless `axes` names others (x's own, with the batch in front). It is the
 * same in training and evaluation.
 *
 * @throws ArgumentError for other options; AxisError, when it is initialised, where the axes are not x's, or the batch
 *   is among them
 */
export function layerNormLayer(
  options: Normalizing & { readonly gradients?: Gradients } = NONE,
): Layer<ScaleAndShift, null> {
  const { gradients, ...how } = checkedOptions(OP, options, ["axes", "eps", "gradients"]);
  checkedGradients(OP, gradients);
  normOptions(OP, how);
  const form = gradients === undefined ? how : { ...how, gradients };
  return {
    init(_, shape, given = NONE) {
      const dtype = floatOf(OP, checkedOptions(OP, given, ["dtype"]).dtype, "float64");
      const features = featureAxes(how.axes ?? -1, checkedShape(OP, shape).length + 1).map(
        (axis) => shape[axis - 1]!,
      );
      const params = { gamma: filled(features, dtype, 1), beta: filled(features, dtype, 0) };
      return { params, state: null, shape };
    },
    apply(at, x) {
      const t = inputOf(OP, at, x);
      const { gamma, beta } = at.params;
      return { y: layerNormOf(OP, t, gamma, beta, form), state: null };
    },
  };
}

/** @throws AxisError where they are not x's, or the batch is among them */
function featureAxes(axes: Axes, rank: number): readonly number[] {
  const over = normalizeAxes(OP, axes, rank);
  if (!over.includes(0)) return over;
  throw new AxisError(OP, "axes without 0, the batch's", `[${over}]`, "an example is normalised by itself");
}
