import { type Axes, AxisError, checkedShape, filled, type Shape, type Tensor } from "../../../graph/index.ts";
import { checkedOptions, NONE } from "../../../graph/options.ts";
import { batchAxes, type Normalizing, normOptions, otherAxes } from "../../../ops/families/normalizing.ts";
import { batchNormInference } from "../../../ops/index.ts";
import { batchNormTraining } from "../batchNormTraining.ts";
import { type FloatDType, floatOf } from "../floatDType.ts";
import { checkedGradients, type Gradients } from "../gradients.ts";
import {
  checkedFolding,
  type Folding,
  foldStatistics,
  initialStatistics,
  type RunningStatistics,
  refuseMomentum,
  type Weight,
} from "../statistics.ts";
import { checkedApply, inputOf, type Layer } from "./layer.ts";

/** One of each a channel. */
export interface ScaleAndShift {
  readonly gamma: Tensor;
  readonly beta: Tensor;
}

export type BatchNormLayerOptions = Normalizing & {
  readonly gradients?: Gradients;
  /** Of the variance that is folded: 0 (biased) unless it is 1. */
  readonly correction?: 0 | 1;
} & (Weight | { readonly decay?: undefined; readonly rate?: undefined });

/**
 * A layer of batch norm. In training it normalises by the batch's statistics and folds them into the running ones,
 * which are its state; in evaluation it normalises by those.
 *
 * Its axes are x's own, with the batch in front: none need be named for rows of features; [0, 2, 3] for NCHW,
 * [0, 1, 2] for NHWC. Running statistics begin with mean 0 and variance 1, and fold with decay 0.9 and correction 0
 * unless it is said otherwise ({@link foldStatistics}).
 *
 * @throws ArgumentError for other options; when it is initialised, ShapeError where axes are needed, AxisError where
 *   they are not x's, or the batch is not among them
 */
export function batchNormLayer(
  options: BatchNormLayerOptions = NONE,
): Layer<ScaleAndShift, RunningStatistics> {
  refuseMomentum(OP, options);
  const { axes, eps, gradients, decay, rate, correction = 0 } = checkedOptions(OP, options, NAMES);
  const isUnsaid = decay === undefined && rate === undefined;
  // Whether it is one of the two is looked at next.
  const folding = { decay: isUnsaid ? 0.9 : decay, rate, correction } as Folding;
  checkedFolding(OP, folding);
  checkedGradients(OP, gradients);
  const how = { ...(axes === undefined ? {} : { axes }), ...(eps === undefined ? {} : { eps }) };
  normOptions(OP, how);
  const form = gradients === undefined ? how : { ...how, gradients };
  return {
    init(_, shape, given = NONE) {
      const dtype = floatOf(OP, checkedOptions(OP, given, ["dtype"]).dtype, "float64");
      const channels = channelsOf(checkedShape(OP, shape), dtype, axes);
      const params = { gamma: filled(channels, dtype, 1), beta: filled(channels, dtype, 0) };
      return { params, state: initialStatistics(channels, { dtype }), shape };
    },
    apply(at, x, given) {
      const t = inputOf(OP, at, x);
      const { gamma, beta } = at.params;
      const { state } = at;
      const { mode } = checkedApply(OP, given);
      if (mode === "evaluation") return { y: batchNormInference(t, state, gamma, beta, how), state };
      const { y, statistics } = batchNormTraining(t, gamma, beta, form);
      return { y, state: foldStatistics(state, statistics, folding) };
    },
  };
}

/** The sizes of the axes that are not averaged over. @throws ShapeError, AxisError */
function channelsOf(shape: Shape, dtype: FloatDType, axes: Axes | undefined): Shape {
  // A batch of any size stands for all.
  const batch = [2, ...shape];
  const over = batchAxes(OP, { shape: batch, dtype }, axes);
  if (!over.includes(0)) throw new AxisError(OP, "axes with 0, the batch's, among them", `[${over}]`);
  return otherAxes(batch.length, over).map((axis) => batch[axis]!);
}

const OP = "batchNormLayer";
const NAMES = ["axes", "eps", "gradients", "decay", "rate", "correction"];
