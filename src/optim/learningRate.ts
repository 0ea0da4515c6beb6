import {
  ArgumentError,
  DTypeError,
  describe,
  isFloat,
  ShapeError,
  scalar,
  Tensor,
} from "../../graph/index.ts";
import { cast, mul } from "../../ops/index.ts";
import { checkedNonNegative, isOnTape } from "./checked.ts";
import type { Schedule } from "./optimizer.ts";

/**
 * A schedule, or a float tensor of rank 0, which may be the leaf of a tape: a rate to be differentiated, or one that a
 * compiled step is given anew each time.
 */
export type LearningRate = Schedule | Tensor;

/**
 * How many steps have been taken. A number, unless the state is on a tape: there it is a tensor of rank 0, so that
 * bias corrections are computed of it rather than of the number that it had when the tape was written.
 */
export type StepCount = number | Tensor;

/**
 * @throws ArgumentError unless it is a finite number >= 0, a function or a tensor
 * @throws ShapeError, DTypeError for a tensor that is not one float
 */
export function checkedLearningRate(op: string, rate: unknown): LearningRate {
  if (typeof rate === "function") return rate as Schedule;
  if (!(rate instanceof Tensor)) return checkedNonNegative(op, "learningRate", rate);
  if (rate.rank !== 0) throw new ShapeError(op, "learningRate of rank 0", `[${rate.shape}]`);
  if (!isFloat(rate.dtype)) throw new DTypeError(op, "learningRate to be a float", rate.dtype);
  return rate;
}

/**
 * This step's rate, in float64.
 *
 * @param step how many steps were taken before
 * @throws ArgumentError where a schedule gives anything but a finite number >= 0, or is asked on a tape
 */
export function rateAt(
  op: string,
  learningRate: LearningRate,
  step: StepCount,
  factor: number | Tensor,
): Tensor {
  if (factor instanceof Tensor || learningRate instanceof Tensor) {
    const rate =
      learningRate instanceof Tensor ? cast(learningRate, "float64") : rateAt(op, learningRate, step, 1);
    if (factor === 1) return rate;
    return mul(rate, factor instanceof Tensor ? cast(factor, "float64") : factor);
  }
  if (typeof learningRate === "number") return scalar(learningRate * factor);
  const at = numberOf(op, step);
  return scalar(checkedNonNegative(op, `the learning rate at step ${at}`, learningRate(at)) * factor);
}

/** @throws ArgumentError where the number is one among many that the tape is there for */
function numberOf(op: string, step: StepCount): number {
  if (typeof step === "number") return step;
  if (!isOnTape(step)) return step.item();
  const remedy = "call the schedule outside, and pass what it gives as learningRate: a tensor";
  throw new ArgumentError(
    op,
    "a schedule to be asked for a known step",
    `${describe(step)} on a tape`,
    remedy,
  );
}
