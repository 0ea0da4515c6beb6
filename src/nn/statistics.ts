import { castDraft, isDraftable, produce } from "immer";
import {
  ArgumentError,
  describe,
  filled,
  type Shape,
  ShapeError,
  sameShape,
  Tensor,
} from "../../graph/index.ts";
import { checkedFinite, checkedOptions, NONE } from "../../graph/options.ts";
import { add, cast, mul, type Statistics } from "../../ops/index.ts";
import { type FloatDType, floatOf } from "./floatDType.ts";

/** What a batch was like, channel by channel: values, off every tape that they were computed on. */
export interface BatchStatistics extends Statistics {
  /** How many values of a channel there were. */
  readonly count: number;
}

/** What batch norm in training mode gives. */
export interface Normalized {
  readonly y: Tensor;
  readonly statistics: BatchStatistics;
}

/**
 * Statistics of many batches, folded: an immutable value, which evaluation mode normalises with
 * (`batchNormInference`).
 */
export type RunningStatistics = Statistics;

/** How a batch's statistics are folded into the running ones. No option is called momentum, which means both. */
export type Folding = Weight & {
  /**
   * What the number of values is reduced by in the variance: 0 for the biased variance, which training normalises
   * with (CS231n, Keras), 1 for the unbiased one (PyTorch).
   */
  readonly correction: 0 | 1;
};

/** Exactly one of the two. */
export type Weight =
  /** The weight of the old: CS231n's and Keras's momentum. */
  | { readonly decay: number; readonly rate?: undefined }
  /** The weight of the new: PyTorch's momentum. */
  | { readonly rate: number; readonly decay?: undefined };

/**
 * What is known before the first batch.
 *
 * @param shape of a channel's parameters, as gamma's: [C]
 * @param options the variance: 1 unless it is 0, as in CS231n; the dtype: float64 unless it is float32
 * @throws ShapeError, DTypeError, ArgumentError
 */
export function initialStatistics(
  shape: Shape,
  options: { readonly variance?: number; readonly dtype?: FloatDType } = NONE,
): RunningStatistics {
  const { variance = 1, dtype } = checkedOptions("initialStatistics", options, ["variance", "dtype"]);
  const float = floatOf("initialStatistics", dtype, "float64");
  if (!(checkedFinite("initialStatistics", "variance", variance) >= 0)) {
    throw new ArgumentError("initialStatistics", "a variance >= 0", describe(variance));
  }
  return Object.freeze({ mean: filled(shape, float, 0), variance: filled(shape, float, variance) });
}

/**
 * The running statistics after one more batch, as new values; those before it are left as they were:
 *
 *     foldStatistics(running, statistics, { decay: 0.9, correction: 0 })   // CS231n
 *     foldStatistics(running, statistics, { rate: 0.1, correction: 1 })    // PyTorch
 *
 * They keep the dtype that they have. The variance of a batch is biased, as batchNormTraining gives it; with
 * correction 1 it is multiplied by count / (count - 1), where count is the number of values of a channel: N for
 * [N, D], N·H·W for images.
 *
 * @throws ArgumentError unless there are exactly one of decay and rate, from 0 to 1, and a correction of 0 or 1; and
 *   where an unbiased variance is asked of a single value
 * @throws ShapeError where batch and running statistics are not of the same channels
 */
export function foldStatistics(
  running: RunningStatistics,
  batch: BatchStatistics,
  folding: Folding,
): RunningStatistics {
  const { old, fresh, correction } = checkedFolding("foldStatistics", folding);
  assertStatistics("running", running);
  assertStatistics("batch", batch);
  for (const name of ["mean", "variance"] as const) assertSame(name, running[name], batch[name]);
  const factor = correction === 0 ? 1 : unbiased(batch.count);
  const mixed = (before: Tensor, now: Tensor): Tensor =>
    add(mul(old, before), mul(fresh, cast(now, before.dtype)));
  return produce(running, (draft) => {
    draft.mean = castDraft(mixed(running.mean, batch.mean));
    draft.variance = castDraft(
      mixed(running.variance, factor === 1 ? batch.variance : mul(factor, batch.variance)),
    );
  });
}

/** The weights of old and new, and the correction. @throws ArgumentError for anything but a folding */
export function checkedFolding(
  op: string,
  folding: Folding,
): { readonly old: number; readonly fresh: number; readonly correction: 0 | 1 } {
  refuseMomentum(op, folding);
  const { decay, rate, correction } = checkedOptions(op, folding, ["decay", "rate", "correction"]);
  if ((decay === undefined) === (rate === undefined)) {
    const received = decay === undefined ? "neither" : "both";
    const remedy = "decay is the weight of the old, rate that of the new, and they add up to 1";
    throw new ArgumentError(op, "exactly one of decay and rate", received, remedy);
  }
  if (correction !== 0 && correction !== 1) {
    const remedy = "0 folds the biased variance (CS231n, Keras), 1 the unbiased one (PyTorch)";
    throw new ArgumentError(op, "a correction of 0 or 1", describe(correction), remedy);
  }
  const weight = decay ?? rate;
  if (typeof weight !== "number" || !(weight >= 0 && weight <= 1)) {
    const what = decay === undefined ? "a rate" : "a decay";
    throw new ArgumentError(op, `${what} from 0 to 1`, describe(weight));
  }
  return decay === undefined
    ? { old: 1 - weight, fresh: weight, correction }
    : { old: weight, fresh: 1 - weight, correction };
}

/** @throws ArgumentError for an option of that name, which means one thing to half of its users */
export function refuseMomentum(op: string, options: object): void {
  if (typeof options !== "object" || options === null || !("momentum" in options)) return;
  const remedy = "decay is the weight of the old (CS231n, Keras), rate that of the new (PyTorch)";
  throw new ArgumentError(op, "decay or rate", "momentum", remedy);
}

function unbiased(count: number): number {
  if (Number.isSafeInteger(count) && count > 1) return count / (count - 1);
  const remedy = "one value has no unbiased variance: use correction 0, or a larger batch";
  throw new ArgumentError(
    "foldStatistics",
    "a count of at least 2, for correction 1",
    describe(count),
    remedy,
  );
}

function assertStatistics(what: string, statistics: Statistics): void {
  const given: Partial<Statistics> | null | undefined = statistics;
  const isPair = given?.mean instanceof Tensor && given.variance instanceof Tensor;
  if (isPair && isDraftable(given)) return;
  const expected = `${what} statistics { mean, variance }`;
  throw new ArgumentError("foldStatistics", expected, describe(statistics));
}

function assertSame(name: string, running: Tensor, batch: Tensor): void {
  if (sameShape(running.shape, batch.shape)) return;
  throw new ShapeError("foldStatistics", `a ${name} of shape [${running.shape}]`, `[${batch.shape}]`);
}
